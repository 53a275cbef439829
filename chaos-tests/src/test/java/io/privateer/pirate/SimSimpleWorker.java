package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.Dialect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A Simple Pirate worker: a REQ socket that says READY once, works, replies, and never notices that its connection was
 * replaced. One that waits for work on a queue which has forgotten it waits for ever, until somebody restarts it.
 */
final class SimSimpleWorker extends SimWorker {

    private static final byte[][] READY = {{}, {0x01}};

    private final ArrayDeque<Job> unread = new ArrayDeque<>();
    private final byte @Nullable [] identity;
    private @Nullable SimDealer socket;

    SimSimpleWorker(Sim sim, String name, SimQueue queue) {
        super(sim, name, queue);
        this.identity = world.chance(0.7) ? name.getBytes(StandardCharsets.UTF_8) : null;
    }

    @Override
    void onStart() {
        unread.clear();
        socket = new SimDealer(sim, this, path.queue().backend, path, identity, this::onMessage);
        socket.send(READY);
    }

    @Override
    boolean hasDeadline() {
        return false;
    }

    @Override
    long nextDeadlineNanos() {
        throw new IllegalStateException("a REQ worker has no deadline");
    }

    @Override
    void onTick() {}

    private void onMessage(byte[][] frames) {
        check(BackendCodec.decode(frames) instanceof Job, "a REQ worker gets nothing but requests", name);
        check(!isAtWork() || present().hasCrossed(), "a worker that holds something is given nothing", name);
        unread.add((Job) BackendCodec.decode(frames));
        readWhileIdle();
    }

    private void readWhileIdle() {
        Job job = isAtWork() ? null : unread.poll();
        if (job != null) {
            byte[][] address = job.content().address();
            work(address, job.content().body(), reply -> onDone(address, reply));
        }
    }

    private void onDone(byte[][] address, byte @Nullable [][] reply) {
        if (reply == null) {
            crash();
            sim.startLater(this);
        } else {
            present().send(BackendCodec.job(Dialect.SIMPLE, address, reply));
            readWhileIdle();
        }
    }

    private SimDealer present() {
        return Objects.requireNonNull(socket);
    }
}
