package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import java.util.ArrayDeque;

/** One connection of a client as {@link ModelWaiting} follows it. Mutable. */
final class ModelClient {

    final Identity identity;

    /** What waits for the client's turn, oldest first; not what has come back from a worker. */
    final ArrayDeque<ModelRequest> line = new ArrayDeque<>();

    /** How many of its requests wait, wherever they stand. */
    int waiting;

    /** The sum of their sizes. */
    long waitingBytes;

    ModelClient(Identity identity) {
        this.identity = identity;
    }

    @Override
    public String toString() {
        return "client " + identity;
    }
}
