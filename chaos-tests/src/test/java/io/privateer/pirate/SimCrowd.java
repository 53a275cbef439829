package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client that asks for many things at once over one connection and waits for none of them, as a gateway does. What makes
 * it special to a queue is that several of its requests wait at a time.
 */
final class SimCrowd extends SimProcess {

    private static final byte[][] NO_HOPS = {};

    private final SimPath path;
    private final byte @Nullable [] identity;
    private final int burstMax;

    /** By their text; kept over its lives, because under an identity of its own it gets what an earlier life asked for. */
    private final Map<String, byte[][]> unanswered = new HashMap<>();

    private @Nullable SimDealer socket;
    private int asked;

    SimCrowd(Sim sim, String name, SimQueue queue) {
        super(sim, name);
        this.path = sim.path(this, queue);
        this.identity = world.chance(0.3) ? name.getBytes(StandardCharsets.UTF_8) : null;
        this.burstMax = (int) world.between(2, 12);
    }

    @Override
    void onStart() {
        socket = new SimDealer(sim, this, path.queue().frontend, path, identity, this::onMessage);
        thinkThenAsk();
    }

    @Override
    boolean hasDeadline() {
        return false;
    }

    @Override
    long nextDeadlineNanos() {
        throw new IllegalStateException("a crowd has no deadline");
    }

    @Override
    void onTick() {}

    private void thinkThenAsk() {
        if (!sim.isHealed()) {
            inputIn(world.between(0, 6 * sim.settings.thinkNanosMax), () -> {
                if (!sim.isHealed()) {
                    ask();
                    thinkThenAsk();
                }
            });
        }
    }

    private void ask() {
        for (long left = world.between(1, burstMax); left > 0; left--) {
            boolean poisoned = sim.faulty(SimFault.POISONED_REQUEST, 0.02);
            byte[][] body = SimContent.request(world, name + "#" + ++asked, poisoned);
            unanswered.put(SimContent.text(body), body);
            Objects.requireNonNull(socket).send(Envelope.join(NO_HOPS, body));
        }
    }

    private void onMessage(byte[][] frames) {
        Envelope reply = Objects.requireNonNull(Envelope.parse(frames), "a client gets well-formed replies");
        byte[][] body = unanswered.remove(SimContent.requestTextOf(reply.body()));
        check(body != null, "a crowd gets what it asked for, once", name, SimContent.text(reply.body()));
        check(SimContent.isReplyTo(reply.body(), Objects.requireNonNull(body)), "a reply answers its request", name);
    }
}
