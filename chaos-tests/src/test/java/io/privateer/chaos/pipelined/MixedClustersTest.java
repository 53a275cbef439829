package io.privateer.chaos.pipelined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.BareSockets;
import io.privateer.chaos.GuideWorkers;
import io.privateer.core.Message;
import io.privateer.peering.PeeringBroker;
import io.privateer.peering.PeeringConfig;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.QueueStats;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** Clients and workers of every dialect at the two doors of a broker that borrows, and workers of every dialect at one that lends. */
class MixedClustersTest {

    private static final Duration HEARTBEAT = Duration.ofMillis(500);
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int RECEIVE_MILLIS_MAX = 20_000;
    private static final long WORK_NANOS = 3_000_000L;
    private static final List<String> WORKERS = List.of("PRV", "PPP", "Guide's REQ", "Guide's DEALER");
    private static final List<String> CLIENTS = List.of("req", "lazy", "prv");

    /** So that all workers of one cluster have more to do than they can. */
    private static final int CALLERS_EACH = 3;

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Set<String> served = ConcurrentHashMap.newKeySet();
    private final AtomicLong handled = new AtomicLong();
    private final List<AutoCloseable> opened = new ArrayList<>();
    private volatile boolean working = true;
    private volatile boolean asking = true;

    @AfterEach
    void stop() throws Exception {
        asking = false;
        working = false;
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
        for (AutoCloseable part : opened) {
            part.close();
        }
    }

    private <T extends AutoCloseable> T open(T part) {
        opened.add(0, part);
        return part;
    }

    private PeeringBroker broker(String name, String... peers) {
        PeeringConfig.Builder settings = PeeringBroker.builder(name)
                .localFrontend("tcp://127.0.0.1:*")
                .localBackend("tcp://127.0.0.1:*")
                .cloud("tcp://127.0.0.1:*")
                .state("tcp://127.0.0.1:*")
                .peers(peers)
                .queue(queue -> queue.heartbeat(HEARTBEAT));
        PeeringBroker broker = open(settings.start());
        for (WorkerDialect dialect : List.of(WorkerDialect.PRV, WorkerDialect.PPP)) {
            open(PirateWorker.builder(
                            WorkerHandler.of(request -> Message.of(reply(name + " " + dialect, request.text()))))
                    .queue(broker.localBackend())
                    .dialect(dialect)
                    .heartbeat(HEARTBEAT)
                    .start());
        }
        String backend = broker.localBackend();
        var simple = threads.submit(() -> {
            GuideWorkers.serveSimple(backend, request -> reply(name + " Guide's REQ", request), () -> working);
            return true;
        });
        var paranoid = threads.submit(() -> {
            GuideWorkers.serveParanoid(
                    backend, HEARTBEAT, request -> reply(name + " Guide's DEALER", request), () -> working);
            return true;
        });
        await().atMost(SOON).until(() -> broker.stats().queue().workers() == WORKERS.size());
        assertThat(List.of(simple.isDone(), paranoid.isDone())).containsOnly(false);
        return broker;
    }

    private String reply(String worker, String request) {
        handled.incrementAndGet();
        served.add(worker + " of " + request.substring(0, request.indexOf(' ')));
        long endNanos = System.nanoTime() + WORK_NANOS;
        for (long leftNanos = WORK_NANOS; leftNanos > 0; leftNanos = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
        return "re:" + request;
    }

    @Test
    @Timeout(120)
    void everyKindOfClientIsServedByEveryKindOfWorkerHereAndAtALender() throws Exception {
        // given two clusters with workers of all kinds
        PeeringBroker east = broker("east");
        PeeringBroker west = broker("west", east.state());
        await().atMost(SOON).until(() -> west.stats().peers().size() == 1);
        // when clients of all kinds ask one of them for more than it could do
        PirateClient pipelined = open(PirateClient.connect(west.localFrontend()));
        List<Future<Long>> callers = new ArrayList<>();
        for (int i = 0; i < CALLERS_EACH; i++) {
            callers.add(threads.submit(() -> askAsReq(west.localFrontend())));
            callers.add(threads.submit(() -> askLazily(west.localFrontend())));
            callers.add(threads.submit(() -> ask("prv", pipelined::request)));
        }
        // then workers of each kind serve clients of each kind, in both
        Set<String> expected = new TreeSet<>();
        for (String cluster : List.of("west", "east")) {
            WORKERS.forEach(
                    worker -> CLIENTS.forEach(client -> expected.add(cluster + " " + worker + " of " + client)));
        }
        await().atMost(SOON).untilAsserted(() -> assertThat(served).containsAll(expected));
        asking = false;
        // and each client got its own replies, and nothing was handled twice, lost, or not understood
        long answered = 0;
        for (Future<Long> caller : callers) {
            answered += caller.get(30, TimeUnit.SECONDS);
        }
        assertThat(served).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(handled).hasValue(answered);
        QueueStats borrower = west.stats().queue();
        assertThat(borrower.answered()).isEqualTo(answered);
        assertThat(borrower.lent()).isPositive();
        for (PeeringBroker broker : List.of(west, east)) {
            QueueStats stats = broker.stats().queue();
            assertThat(stats.redelivered()).isZero();
            assertThat(stats.malformed()).isZero();
            assertThat(stats.pending() + stats.inFlight()).isZero();
        }
    }

    private Long askAsReq(String frontend) {
        try (ZContext context = new ZContext()) {
            ZMQ.Socket socket = BareSockets.create(context, SocketType.REQ);
            socket.setReceiveTimeOut(RECEIVE_MILLIS_MAX);
            socket.connect(frontend);
            return ask("req", text -> {
                socket.send(text);
                return socket.recvStr();
            });
        }
    }

    private Long askLazily(String frontend) {
        try (LazyPirateClient client = LazyPirateClient.connect(frontend)) {
            return ask("lazy", client::request);
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
            String text = kind + " " + answered;
            assertThat(how.ask(text)).isEqualTo("re:" + text);
            answered++;
        }
        return answered;
    }
}
