package io.privateer.core.wire;

import org.jspecify.annotations.Nullable;

/** How a request ended, or why a peer says goodbye, as PRV/1 carries it in one byte. */
public enum Status {
    /** The handler replied; or the peer leaves by its own will. */
    OK(0),
    /** The handler failed; the body is its message in UTF-8. */
    HANDLER_FAILED(1),
    /** The queue holds as much as it may. Retry after the time given. */
    BUSY(2),
    /** The time to live ran out before a worker took the request. */
    EXPIRED(3),
    /** The time to live ran out while no worker of the service was there. */
    NO_WORKERS(4),
    /** As many workers as are allowed have lost the request. */
    REDELIVERY_EXHAUSTED(5),
    /** The server is the passive one of a pair. Retry elsewhere. */
    NOT_ACTIVE(6),
    /** The sender follows a server that has been replaced. */
    STALE_EPOCH(7),
    /** The request, or the reply to it, is longer than the other side takes. */
    TOO_LARGE(8),
    /** The peer may not do that. */
    UNAUTHORIZED(9),
    /** The worker of an at-most-once request was lost; the request may have run, and will not run again. */
    WORKER_LOST(10),
    /** The receiver does not know the sender: introduce yourself again. */
    UNKNOWN_PEER(11);

    private static final Status[] BY_CODE = values();

    private final int code;

    Status(int code) {
        this.code = code;
    }

    /** Returns the byte on the wire, from 0 to 255. */
    public int code() {
        return code;
    }

    /** Returns the status with this code, or {@code null} where there is none. */
    public static @Nullable Status of(int code) {
        return code >= 0 && code < BY_CODE.length ? BY_CODE[code] : null;
    }
}
