package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/**
 * The steps from wanting to be active to being it: ask the witness for the lease, if there is one, until it grants it, and
 * then store a new epoch. Whoever wanted it has to keep wanting it, or the asking ends after the failover time.
 */
final class Takeover {

    private static final long NANOS_PER_MILLI = 1_000_000;

    private final StarSettings settings;
    private final PeerWatch peer;
    private final LeaseBook leases;
    private final BinaryStarPort port;
    private final EpochKeeper keeper;
    private final Resignation resignation;
    private final StarEvents events;
    private Stage stage = Stage.NONE;
    private StarCause cause = StarCause.OPERATOR;
    private long epoch;
    private long askAtNanos;
    private long endsFairNanos;

    /** Whether the witness has been asked since it last said anything, and since when. */
    private boolean unanswered;

    private long unansweredSinceFairNanos;

    private enum Stage {
        NONE,
        /** The witness has not granted the lease yet. */
        LEASE,
        /** The epoch is not stored yet. */
        STORE
    }

    Takeover(
            StarSettings settings,
            PeerWatch peer,
            LeaseBook leases,
            EpochKeeper keeper,
            Resignation resignation,
            BinaryStarPort port,
            StarEvents events) {
        this.settings = settings;
        this.peer = peer;
        this.leases = leases;
        this.keeper = keeper;
        this.resignation = resignation;
        this.port = port;
        this.events = events;
    }

    boolean isUnderWay() {
        return stage != Stage.NONE;
    }

    boolean isFor(StarCause wanted) {
        return isUnderWay() && cause == wanted;
    }

    /** Begins, or goes on wanting. */
    void begin(long nowNanos, long newestEpoch, StarCause why) {
        endsFairNanos = peer.fair(nowNanos) + settings.failoverNanos();
        if (stage == Stage.NONE) {
            cause = why;
            askAtNanos = nowNanos;
            unanswered = false;
            stage = Stage.LEASE;
            advance(nowNanos, newestEpoch);
        }
    }

    /** Takes the next step if it can be taken now. */
    void advance(long nowNanos, long newestEpoch) {
        if (stage != Stage.LEASE) {
            return;
        }
        boolean free = !settings.hasWitness() || (!leases.hasPromised(nowNanos) && leases.isWitnessHeld(nowNanos));
        if (free) {
            stage = Stage.STORE;
            epoch = Epochs.next(settings.role(), newestEpoch);
            keeper.draw(epoch);
        } else if (!leases.hasPromised(nowNanos) && nowNanos - askAtNanos >= 0) {
            unansweredSinceFairNanos = unanswered ? unansweredSinceFairNanos : peer.fair(nowNanos);
            unanswered = true;
            ask(nowNanos, Epochs.next(settings.role(), newestEpoch));
        }
    }

    void onTick(long nowNanos, long newestEpoch, long nextSequence) {
        if (stage == Stage.LEASE && peer.fair(nowNanos) - endsFairNanos > 0) {
            abandon(nextSequence, "the lease was not granted in time");
        }
        advance(nowNanos, newestEpoch);
        if (stage == Stage.STORE && settings.hasWitness() && nowNanos - askAtNanos >= 0) {
            ask(nowNanos, epoch); // So that the lease still holds when a slow disk is done.
        }
    }

    /**
     * Returns whether this server waits for a witness that it cannot reach, as far as known. The other one should try then, and
     * hears of that: else nobody would serve where one of three links is cut.
     */
    boolean isInVain(long nowNanos) {
        return stage == Stage.LEASE
                && unanswered
                && peer.fair(nowNanos) - unansweredSinceFairNanos - settings.failoverNanos() >= 0;
    }

    void onAnswer(long nowNanos, LeaseAnswer answer) {
        unanswered = false;
        if (answer.granted()) {
            leases.onGranted(nowNanos, answer.request());
            return;
        }
        long soonest = nowNanos + Math.max(1, answer.retryAfterMillis() * NANOS_PER_MILLI);
        if (stage == Stage.LEASE && soonest - askAtNanos < 0) {
            askAtNanos = soonest;
        }
    }

    /** Returns why the server is to be active now, or {@code null} if it is not. */
    @Nullable
    StarCause onStored(long nowNanos, long stored) {
        if (stage != Stage.STORE || stored != epoch) {
            return null;
        }
        if (settings.hasWitness() && (leases.hasPromised(nowNanos) || !leases.isWitnessHeld(nowNanos))) {
            stage = Stage.LEASE; // The disk took longer than the lease lasted: ask again, and draw again.
            return null;
        }
        stage = Stage.NONE;
        return cause;
    }

    /** What was to be the newest epoch would not be. */
    void onNewerEpoch(long newest, long nextSequence) {
        if (stage == Stage.STORE && newest >= epoch) {
            abandon(nextSequence, "a newer epoch is known");
        }
    }

    void abandon(long nextSequence, String why) {
        if (stage != Stage.NONE) {
            stage = Stage.NONE;
            resignation.giveBack(nextSequence, Epochs.NONE);
            events.onTakeoverAbandoned(cause, why);
        }
    }

    /** Asks for more of the lease, for a server that is active. */
    void askForMore(long nowNanos, long activeEpoch) {
        ask(nowNanos, activeEpoch);
    }

    /** Returns the earlier of {@code due} and the next step that time brings. */
    long earlier(long nowNanos, long due) {
        if (stage != Stage.LEASE) {
            return due;
        }
        long stepNanos = leases.hasPromised(nowNanos) ? leases.promisedUntilNanos() : askAtNanos;
        return stepNanos - due < 0 ? stepNanos : due;
    }

    private void ask(long nowNanos, long wanted) {
        askAtNanos = nowNanos + Math.max(1, settings.heartbeatNanos() / 2);
        long request = leases.onAsk(nowNanos);
        port.askLease(
                new LeaseRequest(settings.pair(), settings.nodeId(), false, request, wanted, settings.leaseMillis()));
    }
}
