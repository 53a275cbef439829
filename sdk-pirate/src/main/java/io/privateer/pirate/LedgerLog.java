package io.privateer.pirate;

import io.privateer.core.Replicated;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other queue of a pair what becomes of the requests of this one, and what it knows of that already. As long as
 * the two are in step, no request is dispatched before the other queue knows it, and no worker forgets a reply before the
 * other queue has it. So when this one ends, the other knows of everything that may have run.
 *
 * <p>A request is known between the two, and to its worker, by its number: the low 16 bits of the epoch, and a count of 48
 * bits. It is the id of its delivery; a request that is to run again is given a new one first. No two queues ever give out
 * the same, so no worker's word about one request is taken for another's. Belongs to {@link QueueMachine}.
 */
final class LedgerLog {

    private static final int EPOCH_SHIFT = 48;
    private static final int CHUNK_BYTES = Replicated.CHUNK_BYTES_MAX;

    private final ArrayDeque<StoredReplies> repliesToAcknowledge = new ArrayDeque<>();
    private final LedgerCodec entries = new LedgerCodec();
    private @Nullable LedgerPort port;
    private long numbered;

    /** The stream, 0 for none. */
    private long session;

    /** How many chunks of it were sent, and how many the other queue has. */
    private long sent;

    private long stored;

    /** The chunk that says all that was there when the stream began, 0 before it has been written. */
    private long completeAt;

    /** What the other queue does not know waits: of what was done before that, {@link #completeAt} is the last. */
    private boolean holdsBack;

    private boolean inStep;
    private boolean serves;

    /** What of a worker's replies on one connection the other queue has once it has a chunk. */
    private record StoredReplies(PrvLink link, long count, long chunk) {}

    /** From here on every request has a number. */
    void open(LedgerPort to) {
        port = to;
    }

    boolean isOn() {
        return port != null;
    }

    boolean isInStep() {
        return inStep;
    }

    /** Numbers begin anew with every epoch. */
    void beginEpoch(long epoch) {
        numbered = epoch << EPOCH_SHIFT;
        serves = true;
    }

    /** Returns the number of a request that may run now, or {@link QueuedRequest#UNNUMBERED} where there is no other queue. */
    long nextNumber() {
        return port == null ? QueuedRequest.UNNUMBERED : ++numbered;
    }

    /** The other queue follows; what is there already is to be said now, then {@link #complete}. */
    void begin(long newSession, PeerId incarnation) {
        end();
        session = newSession;
        sent = 0;
        stored = 0;
        completeAt = 0;
        entries.clear();
        entries.begin(LedgerCodec.Type.BEGIN).peer(incarnation);
        endEntry();
    }

    void complete() {
        entries.begin(LedgerCodec.Type.COMPLETE);
        completeAt = endEntry();
    }

    /** The other queue has the first {@code chunks}. */
    void onStored(long ofSession, long chunks) {
        if (ofSession != session || port == null) {
            return;
        }
        stored = Math.max(stored, chunks);
        if (!holdsBack && completeAt > 0 && stored >= completeAt) {
            holdsBack = true;
            completeAt = lastChunk(); // Until here, what was said may have been done already.
        }
        if (holdsBack && !inStep && stored >= completeAt) {
            inStep = true;
            port.inStep(session);
        }
        acknowledgeReplies();
    }

    /** The other queue follows no more. */
    void onEnded(long ofSession) {
        if (ofSession == session) {
            end();
        }
    }

    /** This queue serves no more. What its workers were not told to forget, the other one may have to ask them for. */
    void standDown() {
        serves = false;
        repliesToAcknowledge.clear();
        end();
    }

    /** The worker introduces itself, and counts its replies anew. */
    void onIntroduction(PrvLink link) {
        repliesToAcknowledge.removeIf(stored -> stored.link == link);
        link.repliesRead = 0;
        link.repliesToAcknowledge = 0;
    }

    private void end() {
        session = 0;
        holdsBack = false;
        inStep = false;
        entries.clear();
        acknowledgeReplies();
    }

    /** Returns whether the request need not wait for the other queue to know it. */
    boolean mayDispatch(QueuedRequest request) {
        return !holdsBack || request.loggedAt <= stored;
    }

    void client(QueueClient client) {
        PeerId peer = client.peer;
        if (session != 0 && peer != null) {
            entries.begin(LedgerCodec.Type.CLIENT)
                    .peer(peer)
                    .u64(client.acknowledgedBelow)
                    .u64(client.forgottenUpTo)
                    .u8(client.asksOnce ? 1 : 0);
            endEntry();
        }
    }

    /** Plain clients ask under no id, so nobody could tell that they ask again; their requests are not told. */
    void accepted(QueuedRequest request, long nowNanos) {
        PeerId peer = request.client().peer;
        if (session == 0 || peer == null) {
            request.loggedAt = 0;
            return;
        }
        entries.begin(LedgerCodec.Type.ACCEPTED)
                .u64(request.number)
                .peer(peer)
                .u64(request.clientId)
                .u8((request.once ? LedgerCodec.ONCE : 0) | (request.borrowed ? LedgerCodec.BORROWED : 0))
                .u32(request.deliveries)
                .u64(request.ttlNanos - (nowNanos - request.acceptedAtNanos))
                .bytes(request.service().nameBytes)
                .bytes(request.headers)
                .body(request.body);
        request.loggedAt = endEntry();
    }

    /** The request may run again. */
    void renumber(QueuedRequest request) {
        long before = request.number;
        request.number = nextNumber();
        if (session != 0 && request.client().peer != null) {
            entries.begin(LedgerCodec.Type.RENUMBERED)
                    .u64(before)
                    .u64(request.number)
                    .u32(request.deliveries);
            request.loggedAt = endEntry();
        }
    }

    void ended(QueuedRequest request, Status status, byte @Nullable [][] reply) {
        if (session != 0) {
            entries.begin(LedgerCodec.Type.ENDED)
                    .u64(request.number)
                    .u8(status.code())
                    .u32(request.deliveries)
                    .body(reply);
            endEntry();
        }
    }

    void kept(QueuedRequest request) {
        PeerId peer = request.client().peer;
        Status status = request.endedAs;
        if (session != 0 && peer != null && status != null) {
            entries.begin(LedgerCodec.Type.KEPT)
                    .peer(peer)
                    .u64(request.clientId)
                    .u8(status.code())
                    .u32(request.deliveries)
                    .body(request.reply);
            endEntry();
        }
    }

    void forgotten(QueuedRequest request) {
        if (session != 0 && request.client().peer != null) {
            entries.begin(LedgerCodec.Type.FORGOTTEN).u64(request.number);
            endEntry();
        }
    }

    void acknowledged(QueueClient client, long firstOpen) {
        PeerId peer = client.peer;
        if (session != 0 && peer != null) {
            entries.begin(LedgerCodec.Type.ACKNOWLEDGED).peer(peer).u64(firstOpen);
            endEntry();
        }
    }

    void gone(QueueClient client) {
        PeerId peer = client.peer;
        if (session != 0 && peer != null) {
            entries.begin(LedgerCodec.Type.GONE).peer(peer);
            endEntry();
        }
    }

    /**
     * A worker's message has been read: it may forget its replies once the other queue has them, if that is in step. What
     * comes to a queue that serves no more counts for nothing, so the worker keeps it.
     */
    void onRepliesRead(PrvLink link) {
        if (port == null || !serves || link.repliesRead == link.repliesToAcknowledge) {
            return;
        }
        link.repliesToAcknowledge = link.repliesRead;
        long chunk = lastChunk();
        if (!holdsBack || chunk <= stored) {
            link.acknowledge(link.repliesRead);
        } else {
            repliesToAcknowledge.add(new StoredReplies(link, link.repliesRead, chunk));
        }
    }

    private void acknowledgeReplies() {
        StoredReplies first = repliesToAcknowledge.peek();
        while (first != null && (!holdsBack || first.chunk <= stored)) {
            repliesToAcknowledge.remove();
            first.link.acknowledge(first.count);
            first = repliesToAcknowledge.peek();
        }
    }

    /** Sends what was said in this turn. */
    void flush() {
        if (session != 0 && entries.size() > 0) {
            send(entries.size());
        }
    }

    /** Returns the number of the chunk with which the entry ends. */
    private long endEntry() {
        if (entries.size() == 0 || port == null) {
            throw new IllegalStateException("an entry of a log that nobody follows");
        }
        entries.end();
        port.flushLater();
        while (entries.size() >= CHUNK_BYTES) {
            send(CHUNK_BYTES);
        }
        return lastChunk();
    }

    /** Returns the chunk with which all ends that has been said. */
    private long lastChunk() {
        return entries.size() > 0 ? sent + 1 : sent;
    }

    private void send(int length) {
        if (port != null) {
            sent++;
            port.send(session, entries.take(length));
        }
    }
}
