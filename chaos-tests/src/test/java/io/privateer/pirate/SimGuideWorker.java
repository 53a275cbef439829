package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage;
import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Paranoid Pirate worker as the Guide has it: one thread, which reads and beats only between two requests; its socket
 * reconnects silently; when the queue is silent for too long it takes a new socket and says READY again.
 */
final class SimGuideWorker extends SimWorker {

    private final ArrayDeque<byte[][]> unread = new ArrayDeque<>();
    private final byte @Nullable [] identity;
    private @Nullable SimDealer socket;
    private long queueSilentAtNanos;
    private long beatDueNanos;
    private long reopenAtNanos;

    SimGuideWorker(Sim sim, String name, SimQueue queue) {
        super(sim, name, queue);
        this.identity = world.chance(0.7) ? name.getBytes(StandardCharsets.UTF_8) : null;
    }

    @Override
    void onStart() {
        open();
    }

    @Override
    boolean hasDeadline() {
        return !isAtWork();
    }

    @Override
    long nextDeadlineNanos() {
        return socket == null ? reopenAtNanos : Deadlines.earlier(queueSilentAtNanos, beatDueNanos);
    }

    @Override
    void onTick() {
        long nowNanos = world.now();
        if (isAtWork()) {
            return;
        }
        if (socket == null) {
            if (nowNanos - reopenAtNanos >= 0) {
                open();
            }
        } else if (nowNanos - queueSilentAtNanos >= 0) {
            world.trace(name, "gives its socket up");
            socket.closeWithoutLinger();
            socket = null;
            unread.clear();
            reopenAtNanos = nowNanos + sim.settings.heartbeatNanos;
        } else if (nowNanos - beatDueNanos >= 0) {
            socket.send(BackendCodec.heartbeat(false));
            beatDueNanos = nowNanos + sim.settings.heartbeatNanos;
        }
    }

    private void open() {
        unread.clear();
        SimDealer.Handler handler = frames -> {
            unread.add(frames);
            readWhileIdle();
        };
        socket = new SimDealer(sim, this, path.queue().backend, path, identity, handler);
        socket.send(BackendCodec.ready());
        queueSilentAtNanos = world.now() + sim.settings.queue.silenceNanos();
        beatDueNanos = world.now() + sim.settings.heartbeatNanos;
    }

    private void readWhileIdle() {
        while (!isAtWork() && !unread.isEmpty()) {
            BackendMessage message = BackendCodec.decode(unread.remove());
            queueSilentAtNanos = world.now() + sim.settings.queue.silenceNanos();
            if (message instanceof Job job) {
                byte[][] address = job.content().address();
                work(address, job.content().body(), reply -> onDone(address, reply));
            } else {
                check(message instanceof Heartbeat, "a queue says what the dialect knows", message);
            }
        }
        for (byte[][] frames : unread) {
            boolean crossed = socket != null && socket.hasCrossed();
            check(frames.length == 1 || crossed, "a worker that holds something is given nothing", name);
        }
    }

    private void onDone(byte[][] address, byte @Nullable [][] reply) {
        if (reply == null) {
            crash();
            sim.startLater(this);
            return;
        }
        SimDealer present = Objects.requireNonNull(socket);
        present.send(BackendCodec.job(Dialect.PARANOID, address, reply));
        if (sim.faulty(SimFault.DOUBLE_REPLY, 0.2)) {
            present.send(BackendCodec.job(Dialect.PARANOID, address, reply));
        }
        queueSilentAtNanos = world.now() + sim.settings.queue.silenceNanos();
        readWhileIdle();
    }
}
