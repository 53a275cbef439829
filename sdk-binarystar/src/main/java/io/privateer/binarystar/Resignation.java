package io.privateer.binarystar;

import io.privateer.core.internal.Deadlines;
import org.jspecify.annotations.Nullable;

/**
 * The time between a server's ceasing to be active and its service's word that it stands by. The service has a thread of its
 * own, so with a witness nobody is told before that word, neither the witness nor the peer, which would take over upon it.
 * It ends with the lease at the latest, for that the service counts itself. Belongs to {@link BinaryStarMachine}.
 */
final class Resignation {

    private final StarSettings settings;
    private final LeaseBook leases;
    private final BinaryStarPort port;
    private boolean pending;
    private long epoch;
    private long endsAtNanos;

    /** What the witness is told when it is over. */
    private @Nullable LeaseRequest release;

    Resignation(StarSettings settings, LeaseBook leases, BinaryStarPort port) {
        this.settings = settings;
        this.leases = leases;
        this.port = port;
    }

    /** The service is told to stand by, as far as {@code newestEpoch} is known. */
    void begin(long nowNanos, long nextSequence, long newestEpoch) {
        pending = settings.hasWitness() && leases.isHeld(nowNanos);
        epoch = newestEpoch;
        endsAtNanos = leases.heldUntilNanos();
        giveBack(nextSequence, newestEpoch);
    }

    boolean isPending() {
        return pending;
    }

    /** Gives back to the witness what it may have granted, and counts on nobody's promise any more. */
    void giveBack(long nextSequence, long epochHeld) {
        if (!settings.hasWitness()) {
            return;
        }
        long request = leases.forgo(nextSequence);
        release =
                new LeaseRequest(settings.pair(), settings.nodeId(), true, request, epochHeld, settings.leaseMillis());
        if (!pending) {
            sendRelease();
        }
    }

    /** The service stands by, as it was told with {@code told}. Returns whether that ends it. */
    boolean onStandsBy(long told) {
        return pending && told == epoch && end();
    }

    /** Returns whether the time has come. */
    boolean onTick(long nowNanos) {
        return pending && nowNanos - endsAtNanos >= 0 && end();
    }

    private boolean end() {
        pending = false;
        sendRelease();
        return true;
    }

    /** The server is active again, before its service has said that it was not. */
    void withdraw() {
        pending = false;
        release = null;
    }

    /** Returns the earlier of {@code due} and the end. */
    long earlier(long due) {
        return pending ? Deadlines.earlier(due, endsAtNanos) : due;
    }

    private void sendRelease() {
        LeaseRequest last = release;
        release = null;
        if (last != null) {
            port.releaseLease(last);
        }
    }
}
