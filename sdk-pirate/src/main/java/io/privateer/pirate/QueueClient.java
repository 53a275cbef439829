package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What the queue knows of one client: a connection of a plain one, or a PRV/1 client whatever connection it uses. Mutable;
 * belongs to {@link QueueMachine}.
 */
final class QueueClient {

    private static final int FIRST_CAPACITY = 8;
    private static final float LOAD_FACTOR = 0.6f;

    /** A client that uses so many services may use any number of them, one after the other. */
    private static final int LINES_SWEEP = 16;

    /** Of a plain client. */
    final @Nullable Identity identity;

    /** Of a PRV/1 client. */
    final @Nullable PeerId peer;

    /** Its connection; {@code null} for a plain client, and while a PRV/1 client has none. */
    @Nullable
    PrvLink link;

    /** What the queue has of it, by the ids that it uses: what waits, what is delivered, and what is kept of the rest. */
    final Long2ObjectHashMap<QueuedRequest> requests = new Long2ObjectHashMap<>(FIRST_CAPACITY, LOAD_FACTOR);

    /** One for each service that it has used. */
    private final List<ClientLine> lines = new ArrayList<>(1);

    /** It needs nothing any more of its requests below. */
    long acknowledgedBelow = 1;

    /** The highest id of which the end has been forgotten before the client acknowledged it. */
    long forgottenUpTo;

    /** It has asked for what must not run twice. */
    boolean asksOnce;

    /** It is another cluster, and borrows the workers of this queue: what it asks neither waits nor is lent on. */
    boolean borrows;

    /** How many of its requests wait, and the sum of their sizes. */
    int waiting;

    long waitingBytes;

    /** When it was heard last, in the machine's fair time. */
    long heardAtNanos;

    private QueueClient(@Nullable Identity identity, @Nullable PeerId peer) {
        this.identity = identity;
        this.peer = peer;
    }

    static QueueClient plain(Identity identity) {
        return new QueueClient(identity, null);
    }

    static QueueClient prv(PeerId peer) {
        return new QueueClient(null, peer);
    }

    boolean isPlain() {
        return identity != null;
    }

    /** It needs nothing any more of its requests below {@code firstOpen}: those that there are go to {@code unneeded}. */
    void acknowledge(long firstOpen, Consumer<QueuedRequest> unneeded) {
        long fromId = acknowledgedBelow;
        acknowledgedBelow = firstOpen;
        if (firstOpen - fromId <= 4L * requests.size()) {
            for (long id = fromId; id < firstOpen; id++) {
                QueuedRequest request = requests.get(id);
                if (request != null) {
                    unneeded.accept(request);
                }
            }
        } else {
            // A leap: looking at what is there is cheaper than at every id in between.
            for (QueuedRequest request : new ArrayList<>(requests.values())) {
                if (request.clientId - firstOpen < 0) {
                    unneeded.accept(request);
                }
            }
        }
    }

    /** Lets go of its connection, if it has one of PRV/1. */
    void unlink() {
        if (link != null) {
            link.client = null;
            link = null;
        }
    }

    ClientLine lineOf(Service service) {
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).service == service) {
                return lines.get(i);
            }
        }
        if (lines.size() >= LINES_SWEEP) {
            lines.removeIf(unused -> unused.waiting.isEmpty());
        }
        ClientLine line = new ClientLine(this, service);
        lines.add(line);
        return line;
    }
}
