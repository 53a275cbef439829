package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that speak PRV/1 come and go at a queue of ours, on real sockets. */
class PrvFleetTest {

    private static final int CLIENTS = 8;
    private static final Executor INLINE = Runnable::run;

    private final EventLoop loop = EventLoop.open("fleet");
    private final ExecutorService callers = Executors.newFixedThreadPool(CLIENTS);
    private final PirateQueue queue = PirateQueue.paranoid()
            .frontend("tcp://127.0.0.1:*")
            .backend("tcp://127.0.0.1:*")
            .start();

    @AfterEach
    void close() {
        callers.shutdownNow();
        queue.close();
        loop.close();
    }

    @Test
    void aFleetRestartedOneByOneUnderLoadFailsNoRequestAndRunsNoneTwice() {
        // given clients that ask all the time, and three workers
        AtomicBoolean enough = new AtomicBoolean();
        AtomicLong answered = new AtomicLong();
        AtomicLong handled = new AtomicLong();
        WorkerHandler counting = WorkerHandler.of(request -> {
            handled.incrementAndGet();
            return request.message();
        });
        List<PirateWorker> fleet = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            fleet.add(worker(counting).start());
        }
        List<CompletableFuture<Void>> calls = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            calls.add(CompletableFuture.runAsync(() -> askUntil(enough, answered), callers));
        }
        // when each worker is drained and replaced while requests are on their way
        for (int i = 0; i < fleet.size(); i++) {
            long before = answered.get();
            await().until(() -> answered.get() > before + 200);
            PirateWorker leaving = fleet.get(i);
            fleet.set(i, worker(counting).start());
            assertThat(leaving.drain(Duration.ofSeconds(10)))
                    .succeedsWithin(Duration.ofSeconds(10))
                    .isEqualTo(true);
        }
        enough.set(true);
        // then every call got its reply, and no request was handled twice
        assertThat(CompletableFuture.allOf(calls.toArray(CompletableFuture[]::new)))
                .succeedsWithin(Duration.ofSeconds(10));
        assertThat(handled).hasValue(answered.get());
        fleet.forEach(PirateWorker::close);
    }

    @Test
    void whatAClosedWorkerHeldIsAtOnceWithAnother() {
        // given a worker that handles one request and holds more, and never answers
        ConcurrentLinkedQueue<Request> stuck = new ConcurrentLinkedQueue<>();
        PirateWorker leaving = worker(WorkerHandler.ofAsync(request -> {
                    stuck.add(request);
                    return new CompletableFuture<>();
                }))
                .credit(4)
                .start();
        await().until(() -> queue.stats().workers() == 1);
        List<CompletableFuture<String>> calls = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String text = "ask " + i;
            calls.add(CompletableFuture.supplyAsync(() -> ask(text), callers));
        }
        await().until(() -> leaving.stats().held() == 4);
        assertThat(leaving.stats().busy()).isEqualTo(1);
        // when another comes and the first is closed
        try (PirateWorker other = worker(
                        WorkerHandler.of(request -> Message.of(request.text() + " delivery " + request.attempt())))
                .start()) {
            leaving.close();
            // then the other answers, though no client asks again, and the handler of the first is told
            for (int i = 0; i < 4; i++) {
                assertThat(calls.get(i)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo("ask " + i + " delivery 2");
            }
            assertThat(stuck).singleElement().satisfies(request -> assertThat(request.isCancelled())
                    .isTrue());
            assertThat(other.stats().handled()).isEqualTo(4);
        }
    }

    private PirateWorkerConfig.Builder worker(WorkerHandler handler) {
        return PirateWorker.builder(handler)
                .dialect(WorkerDialect.PRV)
                .queue(queue.backend())
                .loop(loop)
                .executor(INLINE);
    }

    private String ask(String text) {
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(queue.frontend())
                .options(RequestOptions.defaults().withAttemptTimeout(Duration.ofMinutes(1)))
                .open()) {
            return client.request(text);
        }
    }

    private void askUntil(AtomicBoolean enough, AtomicLong answered) {
        try (LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            for (int i = 0; !enough.get(); i++) {
                assertThat(client.request("ask " + i)).isEqualTo("ask " + i);
                answered.incrementAndGet();
            }
        }
    }
}
