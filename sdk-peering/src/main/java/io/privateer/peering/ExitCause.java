package io.privateer.peering;

/** Why a peer is none any more. */
public enum ExitCause {
    /** It said that it leaves. */
    LEFT,
    /** It was removed here. */
    REMOVED,
    /** It was not heard for too long. */
    EXPIRED,
    /** Another life of the same name has taken its place: it was started again, or the other server of its pair serves. */
    RESTARTED;

    /** Returns whether it goes in good order, so that it still answers what it has. */
    boolean isOrderly() {
        return this == LEFT || this == REMOVED;
    }
}
