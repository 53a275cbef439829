package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateQueueConfig;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.PirateWorkerConfig;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Privateer itself: what the benchmarks set other than its defaults is set here. */
final class PrivateerPeer implements Asker {

    /** Long enough for a queue that is busy with everything else that was sent. */
    private static final Duration REPLY_MAX = Duration.ofSeconds(10);

    private static final int OVERHEAD_BYTES_MAX = 1024;

    private final EventLoop loop;
    private final PirateClient client;
    private final Message body;
    private final boolean blocking;

    PrivateerPeer(String frontend, int sizeBytes, int inFlight, Tuning tuning) {
        this.loop = EventLoop.open("client", tuning.spin());
        this.body = Message.of(new byte[sizeBytes]);
        this.blocking = tuning.isSync();
        this.client = PirateClient.builder()
                .endpoints(frontend.split(",", -1))
                .loop(loop)
                .inFlightMax(inFlight + 1)
                .inFlightBytesMax((inFlight + 1L) * (sizeBytes + OVERHEAD_BYTES_MAX))
                .options(CallOptions.defaults().withAttemptTimeout(REPLY_MAX))
                .open();
    }

    @Override
    public void run(ClosedLoop load) {
        if (blocking) {
            load.runBlocking(slot -> (int) client.request(body).sizeBytes());
            return;
        }
        for (int slot = 0; slot < load.slots(); slot++) {
            load.asks(slot);
            ask(load, slot);
        }
    }

    private void ask(ClosedLoop load, int slot) {
        CompletableFuture<Message> unused = client.requestAsync(body).whenComplete((reply, failure) -> {
            if (failure != null) {
                load.failed(failure);
            } else if (load.answered(slot, (int) reply.sizeBytes())) {
                ask(load, slot);
            }
        });
    }

    @Override
    public void close() {
        client.close();
        loop.close();
    }

    /** Starts a queue on ports of its choice. */
    static PirateQueue queue(Tuning tuning) {
        PirateQueueConfig.Builder builder = PirateQueue.paranoid()
                .frontend(Roles.ANY_PORT)
                .backend(Roles.ANY_PORT)
                .spin(tuning.spin());
        if (!tuning.isReliable()) {
            builder.dedupe(0, 1, PirateQueueConfig.DEFAULT_DEDUPE_WINDOW);
        }
        return builder.start();
    }

    /** Starts a worker. */
    static PirateWorker worker(WorkerHandler handler, String backend, Tuning tuning) {
        PirateWorkerConfig.Builder builder = PirateWorker.builder(handler).queues(backend.split(",", -1));
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
