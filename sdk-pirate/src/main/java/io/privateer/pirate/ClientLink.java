package io.privateer.pirate;

import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import org.jspecify.annotations.Nullable;

/** What {@link LinkMachine} knows of one connection to one endpoint. Mutable; belongs to it. */
final class ClientLink {

    /** Until a server has said its own. */
    private static final long HEARTBEAT_NANOS = 1_000_000_000L;

    /** What a server says is held between these, or it could make the client spin, or wait for a week. */
    private static final long HEARTBEAT_NANOS_MIN = 10_000_000L;

    private static final long HEARTBEAT_NANOS_MAX = 60 * HEARTBEAT_NANOS;

    final int endpoint;
    long openedAtNanos;
    long helloAtNanos;
    long heardAtNanos;
    long sentAtNanos;
    long welcomedAtNanos;
    long votedAtNanos;
    long heartbeatNanos = HEARTBEAT_NANOS;

    /** Longest frame that the server takes, in bytes; known once it is welcomed. */
    int messageBytesMax = Integer.MAX_VALUE;

    /** Whether the server has answered the present HELLO. */
    boolean welcomed;

    /** The server takes no requests now: it drains, or stands by for another. It may finish what it has. */
    boolean inactive;

    /** The server knew only an older epoch when it was heard last. */
    boolean stale;

    /** Whether the endpoint's circuit breaker knows how this connection turned out. */
    boolean reported;

    /** Whether something was written since the last flush. */
    boolean written;

    /** Calls below have ended, as far as the server was told. */
    long acknowledged = 1;

    /** The life of the queue behind the connection. */
    @Nullable
    PeerId incarnation;

    ClientLink(int endpoint, long nowNanos) {
        this.endpoint = endpoint;
        this.openedAtNanos = nowNanos;
        this.helloAtNanos = nowNanos;
        this.heardAtNanos = nowNanos;
        this.sentAtNanos = nowNanos;
    }

    /** The server has said WELCOME. */
    void onWelcome(long nowNanos, PeerId queueIncarnation, int heartbeatMillis, int serverBytesMax) {
        welcomed = true;
        welcomedAtNanos = nowNanos;
        incarnation = queueIncarnation;
        heartbeatNanos = Math.max(HEARTBEAT_NANOS_MIN, Math.min(heartbeatMillis * 1_000_000L, HEARTBEAT_NANOS_MAX));
        messageBytesMax = Math.max(Prv.MESSAGE_BYTES_MIN, serverBytesMax);
    }

    /** The client itself stood still for so long; what it has heard or said since then was not before. */
    void onStoodStill(long nowNanos, long lateNanos) {
        heardAtNanos = Deadlines.earlier(heardAtNanos + lateNanos, nowNanos);
        helloAtNanos = Deadlines.earlier(helloAtNanos + lateNanos, nowNanos);
    }

    /** Returns when the server has been silent for so long that it counts as gone. */
    long silentAtNanos(int liveness, long welcomeTimeoutNanos) {
        return welcomed ? heardAtNanos + liveness * heartbeatNanos : helloAtNanos + welcomeTimeoutNanos;
    }

    /** Returns whether the server has been good for some time. */
    boolean hasLasted(long nowNanos) {
        return welcomed && nowNanos - welcomedAtNanos >= heartbeatNanos;
    }
}
