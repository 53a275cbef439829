package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * A batch of PRV/1 requests on its way through a queue and back, without sockets: encoded by the client, decoded, kept,
 * delivered and encoded by the queue, decoded and answered by the worker, and all the way back.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class PrvTurnBenchmark {

    private static final int BATCH = 100;
    private static final long TURN_NANOS = 100_000;
    private static final long TTL_MICROS = 30_000_000;
    private static final byte[] NOTHING = {};

    private final byte[][] body = {new byte[64]};
    private final RecordReader reader = new RecordReader();
    private final Identity clientAddress = Identity.wrap(new byte[] {0, 1, 2, 3, 4});
    private final Identity workerAddress = Identity.wrap(new byte[] {0, 5, 6, 7, 8});
    private final Outbox client = new Outbox(frames -> toQueue = frames);
    private final Outbox worker = new Outbox(frames -> toQueue = frames);
    private byte[][] toQueue = {};
    private PrvLinks clients = newLinks();
    private PrvLinks workers = clients;
    private long nowNanos;
    private long nextId = 1;
    private long replies;

    /** Whether ends of requests are kept until the client has acknowledged them. */
    @Param({"true", "false"})
    public boolean dedupe;

    /** Introduces one client and one worker. */
    @Setup
    public void introduce() {
        clients = newLinks();
        client.hello(new PeerId(3, 4), 1 << 20);
        client.flush();
        clients.onClientMessage(nowNanos, clientAddress, toQueue);
        worker.ready(new PeerId(5, 6), BATCH, 1 << 20, "");
        worker.flush();
        workers.onWorkerMessage(nowNanos, workerAddress, toQueue);
        clients.flush(nowNanos);
        workers.flush(nowNanos);
    }

    private PrvLinks newLinks() {
        QueueSettings settings = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .lease(Duration.ofHours(1))
                .dedupe(dedupe ? PirateQueueConfig.DEFAULT_DEDUPE_COUNT_MAX : 0, 1 << 26, Duration.ofMinutes(2))
                .build()
                .settings();
        QueueMachine machine =
                new QueueMachine(settings, new PeerId(1, 2), new NoPirates(), new PirateListener() {}, nowNanos);
        workers = new PrvLinks(machine, new Wire(this::onWorkerMessage));
        return new PrvLinks(machine, new Wire(this::onClientMessage));
    }

    /** Sends a batch and waits for its replies. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public long requestsAndReplies() {
        nowNanos += TURN_NANOS;
        client.acknowledge(nextId);
        for (int i = 0; i < BATCH; i++) {
            client.request(nextId++, 1, 0, TTL_MICROS, NOTHING, NOTHING, body);
        }
        client.flush();
        clients.onClientMessage(nowNanos, clientAddress, toQueue);
        workers.flush(nowNanos);
        worker.flush();
        workers.onWorkerMessage(nowNanos, workerAddress, toQueue);
        clients.flush(nowNanos);
        return replies;
    }

    private void onWorkerMessage(byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            if (reader.type() == Prv.REQUEST) {
                worker.reply(reader.id(), Status.OK, 1, 0, reader.body());
            }
        }
    }

    private void onClientMessage(byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            replies += reader.type() == Prv.REPLY ? reader.id() + reader.body().length : 0;
        }
    }

    /** Hands on what the queue sends. */
    private record Wire(Consumer<byte[][]> to) implements PrvLinks.Port {
        @Override
        public boolean send(Identity peer, byte[][] frames) {
            to.accept(frames);
            return true;
        }

        @Override
        public void flushLater() {
            // The benchmark flushes.
        }

        @Override
        public void malformed(Identity peer, String problem) {
            throw new IllegalStateException(problem);
        }
    }

    /** Nobody speaks a pirate dialect here. */
    private static final class NoPirates implements QueuePort {
        @Override
        public boolean deliver(Identity to, Dialect dialect, long id, byte[][] body) {
            throw new IllegalStateException("no pirate is here");
        }

        @Override
        public void reply(Identity client, byte[][] returnAddress, byte[][] body) {
            throw new IllegalStateException("no pirate is here");
        }

        @Override
        public void beat(Identity to, boolean whileBusy) {
            throw new IllegalStateException("no pirate is here");
        }

        @Override
        public void drained() {
            throw new IllegalStateException("nobody drains");
        }
    }
}
