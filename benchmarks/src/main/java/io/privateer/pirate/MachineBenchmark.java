package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The queue's decisions without its sockets. In this package because the machine is hidden. */
@NullMarked
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class MachineBenchmark {

    private static final byte[][] NO_ADDRESS = {};
    private static final long TURN_NANOS = 1_000;

    private final byte[][] body = {new byte[64]};
    private final Identity client = Identity.wrap(new byte[] {0, 1, 2, 3, 4});
    private final Port port = new Port();
    private QueueMachine machine = newMachine();
    private long nowNanos;

    /** Registered workers, of which the one that has been idle longest is next. */
    @Param({"4", "500"})
    public int workers;

    /** Registers the workers. */
    @Setup
    public void registerWorkers() {
        machine = newMachine();
        for (int i = 0; i < workers; i++) {
            machine.onReady(nowNanos, Identity.wrap(new byte[] {1, (byte) i, (byte) (i >> 8)}), Dialect.PARANOID);
        }
    }

    private QueueMachine newMachine() {
        QueueSettings settings = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .lease(Duration.ofHours(1))
                .build()
                .settings();
        return new QueueMachine(settings, new PeerId(1, 2), port, new PirateListener() {}, nowNanos);
    }

    /** One request in, delivered, replied and out, with the deadline read after both as the shell does. */
    @Benchmark
    public long requestAndReply() {
        nowNanos += TURN_NANOS;
        machine.onRequest(nowNanos, client, NO_ADDRESS, body);
        long deadline = machine.nextDeadlineNanos();
        machine.onReply(nowNanos, port.worker, port.deliveryId, body);
        return deadline + machine.nextDeadlineNanos();
    }

    /** Remembers the last delivery, so that it can be replied to. */
    private static final class Port implements QueuePort {
        private Identity worker = Identity.wrap(new byte[] {1});
        private long deliveryId;

        @Override
        public boolean deliver(Identity to, Dialect dialect, long id, byte[][] body) {
            worker = to;
            deliveryId = id;
            return true;
        }

        @Override
        public void reply(Identity client, byte[][] returnAddress, byte[][] body) {}

        @Override
        public void beat(Identity to, boolean whileBusy) {}

        @Override
        public void drained() {}
    }
}
