package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateQueueConfig;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.PirateWorkerConfig;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Privateer itself: what the benchmarks set other than its defaults is set here. */
final class PrivateerPeer implements Asker {

    private static final Duration REPLY_MAX = Duration.ofSeconds(10);

    private final EventLoop loop;
    private final List<LazyPirateClient> clients = new ArrayList<>();
    private final Message body;

    /** A Lazy Pirate has one request under way, so there is one for each. */
    PrivateerPeer(String frontend, int sizeBytes, int inFlight, Tuning tuning) {
        this.loop = EventLoop.open("clients", tuning.spin());
        this.body = Message.of(new byte[sizeBytes]);
        for (int i = 0; i < inFlight; i++) {
            clients.add(LazyPirateClient.builder()
                    .endpoints(frontend)
                    .loop(loop)
                    .options(RequestOptions.defaults().withAttemptTimeout(REPLY_MAX))
                    .open());
        }
    }

    @Override
    public void run(ClosedLoop load) {
        load.runBlocking(slot -> (int) clients.get(slot).request(body).sizeBytes());
    }

    @Override
    public void close() {
        clients.forEach(LazyPirateClient::close);
        loop.close();
    }

    /** Starts a queue on ports of its choice. */
    static PirateQueue queue(Tuning tuning) {
        PirateQueueConfig.Builder builder =
                PirateQueue.paranoid().frontend(Roles.ANY_PORT).backend(Roles.ANY_PORT);
        if (!tuning.isReliable()) {
            builder.dedupe(0, 1, PirateQueueConfig.DEFAULT_DEDUPE_WINDOW);
        }
        if (!tuning.spin().isZero()) {
            builder.loop(EventLoop.open("queue", tuning.spin())); // Ends with the process.
        }
        return builder.start();
    }

    /** Starts a worker. */
    static PirateWorker worker(WorkerHandler handler, String backend, Tuning tuning) {
        PirateWorkerConfig.Builder builder = PirateWorker.builder(handler).queue(backend);
        if (tuning.isInline()) {
            builder.executor(Runnable::run);
        } else if (tuning.threads() > 0) {
            ExecutorService threads = Executors.newFixedThreadPool(tuning.threads());
            builder.executor(threads).concurrency(tuning.threads());
        }
        tuning.credit().ifPresent(credit -> builder.dialect(credit > 0 ? WorkerDialect.PRV : WorkerDialect.PPP));
        tuning.credit().filter(credit -> credit > 0).ifPresent(builder::credit);
        if (!tuning.spin().isZero()) {
            builder.loop(EventLoop.open("worker", tuning.spin())); // Ends with the process.
        }
        return builder.start();
    }
}
