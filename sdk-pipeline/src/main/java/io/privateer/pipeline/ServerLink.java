package io.privateer.pipeline;

import io.privateer.core.internal.Deadlines;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The connection to a ventilator or sink, as who connects sees it. A connection that was lost, or on which nothing was heard
 * for {@code liveness × heartbeat}, is given up with all that is on it, and another is made. Nothing is said but HELLO until
 * the other side has said WELCOME.
 */
final class ServerLink {

    private static final long MILLI_NANOS = 1_000_000;

    /** The world outside. */
    interface Port {

        /** Opens a new connection in place of the present one, of which nothing more comes, and returns its writer. */
        PlnWriter open();

        /** Writes HELLO. */
        void hello(PlnWriter writer);
    }

    private final Port port;
    private final long heartbeatNanos;
    private final int liveness;
    private @Nullable PlnWriter writer;
    private boolean welcomed;
    private long incarnation;
    private int messageBytesMax = Integer.MAX_VALUE;
    private long silenceNanos;
    private long heardAtFairNanos;
    private long beatDueNanos;
    private long reconnects;

    ServerLink(Port port, long heartbeatNanos, int liveness) {
        this.port = port;
        this.heartbeatNanos = heartbeatNanos;
        this.liveness = liveness;
        this.silenceNanos = liveness * heartbeatNanos;
    }

    void open(long nowNanos, long fairNanos) {
        PlnWriter opened = port.open();
        writer = opened;
        welcomed = false;
        messageBytesMax = Integer.MAX_VALUE;
        silenceNanos = liveness * heartbeatNanos;
        heardAtFairNanos = fairNanos;
        beatDueNanos = nowNanos + heartbeatNanos;
        port.hello(opened);
    }

    void reopen(long nowNanos, long fairNanos) {
        reconnects++;
        open(nowNanos, fairNanos);
    }

    /** The other side has answered; from here on it can be talked to. */
    void onWelcome(PlnReader reader) {
        welcomed = true;
        incarnation = reader.incarnation();
        messageBytesMax = reader.messageBytesMax();
        silenceNanos = liveness * Math.max(heartbeatNanos, reader.heartbeatMillis() * MILLI_NANOS);
        writer().incarnation(incarnation);
    }

    void onHeard(long fairNanos) {
        heardAtFairNanos = fairNanos;
    }

    /** Beats where it is due; returns whether the other side is silent, so that the link must be opened anew. */
    boolean onTick(long nowNanos, long fairNanos) {
        if (fairNanos - heardAtFairNanos - silenceNanos >= 0) {
            return true;
        }
        if (nowNanos - beatDueNanos >= 0) {
            beatDueNanos = nowNanos + heartbeatNanos;
            if (welcomed) {
                writer().word(Pln.HEARTBEAT);
            }
        }
        return false;
    }

    long nextDeadlineNanos(long stoodStillNanos) {
        return Deadlines.earlier(beatDueNanos, heardAtFairNanos + stoodStillNanos + silenceNanos);
    }

    boolean isWelcomed() {
        return welcomed;
    }

    long incarnation() {
        return incarnation;
    }

    /** Returns the longest task or result that the other side takes, in bytes; no limit before it has said one. */
    int messageBytesMax() {
        return messageBytesMax;
    }

    PlnWriter writer() {
        return Objects.requireNonNull(writer);
    }

    long reconnects() {
        return reconnects;
    }
}
