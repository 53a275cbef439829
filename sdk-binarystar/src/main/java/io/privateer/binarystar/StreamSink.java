package io.privateer.binarystar;

import io.privateer.binarystar.StreamMessage.Kind;
import io.privateer.core.Replicated;
import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The passive server's end of a stream: takes one of a peer that it knows to be active, chunk by chunk without gaps, for
 * the service. Belongs to {@link StarReplication}.
 */
final class StreamSink {

    private final Replicated service;
    private final PeerId self;

    /** The stream that is followed, 0 for none; the epoch and the life of the server whose it is. */
    private long session;

    private long epoch;
    private @Nullable PeerId source;
    private long taken;

    StreamSink(Replicated service, PeerId self) {
        this.service = service;
        this.self = self;
    }

    /** What this server is, and what its peer said last, decide whose stream it follows. */
    void observe(StarState state, @Nullable PeerState peer) {
        if (session == 0) {
            return;
        }
        if (state == StarState.ACTIVE) {
            session = 0; // The service goes on from what it has.
        } else if (peer != null && peer.state() == StarState.ACTIVE && !isOf(peer)) {
            end();
        }
    }

    private boolean isOf(PeerState peer) {
        return peer.epoch() == epoch && peer.nodeId().equals(source);
    }

    /** Returns the answer, or {@code null} if there is none to be given now. */
    @Nullable
    StreamMessage onMessage(StreamMessage message, byte @Nullable [] chunk, StarState state, @Nullable PeerState peer) {
        return switch (message.kind()) {
            case OPEN -> open(message, state, peer);
            case CHUNK -> chunk != null && take(message, chunk) ? null : answer(Kind.BROKEN, message.session(), 0);
            case HAS, BROKEN -> null;
        };
    }

    private StreamMessage open(StreamMessage message, StarState state, @Nullable PeerState peer) {
        boolean ofActivePeer = state != StarState.ACTIVE
                && peer != null
                && peer.state() == StarState.ACTIVE
                && peer.epoch() == message.number()
                && peer.nodeId().equals(message.sender());
        if (!ofActivePeer) {
            return answer(Kind.BROKEN, message.session(), 0);
        }
        session = message.session();
        epoch = message.number();
        source = message.sender();
        taken = 0;
        service.follow();
        return answer(Kind.HAS, session, 0);
    }

    private boolean take(StreamMessage message, byte[] chunk) {
        boolean next = message.session() == session
                && message.sender().equals(source)
                && message.number() == taken + 1
                && chunk.length > 0
                && chunk.length <= Replicated.CHUNK_BYTES_MAX;
        if (next) {
            taken++;
            service.follow(chunk);
        }
        return next;
    }

    /** Returns what to tell the source of the chunks that have come, or {@code null}. */
    @Nullable
    StreamMessage has() {
        return session == 0 || taken == 0 ? null : answer(Kind.HAS, session, taken);
    }

    /** The service can make nothing of the stream. */
    @Nullable
    StreamMessage refuse() {
        long refused = session;
        end();
        return refused == 0 ? null : answer(Kind.BROKEN, refused, 0);
    }

    private void end() {
        if (session != 0) {
            session = 0;
            service.followingEnded();
        }
    }

    boolean isFollowing() {
        return session != 0;
    }

    private StreamMessage answer(Kind kind, long ofSession, long number) {
        return new StreamMessage(kind, ofSession, number, self);
    }
}
