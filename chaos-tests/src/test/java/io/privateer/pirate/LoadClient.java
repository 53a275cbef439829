package io.privateer.pirate;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A client of PRV/1 that nothing happens to: it asks at random, and waits for none of it. */
final class LoadClient extends SimProcess {

    private static final long TTL_MICROS = 600_000_000L;
    private static final byte[] NOTHING = {};

    private final LoadSim load;
    private final SimPath path;
    private final RecordReader reader = new RecordReader();
    private @Nullable Outbox outbox;
    private long asked;
    private long answered;
    private boolean asks;

    LoadClient(LoadSim load, String name, SimQueue queue) {
        super(load, name);
        this.load = load;
        this.path = load.path(this, queue);
    }

    @Override
    void onStart() {
        SimDealer socket = new SimDealer(sim, this, path.queue().frontend, path, null, this::onMessage);
        outbox = new Outbox(socket::send);
        outbox().hello(PeerId.random(world.random()), 1 << 20);
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

    /** Begins to ask, or ceases to. */
    void asks(boolean value) {
        asks = value;
        askLater();
    }

    boolean isAnswered() {
        return answered == asked;
    }

    private void askLater() {
        inputIn(load.gapNanos(), () -> {
            if (asks) {
                asked++;
                byte[][] body = {Long.toString(asked).getBytes(StandardCharsets.UTF_8)};
                load.asks(body);
                outbox().request(asked, 1, 0, TTL_MICROS, NOTHING, NOTHING, body);
                askLater();
            }
        });
    }

    private void onMessage(byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            if (reader.type() == Prv.REPLY) {
                answered++;
            }
        }
        outbox().acknowledge(answered == asked ? asked + 1 : 1);
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
