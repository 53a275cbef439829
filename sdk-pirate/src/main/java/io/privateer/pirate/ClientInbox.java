package io.privateer.pirate;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Hands calls from their callers to the loop's thread without a lock and without garbage. A stack that is only ever taken
 * as a whole, and turned round then, so that calls of one thread keep their order. Thread-safe.
 */
final class ClientInbox {

    private final AtomicReference<@Nullable ClientCall> top = new AtomicReference<>();

    /** Adds {@code call}; true if there was none, so that the loop must be told. */
    boolean add(ClientCall call) {
        ClientCall below;
        do {
            below = top.get();
            call.inboxNext = below;
        } while (!top.compareAndSet(below, call));
        return below == null;
    }

    /** Takes everything, and returns the call that came first, linked to the others by {@code inboxNext}. */
    @Nullable
    ClientCall takeAll() {
        ClientCall call = top.get() == null ? null : top.getAndSet(null);
        ClientCall oldest = null;
        while (call != null) {
            ClientCall below = call.inboxNext;
            call.inboxNext = oldest;
            oldest = call;
            call = below;
        }
        return oldest;
    }
}
