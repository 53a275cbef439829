package io.privateer.pirate;

import io.privateer.core.FrameBytes;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What a queue that stands by knows of the requests of the one that serves, as that one's {@link LedgerLog} tells it: what
 * is kept of those that have ended stands in the {@link DedupeWindow} at once, what is open waits here until the queue
 * takes over. Belongs to {@link QueueMachine}.
 */
final class LedgerMirror {

    private static final int BUFFER_BYTES_KEPT = 4 * 1024 * 1024;

    private final RequestLedger ledger;
    private final Clientele clientele;
    private final Long2ObjectHashMap<QueuedRequest> byNumber = new Long2ObjectHashMap<>();
    private final RequestList open = new RequestList();

    /** What has come of entries that the next chunk goes on with, and how much that is. */
    private byte[] buffer = {};

    private int size;

    private @Nullable PeerId incarnation;
    private boolean complete;

    LedgerMirror(RequestLedger ledger, Clientele clientele) {
        this.ledger = ledger;
        this.clientele = clientele;
    }

    /** Forgets everything, and also what runs for clients that have said goodbye here. */
    void clear() {
        for (QueuedRequest request = takeNewest(); request != null; request = takeNewest()) {
            ledger.forget(request);
        }
        for (QueueClient client : clientele.prv()) {
            for (QueuedRequest request : new ArrayList<>(client.requests.values())) {
                forget(request);
            }
        }
        size = 0;
        incarnation = null;
        complete = false;
    }

    /** Returns the incarnation of the queue that serves if all is known that may have run there, otherwise {@code null}. */
    @Nullable
    PeerId incarnation() {
        return complete ? incarnation : null;
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Takes out the open request that was accepted last, or returns {@code null}. */
    @Nullable
    QueuedRequest takeNewest() {
        QueuedRequest newest = open.last();
        if (newest != null) {
            takeOut(newest);
        }
        return newest;
    }

    /** Takes out the open request with this number, or returns {@code null}. */
    @Nullable
    QueuedRequest take(long number) {
        QueuedRequest request = byNumber.get(number);
        if (request != null) {
            takeOut(request);
        }
        return request;
    }

    private void takeOut(QueuedRequest request) {
        request.mirrored = false;
        byNumber.remove(request.number);
        open.remove(request);
        request.service().inFlight--;
    }

    /**
     * Takes the next chunk of the log.
     *
     * @return what is wrong with it, or {@code null}
     */
    @Nullable
    String follow(byte[] chunk, long nowNanos, long fairNanos) {
        append(chunk);
        int at = 0;
        while (size - at >= LedgerCodec.ENTRY_HEADER) {
            int length = ByteBuffer.wrap(buffer, at, Integer.BYTES).getInt();
            if (length < LedgerCodec.ENTRY_HEADER || length > LedgerCodec.ENTRY_BYTES_MAX) {
                return "an entry of " + length + " bytes";
            }
            if (length > size - at) {
                break;
            }
            String problem = apply(ByteBuffer.wrap(buffer, at, length).slice(), nowNanos, fairNanos);
            if (problem != null) {
                return problem;
            }
            at += length;
        }
        size -= at;
        System.arraycopy(buffer, at, buffer, 0, size);
        return null;
    }

    private void append(byte[] chunk) {
        if (size == 0 && buffer.length > BUFFER_BYTES_KEPT) {
            buffer = new byte[0];
        }
        if (buffer.length - size < chunk.length) {
            buffer = Arrays.copyOf(buffer, Math.max(2 * buffer.length, size + chunk.length));
        }
        System.arraycopy(chunk, 0, buffer, size, chunk.length);
        size += chunk.length;
    }

    private @Nullable String apply(ByteBuffer entry, long nowNanos, long fairNanos) {
        entry.getInt();
        int number = entry.get() & 0xFF;
        LedgerCodec.Type type = LedgerCodec.Type.of(number);
        if (type == null || (type == LedgerCodec.Type.BEGIN) != (incarnation == null)) {
            return "an entry of type " + number + (incarnation == null ? " as the first" : "");
        }
        try {
            return apply(type, entry, nowNanos, fairNanos) ? null : "an entry " + type + " that contradicts another";
        } catch (BufferUnderflowException e) {
            return "an entry " + type + " of " + entry.limit() + " bytes, cut off";
        }
    }

    /** Returns whether the entry fits what is known. */
    private boolean apply(LedgerCodec.Type type, ByteBuffer in, long nowNanos, long fairNanos) {
        switch (type) {
            case BEGIN -> incarnation = LedgerCodec.readPeer(in);
            case CLIENT -> client(in, fairNanos);
            case ACCEPTED -> {
                return accepted(in, nowNanos, fairNanos);
            }
            case RENUMBERED -> renumbered(in);
            case ENDED -> {
                return ended(in, fairNanos);
            }
            case KEPT -> {
                return kept(in, fairNanos);
            }
            case FORGOTTEN -> {
                QueuedRequest request = byNumber.get(in.getLong());
                if (request != null) {
                    forget(request);
                }
            }
            case ACKNOWLEDGED ->
                clientele.followed(LedgerCodec.readPeer(in), fairNanos).acknowledge(in.getLong(), this::forget);
            case GONE -> gone(LedgerCodec.readPeer(in), fairNanos);
            case COMPLETE -> complete = true;
        }
        return true;
    }

    private void client(ByteBuffer in, long fairNanos) {
        QueueClient client = clientele.followed(LedgerCodec.readPeer(in), fairNanos);
        client.acknowledgedBelow = in.getLong();
        client.forgottenUpTo = in.getLong();
        client.asksOnce = in.get() != 0;
    }

    private boolean accepted(ByteBuffer in, long nowNanos, long fairNanos) {
        long number = in.getLong();
        QueueClient client = clientele.followed(LedgerCodec.readPeer(in), fairNanos);
        long clientId = in.getLong();
        if (isOpen(client, clientId) || byNumber.containsKey(number)) {
            return false;
        }
        QueuedRequest request = ledger.newRequest();
        request.number = number;
        request.clientId = clientId;
        int flags = in.get();
        request.once = (flags & LedgerCodec.ONCE) != 0;
        request.borrowed = (flags & LedgerCodec.BORROWED) != 0;
        request.deliveries = in.getInt();
        request.acceptedAtNanos = nowNanos;
        request.ttlNanos = in.getLong();
        String service = new String(LedgerCodec.readBytes(in), StandardCharsets.UTF_8);
        request.headers = LedgerCodec.readBytes(in);
        byte[][] body = LedgerCodec.readBody(in);
        request.body = body == null ? new byte[0][] : body;
        request.bytes = FrameBytes.sum(request.body) + request.headers.length;
        request.line = client.lineOf(ledger.service(service));
        client.asksOnce |= request.once;
        client.requests.put(clientId, request);
        request.mirrored = true;
        byNumber.put(number, request);
        open.addLast(request);
        request.service().inFlight++;
        return true;
    }

    /**
     * Returns whether a request of that id has not ended. One that has is forgotten: the queue that serves has done so before,
     * for its window began earlier, and has been asked again.
     */
    private boolean isOpen(QueueClient client, long clientId) {
        QueuedRequest known = client.requests.get(clientId);
        if (known != null && known.endedAs != null) {
            forget(known);
            return false;
        }
        return known != null;
    }

    private void renumbered(ByteBuffer in) {
        QueuedRequest request = byNumber.remove(in.getLong());
        if (request != null) {
            request.number = in.getLong();
            request.deliveries = in.getInt();
            byNumber.put(request.number, request);
        }
    }

    private boolean ended(ByteBuffer in, long fairNanos) {
        QueuedRequest request = take(in.getLong());
        Status status = Status.of(in.get() & 0xFF);
        if (request == null || status == null) {
            return status != null;
        }
        request.deliveries = in.getInt();
        byte[][] body = LedgerCodec.readBody(in);
        if (request.abandoned) {
            ledger.forget(request); // Its client has said here that it needs the end no more.
        } else {
            ledger.keep(request, status, body, fairNanos);
        }
        return true;
    }

    private boolean kept(ByteBuffer in, long fairNanos) {
        QueueClient client = clientele.followed(LedgerCodec.readPeer(in), fairNanos);
        long clientId = in.getLong();
        Status status = Status.of(in.get() & 0xFF);
        if (status == null || isOpen(client, clientId)) {
            return false;
        }
        QueuedRequest request = ledger.newRequest();
        request.line = client.lineOf(ledger.defaultService);
        request.clientId = clientId;
        request.deliveries = in.getInt();
        client.requests.put(clientId, request);
        ledger.keep(request, status, LedgerCodec.readBody(in), fairNanos);
        return true;
    }

    private void gone(PeerId peer, long fairNanos) {
        QueueClient client = clientele.followed(peer, fairNanos);
        for (QueuedRequest request : new ArrayList<>(client.requests.values())) {
            forget(request);
        }
        clientele.leave(client);
    }

    private void forget(QueuedRequest request) {
        if (request.mirrored) {
            takeOut(request);
        } else {
            ledger.dedupe.release(request);
        }
        ledger.forget(request);
    }
}
