package io.privateer.pirate;

import java.util.ArrayDeque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** One direction of a connection: in order and without loss until it ends, as TCP is. */
final class SimPipe {

    private static final byte[][] END = {};

    /** A half-open connection is found out after at most so many times the silence limit. */
    private static final int LATE_SILENCES = 6;

    private final Sim sim;
    private final BooleanSupplier cut;
    private final Consumer<byte[][]> onMessage;
    private final Runnable onEnd;
    private final ArrayDeque<byte[][]> flying = new ArrayDeque<>();
    private long lastArrivalNanos;
    private int heldUp;
    private int generation;
    private boolean closing;
    private boolean ended;

    SimPipe(Sim sim, BooleanSupplier cut, Consumer<byte[][]> onMessage, Runnable onEnd) {
        this.sim = sim;
        this.cut = cut;
        this.onMessage = onMessage;
        this.onEnd = onEnd;
        this.lastArrivalNanos = sim.world.now();
    }

    /** Returns for how long a side may believe in a connection that is broken. */
    static long unnoticedNanosMax(SimSettings settings) {
        return LATE_SILENCES * settings.queue.silenceNanos();
    }

    void send(byte[][] frames) {
        if (!closing) {
            launch(frames);
        }
    }

    /** The other end learns of it behind all that was sent. */
    void close() {
        if (!closing) {
            closing = true;
            launch(END);
        }
    }

    /** As {@link #reset}, but the other end believes for a long time that nothing was sent. */
    void resetLater() {
        if (!closing) {
            closing = true;
            forgetFlying();
            int mine = generation;
            sim.world.in(sim.world.between(0, unnoticedNanosMax(sim.settings)), () -> {
                if (mine == generation) {
                    launch(END);
                }
            });
        }
    }

    /** What flies is lost; the other end learns of it all the same. */
    void reset() {
        if (!ended) {
            closing = true;
            forgetFlying();
            launch(END);
        }
    }

    private void forgetFlying() {
        flying.clear();
        heldUp = 0;
        generation++;
    }

    boolean hasEnded() {
        return ended;
    }

    /** The cut is over. */
    void flyOn() {
        int waiting = heldUp;
        heldUp = 0;
        for (int i = 0; i < waiting; i++) {
            scheduleArrival();
        }
    }

    private void launch(byte[][] frames) {
        flying.add(frames);
        scheduleArrival();
    }

    private void scheduleArrival() {
        long arrivalNanos = sim.world.now() + sim.flightNanos();
        lastArrivalNanos = arrivalNanos - lastArrivalNanos > 0 ? arrivalNanos : lastArrivalNanos;
        int mine = generation;
        sim.world.at(lastArrivalNanos, () -> {
            if (mine == generation) {
                arriveNext();
            }
        });
    }

    private void arriveNext() {
        // What arrives behind something held up waits for it: the order is kept.
        if (cut.getAsBoolean() || heldUp > 0) {
            heldUp++;
            return;
        }
        byte[][] frames = flying.remove();
        if (frames == END) {
            ended = true;
            onEnd.run();
        } else {
            onMessage.accept(frames);
        }
    }
}
