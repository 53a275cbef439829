package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.BusyBeats;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.RecordReader;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What the queue knows of one worker. Mutable; belongs to {@link QueueMachine}. */
final class QueueWorker {

    /** Stands for no delivery where an id is expected. */
    static final long NONE = 0;

    private static final int NAME_BYTES = 17;
    private static final int CREDIT_MAX = 16_384;
    private static final int NOT_SAID = -1;

    /** What it is known by: its id if it speaks PRV/1, otherwise the routing id of its connection. */
    final Identity identity;

    final Dialect dialect;
    Service service;

    /** Ours: it understands beats that say they may flow while it is busy. */
    final boolean marked;

    /** It has beaten in that way, so its silence counts even while it is busy. */
    boolean beatsWhileBusy;

    /** How many deliveries it holds, how many it works on at once, and how many it will hold at most. */
    int held;

    int concurrency = 1;
    int credit = 1;

    /**
     * The delivery that was taken from it and that it may still work on; it gets no other until it is done with it, or,
     * if it holds several, until it is done with any.
     */
    long owes = NONE;

    /** It was told to be lost, and not to be back. */
    boolean lost;

    /** Nothing was heard for too long. Kept, because it may only have been frozen. */
    boolean silent;

    /** Its connection is gone; kept for the grace because it may come back. */
    boolean gone;

    /** It finishes what it holds and wants nothing more. */
    boolean draining;

    /** It has said since this queue took over what it holds of the queue before; and it is waited for until it does. */
    boolean toldHeld;

    boolean awaited;

    /** It is in the table. {@link WorkerTable} alone touches it. */
    boolean listed;

    /** The line of its service that it stands in, and its neighbours there. {@link WorkerLine} alone touches them. */
    @Nullable
    WorkerLine line;

    @Nullable
    QueueWorker before;

    @Nullable
    QueueWorker behind;

    /** When it was heard last, in the machine's fair time. */
    long heardAtNanos;

    /** Its connection, if it speaks PRV/1. */
    @Nullable
    PrvLink link;

    /** It stands for the workers of another cluster. */
    @Nullable
    Lender lender;

    QueueWorker(Identity identity, Dialect dialect, Service service, long heardAtNanos) {
        this.identity = identity;
        this.dialect = dialect;
        this.service = service;
        this.marked = BusyBeats.isMarked(identity.bytes());
        this.heardAtNanos = heardAtNanos;
    }

    /** Lets go of its connection, if it has one of PRV/1. */
    void unlink() {
        if (link != null) {
            link.worker = null;
            link = null;
        }
    }

    /**
     * Returns what a worker of PRV/1 is given: it must not empty the queue into itself.
     *
     * @param asked unsigned
     */
    static int creditOf(long asked) {
        return asked < 0 ? CREDIT_MAX : (int) Math.min(asked, CREDIT_MAX);
    }

    void takes(int newConcurrency, int newCredit) {
        concurrency = newConcurrency;
        credit = newCredit;
    }

    /** Notes what a worker of PRV/1 says of itself. */
    void introduced(RecordReader ready) {
        takes(ready.concurrency() == 0 ? NOT_SAID : ready.concurrency(), creditOf(ready.credit()));
    }

    /** Returns how many it works on at once; who does not say holds twice as many, as workers of this SDK do by default. */
    int atOnce() {
        return concurrency == NOT_SAID ? credit - credit / 2 : Math.min(concurrency, credit);
    }

    boolean isPrv() {
        return dialect == Dialect.PRV;
    }

    /** Returns the name by which the table knows a worker of PRV/1; no peer can choose a routing id that begins with 0. */
    static Identity nameOf(PeerId peer) {
        return Identity.wrap(
                ByteBuffer.allocate(NAME_BYTES).put((byte) 0).put(peer.bytes()).array());
    }

    /** Whether it would begin at once with one more, or only hold it. */
    boolean isFree() {
        return held < atOnce();
    }

    boolean mayTakeWork() {
        return held < credit && owes == NONE && !silent && !gone && !draining && !awaited;
    }

    /** Whether silence means something: a worker of the Guide's kind cannot beat while it works. */
    boolean silenceCounts() {
        return switch (dialect) {
            case PRV -> !gone;
            case PARANOID -> !gone && (beatsWhileBusy || (held == 0 && owes == NONE));
            case SIMPLE -> false;
        };
    }

    /**
     * Whether beats are good for it. A worker of the Guide's kind may have been robbed of its delivery, or of the reply,
     * by a connection that was replaced in silence, and owe what it does not know of. The silence of the queue makes it
     * say READY; one that is still at work does not listen for beats anyway.
     */
    boolean takesBeats() {
        return !gone && (isPrv() || (dialect == Dialect.PARANOID && (marked || owes == NONE)));
    }

    /**
     * Whether it may come back for what it holds. Ours of the Paranoid Pirate dialect never reconnects under an old
     * identity, and an identity that we made up dies with its connection.
     */
    boolean mayResume() {
        return isPrv() || (identity.survivesReconnect() && !marked);
    }

    @Override
    public String toString() {
        if (lender != null) {
            return "lender " + lender.name;
        }
        return isPrv() ? identity.toString().substring(2) : identity.toString();
    }
}
