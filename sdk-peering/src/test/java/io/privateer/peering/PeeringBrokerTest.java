package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Brokers of several clusters, over TCP. */
class PeeringBrokerTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    static final String ANYWHERE = "tcp://127.0.0.1:*";

    private final List<AutoCloseable> opened = new ArrayList<>();

    private <T extends AutoCloseable> T open(T part) {
        opened.add(0, part);
        return part;
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable part : opened) {
            part.close();
        }
    }

    private PeeringBroker broker(String name, String... peers) {
        return open(settings(name).peers(peers).start());
    }

    static PeeringConfig.Builder settings(String name) {
        return PeeringBroker.builder(name)
                .localFrontend(ANYWHERE)
                .localBackend(ANYWHERE)
                .cloud(ANYWHERE)
                .state(ANYWHERE);
    }

    private void worker(PeeringBroker broker, int credit, WorkerHandler handler) {
        open(PirateWorker.builder(handler)
                .dialect(WorkerDialect.PRV)
                .credit(credit)
                .queue(broker.localBackend())
                .start());
    }

    private static WorkerHandler named(String name) {
        return WorkerHandler.of(request -> Message.of(request.text() + " by " + name));
    }

    private CompletableFuture<Message> ask(PeeringBroker broker, String text) {
        return open(PirateClient.connect(broker.localFrontend())).requestAsync(Message.of(text));
    }

    private static void assertReplies(CompletableFuture<Message> reply, String text) {
        assertThat(reply.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                        .join()
                        .text())
                .isEqualTo(text);
    }

    private static void awaitPeers(PeeringBroker broker, int count) {
        await().atMost(PATIENCE).until(() -> broker.stats().peers().size() == count);
    }

    private static void awaitInFlight(PeeringBroker broker) {
        await().atMost(PATIENCE).until(() -> broker.stats().queue().inFlight() == 1);
    }

    @Test
    void aClusterWithoutWorkersHasThoseOfAnother() {
        // given two brokers of which one has a worker, and the other a client
        PeeringBroker west = broker("west");
        PeeringBroker east = broker("east", west.state());
        worker(east, 4, named("east"));
        PirateClient client = open(PirateClient.connect(west.localFrontend()));
        // when it asks more than the worker can hold
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            replies.add(client.requestAsync(Message.of("job " + i)));
        }
        // then everything is answered, over there
        for (int i = 0; i < 50; i++) {
            assertReplies(replies.get(i), "job " + i + " by east");
        }
        assertThat(west.stats().queue().answered()).isEqualTo(50);
        assertThat(west.stats().queue().lent()).isGreaterThanOrEqualTo(50);
    }

    @Test
    void brokersThatKnowOneFindAllOthers() {
        PeeringBroker west = broker("west");
        List<PeeringBroker> all = List.of(
                west, broker("east", west.state()), broker("north", west.state()), broker("south", west.state()));
        for (PeeringBroker broker : all) {
            awaitPeers(broker, 3);
        }
    }

    @Test
    void whatAPeerHasThatIsGoneIsDoneByTheClustersOwnWorker() {
        // given a request in the hands of a peer's worker
        PeeringBroker west = broker("west");
        PeeringBroker east = broker("east", west.state());
        CountDownLatch never = new CountDownLatch(1);
        worker(east, 1, WorkerHandler.of(request -> {
            never.await();
            return Message.of("too late");
        }));
        CompletableFuture<Message> reply = ask(west, "job");
        awaitInFlight(east);
        // when the peer is gone
        worker(west, 1, named("west"));
        east.close();
        // then it is done at home
        assertReplies(reply, "job by west");
        never.countDown();
    }

    @Test
    void aBrokerThatDrainsFinishesWhatItHasOfOthersAndIsForgotten() {
        PeeringBroker west = broker("west");
        PeeringBroker east = broker("east", west.state());
        CountDownLatch go = new CountDownLatch(1);
        worker(east, 1, WorkerHandler.of(request -> {
            go.await();
            return Message.of("done");
        }));
        CompletableFuture<Message> reply = ask(west, "job");
        awaitInFlight(east);
        // when it leaves in order
        CompletableFuture<Boolean> drained = east.drain(PATIENCE);
        awaitPeers(west, 0);
        go.countDown();
        // then what it had is answered from there
        assertReplies(reply, "done");
        assertThat(drained.join()).isTrue();
        assertThat(west.stats().queue().returned()).isZero();
    }

    @Test
    void aRemovedPeerIsSentNothingUntilItIsAddedAgain() {
        PeeringBroker west = broker("west");
        PeeringBroker east = broker("east", west.state());
        worker(east, 1, named("east"));
        awaitPeers(west, 1);
        // when
        assertThat(west.removePeer("east")).isTrue();
        assertThat(west.removePeer("east")).isFalse();
        // then
        assertThat(west.stats().peers()).isEmpty();
        CompletableFuture<Message> reply = ask(west, "job");
        await().atMost(PATIENCE).until(() -> west.stats().queue().pending() == 1);
        west.addPeer(east.state());
        assertReplies(reply, "job by east");
    }

    @Test
    void anAddressThatWasMistypedIsTakenBackAndThatOfAPeerIsNot() {
        PeeringBroker west = broker("west");
        PeeringBroker east = broker("east", west.state());
        String mistyped = "tcp://no-such-host.invalid:1";
        west.addPeer(mistyped);
        west.addPeer(east.state());
        awaitPeers(west, 1);
        // when, then
        assertThat(west.cancelPeer(mistyped)).isTrue();
        assertThat(west.cancelPeer(mistyped)).isFalse();
        assertThat(west.cancelPeer(east.state())).isFalse();
        assertThat(west.stats().peers()).hasSize(1);
    }
}
