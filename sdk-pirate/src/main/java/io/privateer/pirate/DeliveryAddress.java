package io.privateer.pirate;

import io.privateer.core.Randomness;
import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;

/**
 * The address under which a worker gets a request: one frame of 16 bytes, 8 that are this queue's alone and 8 that
 * number the delivery.
 *
 * <p>The Guide's queue hands its workers the client's envelope. Workers return whatever they were given, so ours hands
 * them this instead: a late reply, or one to an earlier queue at the same endpoint, cannot be taken for the answer to
 * something else, and workers that expect exactly one address frame can serve clients behind any number of hops.
 */
final class DeliveryAddress {

    private static final int BYTES = 2 * Long.BYTES;

    private final long queue;

    /** Its first byte is none of ASCII, lest a reply to it be taken for a message of PRV/1. */
    DeliveryAddress(RandomGenerator random) {
        this.queue = random.nextLong() | Long.MIN_VALUE;
    }

    static DeliveryAddress ofNewQueue() {
        return new DeliveryAddress(Randomness.system());
    }

    byte[][] of(long deliveryId) {
        return new byte[][] {
            ByteBuffer.allocate(BYTES).putLong(queue).putLong(deliveryId).array()
        };
    }

    /** Returns the id in an address of this queue, or {@link QueueWorker#NONE} for any other address. */
    long idIn(byte[][] address) {
        if (address.length != 1 || address[0].length != BYTES) {
            return QueueWorker.NONE;
        }
        ByteBuffer frame = ByteBuffer.wrap(address[0]);
        return frame.getLong() == queue ? frame.getLong() : QueueWorker.NONE;
    }
}
