package io.privateer.samples.demo;

import io.privateer.samples.cli.EventLine;
import io.privateer.samples.demo.View.Mood;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The demo's brokers: who is up or dead, when the dead come back, and what each has. Confine to the demo's thread. */
final class Clusters {

    static final List<String> NAMES = List.of("west", "east", "north");

    /** Which cluster the first worker goes to, the second, and so on from the start: most to the second. */
    private static final int[] POSTS = {1, 0, 2, 1};

    /** Long enough for people to see that one is missing. */
    private static final long RESTART_AFTER_NANOS = TimeUnit.MILLISECONDS.toNanos(1_000);

    /** Where one broker is found, in all its lives. Immutable. */
    record Place(String name, String frontend, String backend, String cloud, String state) {}

    /** One broker through all its lives. */
    static final class Broker {
        final Place place;
        ChildProcess child;

        /** The peers that it knows. */
        private final Set<String> peers = new HashSet<>();

        private Mood mood = Mood.STARTING;

        /** Its cluster has done something since it started. */
        private boolean works;

        private boolean ended;
        private long downSinceNanos;
        private long workers;
        private long idle;
        private long pending;
        private long runs;

        private Broker(Place place, ChildProcess child) {
            this.place = place;
            this.child = child;
        }

        String name() {
            return place.name();
        }

        void kill() {
            mood = Mood.DOWN;
            child.kill();
        }

        private View.Part part() {
            String state =
                    switch (mood) {
                        case WELL -> "up";
                        case DOWN -> "killed";
                        case STARTING, FROZEN -> mood.name().toLowerCase(Locale.ROOT);
                    };
            String detail = mood == Mood.WELL ? idle + "/" + workers + " free, " + pending + " wait" : "";
            return new View.Part(
                    name(), child.pid(), mood, state, detail, String.format(Locale.ROOT, "%7d runs", runs));
        }
    }

    private final Stage stage;
    private final List<Broker> brokers = new ArrayList<>();

    Clusters(Stage stage) throws IOException {
        this.stage = stage;
        List<String> endpoints = FreeEndpoints.take(4 * NAMES.size());
        for (int i = 0; i < NAMES.size(); i++) {
            List<String> own = endpoints.subList(4 * i, 4 * i + 4);
            Place place = new Place(NAMES.get(i), own.get(0), own.get(1), own.get(2), own.get(3));
            brokers.add(new Broker(place, stage.fleet().startBroker(place, seedsOf(i))));
        }
    }

    /** All know the first: that is enough. */
    private List<String> seedsOf(int index) {
        return index == 0 ? List.of() : List.of(brokers.get(0).place.state());
    }

    Broker get(int index) {
        return brokers.get(index);
    }

    /** Returns where so many workers belong: unevenly to the clusters. */
    List<Crew.Post> posts(int workers) {
        int[] count = new int[NAMES.size()];
        List<Crew.Post> posts = new ArrayList<>();
        for (int i = 0; i < workers; i++) {
            int cluster = POSTS[i % POSTS.length];
            count[cluster]++;
            posts.add(new Crew.Post(
                    NAMES.get(cluster) + "-" + count[cluster],
                    List.of(brokers.get(cluster).place.backend())));
        }
        posts.sort((one, other) -> Integer.compare(indexOf(one.name()), indexOf(other.name())));
        return posts;
    }

    private static int indexOf(String worker) {
        return NAMES.indexOf(clusterOf(worker));
    }

    /** Returns whose worker the one of this name is. */
    static String clusterOf(String worker) {
        return worker.substring(0, worker.indexOf('-'));
    }

    /** Returns whose process {@code child} is, or {@code null}. */
    @Nullable
    Broker of(ChildProcess child) {
        return brokers.stream()
                .filter(broker -> broker.child == child)
                .findFirst()
                .orElse(null);
    }

    /** A broker has said something about itself, or its peers. */
    void hear(Broker broker, EventLine event) {
        switch (event.name()) {
            case "ready" -> broker.mood = broker.mood == Mood.STARTING ? Mood.WELL : broker.mood;
            case "enter" -> broker.peers.add(event.text("peer"));
            case "exit" -> broker.peers.remove(event.text("peer"));
            case "stands" -> {
                broker.workers = event.number("workers");
                broker.idle = event.number("idle");
                broker.pending = event.number("pending");
            }
            default -> {} // For people.
        }
    }

    /** A worker of the cluster runs something. Returns whether that is the first thing since its broker started. */
    boolean hearRun(String cluster) {
        Broker broker = brokers.get(NAMES.indexOf(cluster));
        broker.runs++;
        boolean isFirst = !broker.works && broker.mood == Mood.WELL;
        broker.works |= isFirst;
        return isFirst;
    }

    void hearEnd(Broker broker, String how) {
        broker.ended = true;
        broker.downSinceNanos = stage.nowNanos();
        if (broker.mood != Mood.DOWN && !stage.isStopping()) {
            stage.problem(how);
        }
    }

    /** Starts a killed broker again once its time has come. */
    void restartDue(long nowNanos) throws IOException {
        for (int i = 0; i < brokers.size(); i++) {
            Broker broker = brokers.get(i);
            if (broker.ended && nowNanos - broker.downSinceNanos >= RESTART_AFTER_NANOS) {
                broker.child = stage.fleet().startBroker(broker.place, seedsOf(i));
                broker.mood = Mood.STARTING;
                broker.works = false;
                broker.ended = false;
                broker.peers.clear();
                stage.event(broker.name() + " starts again (pid " + broker.child.pid() + ")");
            }
        }
    }

    /** Returns whether all are up and know each other. */
    boolean isWhole() {
        return brokers.stream()
                .allMatch(broker -> broker.mood == Mood.WELL && broker.peers.size() == brokers.size() - 1);
    }

    /** Returns the clusters that have done nothing since their brokers started. */
    Stream<String> idle() {
        return brokers.stream().filter(broker -> !broker.works).map(Broker::name);
    }

    /** Ends them. */
    void stop() throws InterruptedException, IOException {
        brokers.forEach(broker -> broker.child.dismiss());
        if (!stage.pumpUntil(() -> brokers.stream().allMatch(broker -> broker.ended), Demo.DRAIN_MAX)) {
            stage.problem("a broker did not end");
        }
    }

    List<View.Part> parts() {
        return brokers.stream().map(Broker::part).toList();
    }
}
