package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Guard;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.Lending.Credit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queues that lend each other workers, over TCP. */
class LendingSocketsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final String ANYWHERE = "tcp://127.0.0.1:*";

    private final List<AutoCloseable> opened = new ArrayList<>();

    private final class Cluster {
        final EventLoop loop = open(EventLoop.open("cluster"));
        final PirateQueue queue = open(PirateQueue.paranoid()
                .frontend(ANYWHERE)
                .backend(ANYWHERE)
                .loop(loop)
                .start());
        final Lending lending = queue.lend(ANYWHERE, UUID.randomUUID(), () -> {});

        void borrowFrom(Cluster other, int credit) {
            loop.execute(() -> {
                lending.open("other", UUID.randomUUID(), other.lending.endpoint());
                lending.credit("other", Map.of("", new Credit(credit, credit)));
            });
        }

        void hasWorker(String name, int credit) {
            open(PirateWorker.builder(WorkerHandler.of(request -> Message.of(request.text() + " by " + name)))
                    .dialect(WorkerDialect.PRV)
                    .credit(credit)
                    .queue(queue.backend())
                    .start());
        }
    }

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

    @Test
    void aClusterWithoutWorkersIsServedByAnother() {
        Cluster west = new Cluster();
        Cluster east = new Cluster();
        east.hasWorker("east", 4);
        west.borrowFrom(east, 4);

        PirateClient client = open(PirateClient.connect(west.queue.frontend()));
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            replies.add(client.requestAsync(Message.of("job " + i)));
        }

        replies.forEach(reply -> assertThat(reply).succeedsWithin(PATIENCE));
        await().atMost(PATIENCE).untilAsserted(() -> {
            assertThat(west.queue.stats().inFlight()).isZero();
            assertThat(west.queue.stats().lent()).isGreaterThanOrEqualTo(100);
        });
    }

    @Test
    void aQueueThatStandsByHearsThatABorrowerWantsIt() {
        // given
        Cluster west = new Cluster();
        Cluster east = new Cluster();
        AtomicInteger votes = new AtomicInteger();
        east.queue.guardedBy(new Guard() {
            @Override
            public void voted() {
                votes.incrementAndGet();
            }

            @Override
            public void newerEpoch(long epoch) {}

            @Override
            public void serviceEnded(String why) {}

            @Override
            public void standsBy(long newestEpoch) {}

            @Override
            public void diverged(long accepted, long answered) {}
        });
        // when, then
        west.loop.execute(() -> west.lending.vote(east.lending.endpoint()));
        await().atMost(PATIENCE).until(() -> votes.get() == 1);
    }
}
