package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The promises among the three voters of a pair with a witness, as one of the servers knows them: what the witness and
 * the peer have promised it, and what it has promised the peer. A promise is to serve nobody else for a lease.
 *
 * <p>Who holds one counts from when it sent what was promised upon, and a little less than a lease; who made one counts
 * from when it received that. So a promise never ends at its maker before it has ended at its holder, however long
 * messages take. Pauses are no excuse here: all of this is in the time of the clock, not in fair time.
 */
final class LeaseBook {

    /** How many of the last states and questions are remembered; an answer to an older one is worth nothing any more. */
    private static final int REMEMBERED = 64;

    private final boolean hasWitness;
    private final long leaseNanos;
    private final long heldNanos;
    private final long[] sentSequence = new long[REMEMBERED];
    private final long[] sentAtNanos = new long[REMEMBERED];
    private final long[] askedAtNanos = new long[REMEMBERED];
    private long firstSequence = 1;
    private long firstRequest = 1;
    private long lastRequest;
    private boolean peerHeld;
    private long peerUntilNanos;
    private boolean witnessHeld;
    private long witnessUntilNanos;
    private boolean bound;
    private long boundUntilNanos;
    private @Nullable PeerId promisedTo;
    private long promisedUntilNanos;

    LeaseBook(StarSettings settings) {
        this.hasWitness = settings.hasWitness();
        this.leaseNanos = settings.leaseNanos();
        this.heldNanos = settings.heldNanos();
    }

    /** An earlier life of this server may have promised something up to now, and nobody can take that back. */
    void onStart(long nowNanos) {
        bind(nowNanos + leaseNanos);
    }

    /**
     * The peer has said how it stands, and by that whether it needs a promise, or makes one.
     *
     * @param counts whether its promise is worth something: to a server that is active
     */
    void onPeerState(long nowNanos, PeerState message, boolean counts) {
        if (!hasWitness) {
            return; // Nobody promises anything.
        }
        if (message.state() == StarState.ACTIVE) {
            promise(nowNanos, message.nodeId());
        } else {
            takeBackPromise(message.nodeId());
            if (counts) {
                onEcho(nowNanos, message.echo());
            }
        }
    }

    /** Promises {@code peer}, by hearing from it that it is active. */
    void promise(long nowNanos, PeerId peer) {
        if (promisedTo != null && !promisedTo.equals(peer)) {
            bind(promisedUntilNanos); // Another life may still count on it, frozen in two processes of one role.
        }
        promisedTo = peer;
        promisedUntilNanos = nowNanos + leaseNanos;
    }

    /** {@code peer} has said that it is active no more, and so counts on no promise. */
    void takeBackPromise(PeerId peer) {
        if (peer.equals(promisedTo)) {
            promisedTo = null;
        }
    }

    boolean hasPromised(long nowNanos) {
        bound = bound && nowNanos - boundUntilNanos < 0;
        if (promisedTo != null && nowNanos - promisedUntilNanos >= 0) {
            promisedTo = null;
        }
        return bound || promisedTo != null;
    }

    /** Returns when the last promise to the peer ends; meaningful while there is one. */
    long promisedUntilNanos() {
        return promisedTo == null ? boundUntilNanos : promisedUntilNanos;
    }

    /** Time goes forward, so what is bound later never ends earlier, and a promise outlives what was bound before it. */
    private void bind(long untilNanos) {
        bound = true;
        boundUntilNanos = untilNanos;
    }

    /** From {@code nextSequence} on the states that are sent say that this server is active, so echoes are promises. */
    void onActive(long nextSequence) {
        firstSequence = nextSequence;
    }

    /** The state with {@code sequence} is sent. */
    void onSent(long nowNanos, long sequence) {
        int at = (int) (sequence % REMEMBERED);
        sentSequence[at] = sequence;
        sentAtNanos[at] = nowNanos;
    }

    /** Returns whether {@code sequence} was sent, and not so long ago that it is forgotten. */
    boolean hasSent(long sequence) {
        return sequence > 0 && sentSequence[(int) (sequence % REMEMBERED)] == sequence;
    }

    long sentAtNanos(long sequence) {
        return sentAtNanos[(int) (sequence % REMEMBERED)];
    }

    /** The peer says that it has heard {@code sequence}, and promises upon it. */
    void onEcho(long nowNanos, long sequence) {
        int at = (int) (sequence % REMEMBERED);
        if (sequence < firstSequence || sentSequence[at] != sequence) {
            return;
        }
        long untilNanos = sentAtNanos[at] + heldNanos;
        if (untilNanos - nowNanos > 0 && (!peerHeld || untilNanos - peerUntilNanos > 0)) {
            peerHeld = true;
            peerUntilNanos = untilNanos;
        }
    }

    /** Returns the number of a question to the witness that is sent now. */
    long onAsk(long nowNanos) {
        lastRequest++;
        askedAtNanos[(int) (lastRequest % REMEMBERED)] = nowNanos;
        return lastRequest;
    }

    /** The witness has granted what was asked with {@code request}. */
    void onGranted(long nowNanos, long request) {
        if (request < firstRequest || request > lastRequest || lastRequest - request >= REMEMBERED) {
            return;
        }
        long untilNanos = askedAtNanos[(int) (request % REMEMBERED)] + heldNanos;
        if (untilNanos - nowNanos > 0 && (!witnessHeld || untilNanos - witnessUntilNanos > 0)) {
            witnessHeld = true;
            witnessUntilNanos = untilNanos;
        }
    }

    /**
     * Counts on nothing that was promised so far, not even if the answer is still on its way.
     *
     * @return the number under which the witness is told
     */
    long forgo(long nextSequence) {
        peerHeld = false;
        witnessHeld = false;
        firstSequence = nextSequence;
        lastRequest++;
        firstRequest = lastRequest + 1;
        return lastRequest;
    }

    boolean isHeld(long nowNanos) {
        peerHeld = peerHeld && nowNanos - peerUntilNanos < 0;
        return isWitnessHeld(nowNanos) || peerHeld;
    }

    boolean isWitnessHeld(long nowNanos) {
        witnessHeld = witnessHeld && nowNanos - witnessUntilNanos < 0;
        return witnessHeld;
    }

    /** Returns when the last of what is held ends; meaningful while something is. */
    long heldUntilNanos() {
        if (!witnessHeld) {
            return peerUntilNanos;
        }
        return peerHeld && peerUntilNanos - witnessUntilNanos > 0 ? peerUntilNanos : witnessUntilNanos;
    }
}
