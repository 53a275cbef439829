package io.privateer.pirate;

import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** The calls that have not ended: found by id, and in a list through the calls themselves, the oldest first. */
final class OpenCalls {

    private final Long2ObjectHashMap<ClientCall> byId = new Long2ObjectHashMap<>();
    private @Nullable ClientCall first;
    private @Nullable ClientCall last;
    private long nextId = 1;

    /** Gives {@code call} its id and takes it in. */
    void add(ClientCall call) {
        call.id = nextId++;
        byId.put(call.id, call);
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
        return byId.get(id);
    }

    void remove(ClientCall call) {
        byId.remove(call.id);
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
        return byId.size();
    }
}
