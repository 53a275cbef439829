package io.privateer.core;

import java.time.Duration;

/**
 * One try to have a request answered. Immutable.
 *
 * @param endpoint where the request was sent
 * @param outcome how the try ended
 * @param elapsed how long it lasted, measured on the monotonic clock
 */
public record Attempt(String endpoint, Outcome outcome, Duration elapsed) {

    /** How an attempt ended. */
    public enum Outcome {
        /** A reply arrived. */
        REPLIED,
        /** No reply arrived within the attempt's timeout. */
        TIMED_OUT,
        /** The connection was lost while the reply was awaited. */
        DISCONNECTED,
        /** The endpoint could not be connected to at all: its host does not resolve. */
        UNREACHABLE,
        /** The server turned it away: it was busy, or not the active one of a pair, or, having taken it, no longer. */
        REFUSED,
        /** The caller gave up: the client was closed or the calling thread interrupted. */
        ABANDONED
    }

    @Override
    public String toString() {
        return endpoint + " " + outcome + " after " + elapsed.toMillis() + " ms";
    }
}
