package io.privateer.pirate;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A worker of PRV/1 that nothing happens to: it does one job after the other, and each takes as long as chance has it. */
final class LoadWorker extends SimWorker {

    private static final int MESSAGE_BYTES_MAX = 1 << 20;

    private final LoadSim load;
    private final int credit;
    private final RecordReader reader = new RecordReader();
    private final ArrayDeque<Long> waiting = new ArrayDeque<>();
    private final ArrayDeque<byte[][]> bodies = new ArrayDeque<>();
    private @Nullable Outbox outbox;
    private boolean busy;

    LoadWorker(LoadSim load, String name, SimQueue queue, int credit) {
        super(load, name, queue);
        this.load = load;
        this.credit = credit;
    }

    @Override
    void onStart() {
        SimDealer socket = new SimDealer(sim, this, path.queue().backend, path, null, this::onMessage);
        outbox = new Outbox(socket::send);
        outbox().ready(PeerId.random(world.random()), credit, 1, MESSAGE_BYTES_MAX, "", false, new long[0]);
        beatLater();
    }

    private Outbox outbox() {
        return Objects.requireNonNull(outbox);
    }

    private void beatLater() {
        inputIn(sim.settings.heartbeatNanos / 2, () -> {
            outbox().heartbeat();
            beatLater();
        });
    }

    private void onMessage(byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            if (reader.type() == Prv.REQUEST) {
                waiting.add(reader.id());
                bodies.add(reader.body());
            }
        }
        workOn();
    }

    private void workOn() {
        Long id = busy ? null : waiting.poll();
        if (id != null) {
            byte[][] body = bodies.remove();
            busy = true;
            load.begins(body);
            inputIn(load.jobNanos(), () -> {
                busy = false;
                outbox().reply(id, Status.OK, 1, 0, SimContent.replyTo(body));
                workOn();
            });
        }
    }

    @Override
    void onTurnEnd() {
        outbox().flush();
    }

    @Override
    boolean hasDeadline() {
        return false;
    }

    @Override
    long nextDeadlineNanos() {
        throw new IllegalStateException("has no deadline");
    }

    @Override
    void onTick() {}
}
