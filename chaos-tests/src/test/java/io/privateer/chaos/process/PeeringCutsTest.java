package io.privateer.chaos.process;

import static org.awaitility.Awaitility.await;

import io.privateer.chaos.TcpPipe;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The network cut between two brokers only, of which one borrows and the other lends: each of the two finds the other at an address
 * of its own, which leads through a pipe, and the third finds both directly.
 */
@Timeout(600)
class PeeringCutsTest extends PeeringSetup {

    private static final int ROUNDS = Boolean.getBoolean("chaos.nightly") ? 20 : 1;
    private static final String DIRECT = "127.0.0.1";
    private static final String TO_WEST = "127.0.2.1";
    private static final String TO_EAST = "127.0.2.2";

    private final List<TcpPipe> toWest = new ArrayList<>();
    private final List<TcpPipe> toEast = new ArrayList<>();

    @Override
    String host(String name) {
        return name + ".cluster";
    }

    /** Each has its own idea of who is where. */
    @Override
    List<String> jvmOptions(int cluster) throws IOException {
        if (toWest.isEmpty()) {
            lay(toWest, WEST, TO_WEST);
            lay(toEast, EAST, TO_EAST);
        }
        Path hosts = directory.resolve("hosts-" + places[cluster].name());
        Files.write(
                hosts,
                List.of(
                        (cluster == EAST ? TO_WEST : DIRECT) + " " + places[WEST].host(),
                        (cluster == WEST ? TO_EAST : DIRECT) + " " + places[EAST].host(),
                        DIRECT + " " + places[NORTH].host()));
        return List.of("-Djdk.net.hosts.file=" + hosts);
    }

    private void lay(List<TcpPipe> pipes, int cluster, String entrance) throws IOException {
        for (String endpoint : List.of(places[cluster].cloud(), places[cluster].state())) {
            InetAddress address = InetAddress.getByName(entrance);
            pipes.add(new TcpPipe(address, URI.create(endpoint).getPort(), endpoint));
        }
    }

    @AfterEach
    void closePipes() throws IOException {
        for (TcpPipe pipe : toWest) {
            pipe.close();
        }
        for (TcpPipe pipe : toEast) {
            pipe.close();
        }
    }

    /** Lets what west sends arrive at east, and what east sends at west, or not. */
    private void cut(boolean fromWest, boolean fromEast) {
        toEast.forEach(pipe -> pipe.hold(fromWest, fromEast));
        toWest.forEach(pipe -> pipe.hold(fromEast, fromWest));
    }

    @Test
    void aLenderThatIsNotHeardLosesWhatItHasUntilItIsHeardAgain() throws Exception {
        cutAndHeal(false, true);
    }

    @Test
    void aLenderThatHearsNothingLosesWhatItWasNotToldUntilItHearsAgain() throws Exception {
        cutAndHeal(true, false);
    }

    @Test
    void twoBrokersThatAreCutOffFromEachOtherGoOnWithTheThird() throws Exception {
        cutAndHeal(true, true);
    }

    private void cutAndHeal(boolean fromWest, boolean fromEast) throws Exception {
        try (PipelinedLoad load = load()) {
            awaitFlow();
            await().atMost(SOON)
                    .until(() ->
                            Stream.of(toWest, toEast).flatMap(List::stream).allMatch(pipe -> pipe.connections() > 0));
            for (int round = 0; round < ROUNDS; round++) {
                int silences = (int) said(fromEast ? WEST : EAST, "to=SILENT");
                int returned = returned(WEST);
                long cutNanos = System.nanoTime();
                cut(fromWest, fromEast);
                // then what is on the other side comes back, and the third does its work and this
                awaitReturned(WEST, returned);
                awaitAnswers(load, cutNanos);
                awaitServed(NORTH);
                awaitSaid(fromEast ? WEST : EAST, "to=SILENT", silences);
                cut(false, false);
                awaitServed(EAST);
                awaitAnswers(load, cutNanos);
            }
            awaitLending(WEST);
            stopAndCheck(load);
        }
    }
}
