package io.privateer.chaos.pipelined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.GuideWorkers;
import io.privateer.core.Message;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Clients and workers of every dialect at the two doors of one queue. */
class MixedFleetTest {

    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final int KINDS_OF_WORKERS = 4;
    private static final int KINDS_OF_CLIENTS = 2;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private final AtomicLong handled = new AtomicLong();
    private volatile boolean working = true;
    private volatile boolean asking = true;

    @AfterEach
    void stop() throws InterruptedException {
        asking = false;
        working = false;
        threads.shutdown();
        assertThat(threads.awaitTermination(10, TimeUnit.SECONDS)).isTrue();
    }

    private String reply(String worker, String request) {
        handled.incrementAndGet();
        served.add(worker + " " + request.substring(0, request.indexOf(' ')));
        return "re:" + request;
    }

    private PirateWorker ours(String name, WorkerDialect dialect, PirateQueue queue) {
        return PirateWorker.builder(WorkerHandler.of(request -> Message.of(reply(name, request.text()))))
                .queue(queue.backend())
                .dialect(dialect)
                .heartbeat(HEARTBEAT)
                .start();
    }

    @Test
    @Timeout(60)
    void everyClientIsServedByEveryKindOfWorker() throws Exception {
        // given workers of all kinds
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .heartbeat(HEARTBEAT)
                        .start();
                PirateWorker prv = ours("PRV", WorkerDialect.PRV, queue);
                PirateWorker ppp = ours("PPP", WorkerDialect.PPP, queue);
                PirateClient pipelined = PirateClient.connect(queue.frontend())) {
            Future<?> simple = threads.submit(() -> {
                GuideWorkers.serveSimple(queue.backend(), request -> reply("Guide's REQ", request), () -> working);
                return true;
            });
            Future<?> paranoid = threads.submit(() -> {
                GuideWorkers.serveParanoid(
                        queue.backend(), HEARTBEAT, request -> reply("Guide's DEALER", request), () -> working);
                return true;
            });
            await().atMost(Duration.ofSeconds(10)).until(() -> queue.stats().workers() == KINDS_OF_WORKERS);
            // when plain clients and callers of a pipelined one ask at the same time
            List<Future<Long>> callers = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                callers.add(threads.submit(() -> askPlainly(queue.frontend())));
                callers.add(threads.submit(() -> ask("prv ", pipelined::request)));
            }
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() -> assertThat(served).hasSize(KINDS_OF_WORKERS * KINDS_OF_CLIENTS));
            asking = false;
            // then each got its own reply, and nothing was handled twice, lost, or not understood
            long answered = 0;
            for (Future<Long> caller : callers) {
                answered += caller.get(10, TimeUnit.SECONDS);
            }
            assertThat(answered).isPositive();
            assertThat(handled).hasValue(answered);
            assertThat(queue.stats().answered()).isEqualTo(answered);
            assertThat(queue.stats().redelivered()).isZero();
            assertThat(queue.stats().malformed()).isZero();
            assertThat(prv.stats().handled()).isPositive();
            assertThat(ppp.stats().handled()).isPositive();
            working = false;
            simple.get(10, TimeUnit.SECONDS);
            paranoid.get(10, TimeUnit.SECONDS);
        }
    }

    private Long askPlainly(String frontend) throws Exception {
        try (LazyPirateClient client = LazyPirateClient.connect(frontend)) {
            return ask("plain ", client::request);
        }
    }

    /** One way to ask, and wait for the reply. */
    @FunctionalInterface
    private interface Asking {
        String ask(String text);
    }

    private long ask(String kind, Asking how) {
        long answered = 0;
        while (asking) {
            String text = kind + answered;
            assertThat(how.ask(text)).isEqualTo("re:" + text);
            answered++;
        }
        return answered;
    }
}
