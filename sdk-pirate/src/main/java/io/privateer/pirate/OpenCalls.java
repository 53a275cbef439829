package io.privateer.pirate;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The calls that have not ended: found by id, and in a list through the calls themselves, the oldest first.
 *
 * <p>Ids follow each other, so a ring finds nearly all of them in the next field of an array; a call that is still open
 * when its place is needed again is moved to a map.
 */
final class OpenCalls {

    private static final int RING_MIN = 64;
    private static final int RING_MAX = 1 << 15;

    private final @Nullable ClientCall[] ring;
    private final int mask;
    private final Long2ObjectHashMap<ClientCall> stragglers = new Long2ObjectHashMap<>();
    private int count;
    private @Nullable ClientCall first;
    private @Nullable ClientCall last;
    private long nextId = 1;

    OpenCalls(int expectedMax) {
        long wanted = Long.highestOneBit(2L * expectedMax);
        this.ring = new @Nullable ClientCall[(int) Math.max(RING_MIN, Math.min(wanted, RING_MAX))];
        this.mask = ring.length - 1;
    }

    /** Gives {@code call} its id and takes it in. */
    void add(ClientCall call) {
        call.id = nextId++;
        int place = (int) call.id & mask;
        ClientCall straggler = ring[place];
        if (straggler != null) {
            stragglers.put(straggler.id, straggler);
        }
        ring[place] = call;
        count++;
        call.openBefore = last;
        if (last == null) {
            first = call;
        } else {
            last.openAfter = call;
        }
        last = call;
    }

    @Nullable
    ClientCall get(long id) {
        ClientCall call = ring[(int) id & mask];
        return call != null && call.id == id ? call : stragglers.get(id);
    }

    void remove(ClientCall call) {
        int place = (int) call.id & mask;
        if (ring[place] == call) {
            ring[place] = null;
        } else {
            stragglers.remove(call.id);
        }
        count--;
        ClientCall before = call.openBefore;
        ClientCall after = call.openAfter;
        if (before == null) {
            first = after;
        } else {
            before.openAfter = after;
        }
        if (after == null) {
            last = before;
        } else {
            after.openBefore = before;
        }
        call.openBefore = null;
        call.openAfter = null;
    }

    @Nullable
    ClientCall first() {
        return first;
    }

    /** Returns the id below which every call has ended. */
    long firstOpenId() {
        return first == null ? nextId : first.id;
    }

    int count() {
        return count;
    }
}
