package io.privateer.binarystar;

/**
 * Since when the peer may not know of this server. That it is heard says little: after a split it is what was on its way that
 * is heard first. What the peer echoes it has heard itself, so that counts. Belongs to {@link BinaryStarMachine}.
 */
final class Contact {

    private final LeaseBook leases;
    private long sureUntilNanos;
    private long activatedAtNanos;
    private boolean lost = true;
    private long lostBefore = 1;

    Contact(LeaseBook leases, long nowNanos) {
        this.leases = leases;
        this.sureUntilNanos = nowNanos;
        this.activatedAtNanos = nowNanos;
    }

    void onActive(long nowNanos) {
        activatedAtNanos = nowNanos;
    }

    /** The peer is gone; what will be sent has a number from {@code nextSequence} on. */
    void onLost(long nextSequence) {
        lost = true;
        lostBefore = nextSequence;
    }

    /** Returns whether the two hear each other again. */
    boolean onHeard(long nowNanos, PeerState message) {
        if (message.nodeId().equals(PeerState.GUIDE)) {
            sureUntilNanos = nowNanos; // It has no echo.
        } else if (!leases.hasSent(message.echo())) {
            return false;
        } else if (leases.sentAtNanos(message.echo()) - sureUntilNanos > 0) {
            sureUntilNanos = leases.sentAtNanos(message.echo());
        }
        boolean again = lost && (message.nodeId().equals(PeerState.GUIDE) || message.echo() >= lostBefore);
        lost = lost && !again;
        return again;
    }

    /** Returns since when this server, if it is active, may have done what the peer does not know, as the clock reads. */
    long aloneSinceNanos() {
        return sureUntilNanos - activatedAtNanos > 0 ? sureUntilNanos : activatedAtNanos;
    }
}
