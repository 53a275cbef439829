package io.privateer.binarystar;

import io.privateer.binarystar.StreamMessage.Kind;
import io.privateer.core.internal.Deadlines;
import java.util.ArrayDeque;

/**
 * The active server's end of a stream: opens one as soon as a passive peer is there, sends what the service does, and ends
 * it when the peer does not keep up, for the service waits for that. Times are in the fair time of {@link PeerWatch}.
 * Belongs to {@link StarReplication}.
 */
final class StreamSource {

    /** What the service says and the peer has not taken may grow as large as what a queue holds by default. */
    static final long BYTES_MAX = 1L << 30;

    private static final int COUNT_BITS = 20;

    private final StreamPort port;
    private final long patienceNanos;
    private final long retryNanos;
    private boolean wanted;
    private long epoch;

    /** The stream that was opened last. */
    private long lastSession;

    /** The stream, 0 for none, and whether the peer has said that it follows. */
    private long session;

    private boolean following;
    private long sent;
    private long taken;
    private long sentBytes;
    private final ArrayDeque<Integer> untaken = new ArrayDeque<>();

    /** When the peer last took something, or had nothing to take. */
    private long progressAtNanos;

    private long openAtNanos;

    /** @param patienceNanos how long the peer may take for the next chunk */
    StreamSource(StreamPort port, long patienceNanos, long nowNanos) {
        this.port = port;
        this.patienceNanos = patienceNanos;
        this.retryNanos = Math.max(1, patienceNanos / 4);
        this.openAtNanos = nowNanos;
    }

    /** A stream is wanted, in this epoch, as long as this server is active and its peer can follow. */
    void want(long nowNanos, boolean isWanted, long inEpoch) {
        if (epoch != inEpoch) {
            end(nowNanos, "another epoch");
            epoch = inEpoch;
        }
        if (wanted && !isWanted) {
            end(nowNanos, "no passive peer is there");
        }
        if (isWanted && !wanted) {
            openAtNanos = nowNanos;
        }
        wanted = isWanted;
        onTick(nowNanos);
    }

    /** Sends the next chunk of what the service does, unless that belongs to another stream. */
    void send(long nowNanos, long ofSession, byte[] chunk) {
        if (ofSession != session || !following) {
            return;
        }
        if (sent == taken) {
            progressAtNanos = nowNanos;
        }
        sent++;
        sentBytes += chunk.length;
        untaken.add(chunk.length);
        if (sentBytes > BYTES_MAX || !port.send(message(Kind.CHUNK, sent), chunk)) {
            end(nowNanos, "the peer does not take what is sent");
        }
    }

    void onMessage(long nowNanos, StreamMessage message) {
        if (message.session() != session) {
            return;
        }
        if (message.kind() == Kind.BROKEN) {
            end(nowNanos, "the peer does not follow");
        } else if (message.kind() == Kind.HAS && message.number() <= sent) {
            progressAtNanos = nowNanos;
            if (!following) {
                following = true;
                port.replicate(session);
            }
            while (taken < message.number()) {
                taken++;
                sentBytes -= untaken.remove();
            }
            if (message.number() > 0) {
                port.followed(session, taken);
            }
        }
    }

    /** The connection to the peer is gone. */
    void onDisconnected(long nowNanos) {
        end(nowNanos, "the connection is gone");
    }

    void onTick(long nowNanos) {
        boolean waits = session != 0 && (!following || taken < sent);
        if (waits && nowNanos - progressAtNanos - patienceNanos >= 0) {
            end(nowNanos, "the peer does not keep up");
        }
        if (wanted && session == 0 && nowNanos - openAtNanos >= 0) {
            open(nowNanos);
        }
    }

    private void open(long nowNanos) {
        lastSession = Math.max(lastSession, epoch << COUNT_BITS) + 1; // Greater than any before, however many.
        session = lastSession;
        following = false;
        sent = 0;
        taken = 0;
        sentBytes = 0;
        untaken.clear();
        progressAtNanos = nowNanos;
        if (!port.send(message(Kind.OPEN, epoch))) {
            end(nowNanos, "the peer cannot be reached");
        }
    }

    private void end(long nowNanos, String why) {
        if (session != 0) {
            long ended = session;
            session = 0;
            openAtNanos = nowNanos + retryNanos;
            if (following) {
                following = false;
                port.ended(ended, why);
            }
        }
    }

    private StreamMessage message(Kind kind, long number) {
        return new StreamMessage(kind, session, number, port.self());
    }

    boolean isOn(long ofSession) {
        return following && session == ofSession;
    }

    /** Returns when {@link #onTick} is due, if that is before {@code nanos}. */
    long earlier(long nanos) {
        if (session == 0) {
            return wanted ? Deadlines.earlier(nanos, openAtNanos) : nanos;
        }
        return !following || taken < sent ? Deadlines.earlier(nanos, progressAtNanos + patienceNanos) : nanos;
    }
}
