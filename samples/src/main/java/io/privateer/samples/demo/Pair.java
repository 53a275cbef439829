package io.privateer.samples.demo;

import io.privateer.binarystar.EpochFile;
import io.privateer.binarystar.Role;
import io.privateer.samples.cli.EventLine;
import io.privateer.samples.demo.View.Mood;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The demo's pair of servers: who is active, frozen or dead, and when the dead come back. Confine to the demo's thread. */
final class Pair {

    /** Long enough for people to see that one is missing. */
    private static final long RESTART_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    private static final String ACTIVE = "ACTIVE";
    private static final String PASSIVE = "PASSIVE";

    /**
     * Where one server is found, in all its lives. Immutable.
     *
     * @param role what it is configured to be
     */
    record Place(String role, String state, String frontend, String backend, Path epochFile) {

        private static Place of(Role role, Path directory) throws IOException {
            String name = role.name().toLowerCase(Locale.ROOT);
            Path epochFile = directory.resolve(name + ".epoch");
            EpochFile.create(epochFile, role);
            epochFile.toFile().deleteOnExit();
            List<String> endpoints = FreeEndpoints.take(3);
            return new Place(name, endpoints.get(0), endpoints.get(1), endpoints.get(2), epochFile);
        }
    }

    /** One server through all its lives. */
    static final class Server {
        final Place place;
        private final Place peer;
        ChildProcess child;
        boolean isReady;

        /** Where it stands, as it said last. */
        private String state = "";

        private long epoch;
        private Mood mood = Mood.STARTING;
        private boolean ended;
        private long downSinceNanos;
        private int activations;

        private Server(Fleet fleet, Place place, Place peer) throws IOException {
            this.place = place;
            this.peer = peer;
            this.child = fleet.startServer(place, peer);
        }

        String name() {
            return place.role();
        }

        boolean isActive() {
            return mood == Mood.WELL && state.equals(ACTIVE);
        }

        boolean isPassive() {
            return mood == Mood.WELL && state.equals(PASSIVE);
        }

        void kill() {
            mood = Mood.DOWN;
            child.kill();
        }

        void freeze(Fleet fleet) throws IOException {
            mood = Mood.FROZEN;
            fleet.freeze(child, DemoSettings.STAR_FREEZE);
        }

        private void restart(Fleet fleet) throws IOException {
            child = fleet.startServer(place, peer);
            isReady = false;
            state = "";
            mood = Mood.STARTING;
            ended = false;
        }

        private View.Part part() {
            String label = mood == Mood.WELL ? state : mood == Mood.DOWN ? "KILLED" : mood.name();
            return new View.Part(
                    name(),
                    child.pid(),
                    mood,
                    label.toLowerCase(Locale.ROOT),
                    epoch == 0 ? "" : "epoch " + epoch,
                    String.format(Locale.ROOT, "%7d times active", activations));
        }
    }

    private final Stage stage;
    private final List<Server> servers;

    Pair(Stage stage) throws IOException {
        this.stage = stage;
        Path directory = Files.createTempDirectory("privateer-demo");
        directory.toFile().deleteOnExit();
        Place primary = Place.of(Role.PRIMARY, directory);
        Place backup = Place.of(Role.BACKUP, directory);
        this.servers = List.of(new Server(stage.fleet(), primary, backup), new Server(stage.fleet(), backup, primary));
    }

    String[] backends() {
        return places().map(Place::backend).toArray(String[]::new);
    }

    List<String> frontends() {
        return places().map(Place::frontend).toList();
    }

    private Stream<Place> places() {
        return servers.stream().map(server -> server.place);
    }

    /** Returns whose process {@code child} is, or {@code null}. */
    @Nullable
    Server of(ChildProcess child) {
        return servers.stream()
                .filter(server -> server.child == child)
                .findFirst()
                .orElse(null);
    }

    /** Returns the server that serves if the other one stands by, as it should be; otherwise {@code null}. */
    @Nullable
    Server activeOfWhole() {
        boolean isWhole = servers.stream().anyMatch(Server::isPassive);
        return isWhole ? servers.stream().filter(Server::isActive).findFirst().orElse(null) : null;
    }

    /** A server has said something about itself. Returns whether it has become active. */
    boolean hear(Server server, EventLine event) {
        switch (event.name()) {
            case "ready" -> server.isReady = true;
            case "failover" -> {
                server.state = event.text("to");
                server.epoch = event.number("epoch");
                server.mood = server.mood == Mood.STARTING ? Mood.WELL : server.mood;
                if (server.state.equals(ACTIVE)) {
                    server.activations++;
                    return true;
                }
            }
            default -> {} // For people.
        }
        return false;
    }

    /** A server runs again; until it has found out what happened it stands where it stood. */
    void hearThawed(Server server) {
        if (server.mood == Mood.FROZEN) {
            server.mood = Mood.WELL;
            stage.event("SIGCONT " + server.name() + ", which still believes that it is " + server.state);
        }
    }

    void hearEnd(Server server, String how) {
        server.ended = true;
        server.downSinceNanos = stage.nowNanos();
        if (server.mood != Mood.DOWN && !stage.isStopping()) {
            stage.problem(how);
        }
    }

    /** Starts a killed server again once its time has come. */
    void restartDue(long nowNanos) throws IOException {
        for (Server server : servers) {
            if (server.ended && nowNanos - server.downSinceNanos >= RESTART_AFTER_NANOS) {
                server.restart(stage.fleet());
                stage.event(server.name() + " starts again (pid " + server.child.pid() + ")");
            }
        }
    }

    boolean isReady() {
        return servers.stream().allMatch(server -> server.isReady);
    }

    /** Ends them. */
    void stop() throws InterruptedException, IOException {
        servers.forEach(server -> server.child.dismiss());
        if (!stage.pumpUntil(() -> servers.stream().allMatch(server -> server.ended), Demo.DRAIN_MAX)) {
            stage.problem("a server did not end");
        }
    }

    List<View.Part> parts() {
        return servers.stream().map(Server::part).toList();
    }
}
