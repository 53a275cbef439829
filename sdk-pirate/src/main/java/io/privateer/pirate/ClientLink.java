package io.privateer.pirate;

import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/** What {@link LinkMachine} knows of one connection to one endpoint. Mutable; belongs to it. */
final class ClientLink {

    final int endpoint;
    long openedAtNanos;
    long helloAtNanos;
    long heardAtNanos;
    long sentAtNanos;
    long welcomedAtNanos;
    long heartbeatNanos;

    /** Longest frame that the server takes, in bytes; known once it is welcomed. */
    int messageBytesMax = Integer.MAX_VALUE;

    /** Whether the server has answered the present HELLO. */
    boolean welcomed;

    /** The server said that another is to be asked; the connection ends with the message that is being read. */
    boolean refused;

    /** Whether the endpoint's circuit breaker knows how this connection turned out. */
    boolean reported;

    /** Whether something was written since the last flush. */
    boolean written;

    /** Calls below have ended, as far as the server was told. */
    long acknowledged = 1;

    /** The life of the queue behind the connection. */
    @Nullable
    PeerId incarnation;

    ClientLink(int endpoint, long nowNanos, long heartbeatNanos) {
        this.endpoint = endpoint;
        this.openedAtNanos = nowNanos;
        this.helloAtNanos = nowNanos;
        this.heardAtNanos = nowNanos;
        this.sentAtNanos = nowNanos;
        this.heartbeatNanos = heartbeatNanos;
    }
}
