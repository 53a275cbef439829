package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.BusyBeats;
import io.privateer.core.wire.Dialect;
import org.jspecify.annotations.Nullable;

/** What the queue knows of one worker. Mutable; belongs to {@link QueueMachine}. */
final class QueueWorker {

    /** Stands for no delivery where an id is expected. */
    static final long NONE = 0;

    final Identity identity;
    final Dialect dialect;

    /** Ours: it understands beats that say they may flow while it is busy. */
    final boolean marked;

    /** It has beaten in that way, so its silence counts even while it is busy. */
    boolean beatsWhileBusy;

    /** What it holds. */
    @Nullable
    Delivery delivery;

    /** The delivery that was taken from it and that it may still work on; it gets no other until it is done with it. */
    long owes = NONE;

    /** It was told to be lost, and not to be back. */
    boolean lost;

    /** Nothing was heard for too long. Kept, because it may only have been frozen. */
    boolean silent;

    /** Its connection is gone; kept for the grace because it may come back under its identity. */
    boolean gone;

    /** When it was heard last, in the machine's fair time. */
    long heardAtNanos;

    QueueWorker(Identity identity, Dialect dialect, long heardAtNanos) {
        this.identity = identity;
        this.dialect = dialect;
        this.marked = BusyBeats.isMarked(identity.bytes());
        this.heardAtNanos = heardAtNanos;
    }

    boolean mayTakeWork() {
        return delivery == null && owes == NONE && !silent && !gone;
    }

    /** Whether silence means something: a worker of the Guide's kind cannot beat while it works. */
    boolean silenceCounts() {
        return dialect == Dialect.PARANOID && !gone && (beatsWhileBusy || (delivery == null && owes == NONE));
    }

    /**
     * Whether beats are good for it. A worker of the Guide's kind may have been robbed of its delivery, or of the reply,
     * by a connection that was replaced in silence, and owe what it does not know of. The silence of the queue makes it
     * say READY; one that is still at work does not listen for beats anyway.
     */
    boolean takesBeats() {
        return dialect == Dialect.PARANOID && !gone && (marked || owes == NONE);
    }

    /** Ours never reconnects under an old identity, and an identity that we made up dies with its connection. */
    boolean mayResume() {
        return identity.survivesReconnect() && !marked;
    }

    @Override
    public String toString() {
        return identity.toString();
    }
}
