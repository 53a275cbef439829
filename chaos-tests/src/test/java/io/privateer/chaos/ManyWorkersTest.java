package io.privateer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** Hundreds of workers in one process. */
class ManyWorkersTest {

    private static final int WORKERS = 500;
    private static final int HANDLER_THREADS = 4;
    private static final int THREADS_MAX = 16;

    @Test
    void fiveHundredWorkersShareAHandfulOfThreads() {
        int threadsBefore = Thread.getAllStackTraces().size();
        ExecutorService handlers = Executors.newFixedThreadPool(HANDLER_THREADS);
        List<PirateWorker> workers = new ArrayList<>();
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .start();
                EventLoop loop = EventLoop.open("crowd");
                LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            // given 500 workers on one loop and four handler threads
            for (int i = 0; i < WORKERS; i++) {
                workers.add(PirateWorker.builder(WorkerHandler.of(request -> Message.of("aye")))
                        .name("worker-" + i)
                        .queue(queue.backend())
                        .loop(loop)
                        .executor(handlers)
                        .start());
            }
            await().atMost(Duration.ofSeconds(20)).until(() -> queue.stats().workersIdle() == WORKERS);
            // when there is a request for each
            for (int i = 0; i < WORKERS; i++) {
                assertThat(client.request("ahoy")).isEqualTo("aye");
            }
            // then each has served one, and the threads are few
            assertThat(workers).allMatch(worker -> worker.stats().handled() == 1);
            assertThat(Thread.getAllStackTraces().size() - threadsBefore).isLessThanOrEqualTo(THREADS_MAX);
            assertThat(queue.stats().workers()).isEqualTo(WORKERS);
            assertThat(client.stats().retries()).isZero();
            // and they leave as quietly
            workers.forEach(PirateWorker::close);
            await().atMost(Duration.ofSeconds(10)).until(() -> queue.stats().workers() == 0);
        } finally {
            handlers.shutdownNow();
        }
        await().atMost(Duration.ofSeconds(10))
                .until(() -> Thread.getAllStackTraces().size() <= threadsBefore + 1);
    }
}
