package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.Guard;
import io.privateer.core.Message;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Queue and workers of ours on real sockets. */
class PirateQueueTest {

    private static final String ANY = "tcp://127.0.0.1:*";

    private final List<PirateListener.DeadLetter> deadLetters = new CopyOnWriteArrayList<>();
    private final PirateListener listener = new PirateListener() {
        @Override
        public void onDeadLetter(DeadLetter event) {
            deadLetters.add(event);
        }

        @Override
        public void onWorkerJoined(WorkerJoined event) {
            throw new IllegalStateException("angry listener");
        }
    };
    private PirateQueue queue =
            PirateQueue.paranoid().frontend(ANY).backend(ANY).listener(listener).start();

    @AfterEach
    void closeQueue() {
        queue.close();
    }

    @Test
    void deliversARequestThatFailsAgainAndFinallyMakesItADeadLetter() {
        AtomicInteger handled = new AtomicInteger();
        WorkerHandler poisoned = WorkerHandler.of(request -> {
            handled.incrementAndGet();
            throw new IllegalStateException("poison");
        });
        LazyPirateClient client = LazyPirateClient.connect(queue.frontend());
        try (PirateWorker worker =
                PirateWorker.builder(poisoned).queue(queue.backend()).start()) {
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> client.request("drink me"));
            await().until(() -> !deadLetters.isEmpty());
            assertThat(deadLetters).singleElement().satisfies(letter -> {
                assertThat(letter.deliveries()).isEqualTo(PirateQueueConfig.DEFAULT_DELIVERIES_MAX);
                assertThat(letter.body().text()).isEqualTo("drink me");
                assertThat(letter.lastCause()).isEqualTo(PirateListener.LossCause.GAVE_BACK);
            });
            assertThat(handled).hasValue(PirateQueueConfig.DEFAULT_DELIVERIES_MAX);
            assertThat(worker.stats().failed()).isEqualTo(PirateQueueConfig.DEFAULT_DELIVERIES_MAX);
            client.close();
            assertThat(call).failsWithin(Duration.ofSeconds(5));
        }
        assertThat(queue.stats().listenerFailures()).isEqualTo(1);
    }

    @Test
    void sendsTheReplyThatAHandlerMakesOfAFailure() {
        WorkerHandler polite = new WorkerHandler() {
            @Override
            protected Message handle(Request request) {
                throw new IllegalArgumentException("no such ship");
            }

            @Override
            protected Optional<Message> onError(Request request, Throwable failure) {
                return Optional.of(Message.of("error: " + failure.getMessage()));
            }
        };
        try (PirateWorker worker =
                        PirateWorker.builder(polite).queue(queue.backend()).start();
                LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            assertThat(client.request("ask")).isEqualTo("error: no such ship");
            assertThat(worker.stats().failed()).isEqualTo(1);
            assertThat(worker.stats().replies()).isEqualTo(1);
        }
    }

    @Test
    void servesSeveralAtOnceThroughOneConcurrentAsynchronousWorker() {
        // given a worker of concurrency 3 whose handler completes when three have come
        ExecutorService threads = Executors.newCachedThreadPool();
        CountDownLatch three = new CountDownLatch(3);
        WorkerHandler together = WorkerHandler.ofAsync(request -> CompletableFuture.supplyAsync(
                () -> {
                    three.countDown();
                    try {
                        three.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                    return request.message();
                },
                threads));
        try (EventLoop shared = EventLoop.open("shared");
                PirateWorker worker = PirateWorker.builder(together)
                        .queue(queue.backend())
                        .concurrency(3)
                        .loop(shared)
                        .start()) {
            // when three clients ask
            List<LazyPirateClient> clients = List.of(client(shared), client(shared), client(shared));
            List<CompletableFuture<String>> calls = clients.stream()
                    .map(client -> CompletableFuture.supplyAsync(() -> client.request("together"), threads))
                    .toList();
            // then all are answered
            assertThat(calls).allSatisfy(call -> assertThat(call)
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo("together"));
            assertThat(worker.stats().handled()).isEqualTo(3);
            clients.forEach(LazyPirateClient::close);
            threads.shutdown();
        }
    }

    @Test
    void finishesWhatItHoldsWhenDrained() {
        CountDownLatch release = new CountDownLatch(1);
        WorkerHandler slow = WorkerHandler.of(request -> {
            release.await();
            return request.message();
        });
        try (PirateWorker worker =
                        PirateWorker.builder(slow).queue(queue.backend()).start();
                LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> client.request("last"));
            await().until(() -> queue.stats().inFlight() == 1);
            CompletableFuture<Boolean> drained = queue.drain(Duration.ofSeconds(10));
            release.countDown();
            assertThat(call).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("last");
            assertThat(drained).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
            assertThat(queue.stats().answered()).isEqualTo(1);
            assertThat(worker.stats().handled()).isEqualTo(1);
        }
    }

    @Test
    void runsUntilItIsClosedOrDrained() {
        CompletableFuture<Void> running = CompletableFuture.runAsync(queue::run);
        assertThat(queue.stopped()).isNotDone();
        queue.close();
        assertThat(running).succeedsWithin(Duration.ofSeconds(5));
        assertThat(queue.stopped()).isCompletedWithValue(false);
        // when another is drained
        PirateQueue drained = PirateQueue.simple().frontend(ANY).backend(ANY).start();
        running = CompletableFuture.runAsync(drained::run);
        assertThat(drained.drain(Duration.ofSeconds(5))).succeedsWithin(Duration.ofSeconds(5));
        assertThat(running).succeedsWithin(Duration.ofSeconds(5));
        assertThat(drained.stopped()).isCompletedWithValue(true);
    }

    @Test
    void doesNotRunOnItsOwnLoopAndSaysWhenThatHasFailed() {
        EventLoop loop = EventLoop.open("failing");
        PirateQueue doomed =
                PirateQueue.simple().frontend(ANY).backend(ANY).loop(loop).start();
        assertThatThrownBy(() -> loop.call(() -> {
                    doomed.run();
                    return true;
                }))
                .hasMessage("queue queue would wait for its own event loop");
        CompletableFuture<Void> running = CompletableFuture.runAsync(doomed::run);
        loop.execute(() -> {
            throw new IllegalStateException("bug");
        });
        assertThat(running)
                .failsWithin(Duration.ofSeconds(5))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(TransportFailedException.class);
        loop.close();
    }

    @Test
    void givesUpDrainingWhenTheTimeIsOver() {
        LazyPirateClient client = LazyPirateClient.connect(queue.frontend());
        CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> client.request("nobody serves this"));
        await().until(() -> queue.stats().pending() == 1);
        assertThat(queue.drain(Duration.ofMillis(50)))
                .succeedsWithin(Duration.ofSeconds(5))
                .isEqualTo(false);
        client.close();
        assertThat(call).failsWithin(Duration.ofSeconds(5));
    }

    @Test
    void findsItsWorkersAndClientsAgainAfterARestart() {
        try (PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                        .queue(queue.backend())
                        .start();
                LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            assertThat(client.request("before")).isEqualTo("before");
            String frontend = queue.frontend();
            String backend = queue.backend();
            queue.close();
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> client.request("meanwhile"));
            queue = await().ignoreExceptions()
                    .until(
                            () -> PirateQueue.paranoid()
                                    .frontend(frontend)
                                    .backend(backend)
                                    .start(),
                            it -> true);
            assertThat(call).succeedsWithin(Duration.ofSeconds(8)).isEqualTo("meanwhile");
            assertThat(worker.stats().reconnects()).isPositive();
        }
    }

    @Test
    void drainsAWorkerWithoutLosingWhatItHolds() {
        CountDownLatch release = new CountDownLatch(1);
        WorkerHandler slow = WorkerHandler.of(request -> {
            release.await();
            return request.message();
        });
        PirateWorker worker = PirateWorker.builder(slow).queue(queue.backend()).start();
        try (LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            CompletableFuture<String> call = CompletableFuture.supplyAsync(() -> client.request("last"));
            await().until(() -> worker.stats().busy() == 1);
            CompletableFuture<Boolean> drained = worker.drain(Duration.ofSeconds(10));
            release.countDown();
            assertThat(drained).succeedsWithin(Duration.ofSeconds(5)).isEqualTo(true);
            assertThat(call).succeedsWithin(Duration.ofSeconds(5)).isEqualTo("last");
            assertThat(queue.stats().redelivered()).isZero();
        }
        worker.close();
    }

    @Test
    void aQueueThatHasEndedCannotBeGuarded() {
        EventLoop shared = EventLoop.open("shared");
        PirateQueue ended =
                PirateQueue.simple().frontend(ANY).backend(ANY).loop(shared).start();
        ended.close();
        queue.close();
        for (PirateQueue each : List.of(ended, queue)) {
            assertThatThrownBy(() -> each.guardedBy(new NoGuard())).isInstanceOf(ClosedException.class);
        }
        shared.close();
    }

    private static final class NoGuard implements Guard {
        @Override
        public void voted() {}

        @Override
        public void newerEpoch(long epoch) {}

        @Override
        public void serviceEnded(String why) {}

        @Override
        public void standsBy(long newestEpoch) {}

        @Override
        public void diverged(long accepted, long answered) {}
    }

    @Test
    void saysWhichSettingIsWrong() {
        assertThatThrownBy(() -> PirateQueue.simple().frontend(ANY).start()).hasMessage("backend must be set: null");
        assertThatThrownBy(() -> PirateQueue.simple().heartbeat(Duration.ZERO))
                .hasMessage("heartbeat must be >= 10 ms: 0 ms");
        assertThatThrownBy(() -> PirateQueue.simple()
                        .frontend(ANY)
                        .backend(ANY)
                        .lease(Duration.ofMillis(100))
                        .start())
                .hasMessage("disconnectGrace must be < lease=100 ms: 200 ms");
        EventLoop shared = EventLoop.open("shared");
        assertThatThrownBy(() -> PirateQueue.simple()
                        .frontend(ANY)
                        .backend(ANY)
                        .loop(shared)
                        .spin(Duration.ofNanos(50_000))
                        .start())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("spin must be left out with a shared loop, which spins as it was opened to: 50 µs");
        shared.close();
        assertThatThrownBy(() -> PirateQueue.simple()
                        .frontend(queue.frontend())
                        .backend(ANY)
                        .start())
                .isInstanceOf(EndpointException.class)
                .hasMessageStartingWith("frontend cannot be bound: " + queue.frontend());
    }

    private LazyPirateClient client(EventLoop loop) {
        return LazyPirateClient.builder().endpoints(queue.frontend()).loop(loop).open();
    }
}
