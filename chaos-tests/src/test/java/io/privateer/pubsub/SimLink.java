package io.privateer.pubsub;

import java.util.function.Consumer;

/** One direction of a connection: in order, late, bounded, and cut off when it breaks. */
final class SimLink {

    private final PubSubWorld world;
    private final int framesMax;
    private final double loss;
    private final Consumer<byte[]> receiver;
    private long lastArrivalNanos;
    private int inFlight;
    private boolean broken;

    /** @param framesMax how many frames may be under way; a further one is lost */
    SimLink(PubSubWorld world, int framesMax, double loss, Consumer<byte[]> receiver) {
        this.world = world;
        this.framesMax = framesMax;
        this.loss = loss;
        this.receiver = receiver;
        this.lastArrivalNanos = world.now();
    }

    /** Returns false if the frame is lost. */
    boolean send(byte[] frame) {
        if (broken || inFlight >= framesMax || (loss > 0 && world.chance(loss))) {
            return false;
        }
        inFlight++;
        schedule(frame, delay());
        return true;
    }

    private void schedule(byte[] frame, long delayNanos) {
        long arrival = world.now() + delayNanos;
        if (arrival - lastArrivalNanos < 0) {
            arrival = lastArrivalNanos;
        }
        lastArrivalNanos = arrival;
        world.in(arrival - world.now(), () -> {
            inFlight--;
            if (!broken) {
                receiver.accept(frame);
            }
        });
    }

    private long delay() {
        return world.chance(0.02)
                ? world.random.nextLong(30 * PubSubWorld.MILLI)
                : world.random.nextLong(PubSubWorld.MILLI);
    }

    int inFlight() {
        return inFlight;
    }

    void cut() {
        broken = true;
    }
}
