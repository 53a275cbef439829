package io.privateer.pirate;

import io.privateer.core.Guard;
import io.privateer.core.wire.EpochFence;
import io.privateer.core.wire.EpochFence.Verdict;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import org.jspecify.annotations.Nullable;

/**
 * Whether a queue serves or stands by for the other one of its pair, under which epoch, and in which incarnation. A queue
 * without a guard serves from its start, under epoch 0. Belongs to {@link QueueMachine}.
 */
final class Standing {

    /** The newest epoch known; every message carries it. */
    final EpochFence fence = new EpochFence();

    private final QueueSettings settings;
    private final QueueCounters counters;
    private final RequestLedger ledger;
    private final Clientele clientele;
    private final Roster roster;
    private final QueueReplication replication;
    private PeerId incarnation;
    private @Nullable Guard guard;
    private boolean standby;
    private long epoch;
    private boolean leased;
    private long leasedUntilNanos;
    private String activeAddress = "";
    private boolean alone;
    private long acceptedBefore;
    private long answeredBefore;

    Standing(
            QueueSettings settings,
            PeerId incarnation,
            QueueCounters counters,
            RequestLedger ledger,
            Clientele clientele,
            Roster roster,
            QueueReplication replication) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.counters = counters;
        this.ledger = ledger;
        this.clientele = clientele;
        this.roster = roster;
        this.replication = replication;
    }

    boolean isStandby() {
        return standby;
    }

    /** Returns the epoch that it serves under, or has served under last; 0 where there is no pair. */
    long epoch() {
        return epoch;
    }

    /** From here on it serves only when told to. */
    void guardedBy(Guard by) {
        guard = by;
        standBy(0, "");
    }

    /**
     * It serves. If it stood by, it goes on as the incarnation of the queue before it, where it knows all that may have run
     * there; otherwise it begins as another, which knows nothing of any request.
     */
    void serve(long nowNanos, long underEpoch, PeerId newIncarnation) {
        if (fence.judge(underEpoch) == Verdict.STALE && guard != null) {
            guard.newerEpoch(fence.getAsLong()); // What came over here meanwhile, the guard has yet to hear.
            return;
        }
        if (standby && leased && guard != null && nowNanos - leasedUntilNanos >= 0) {
            guard.standsBy(underEpoch); // It hears of this when the time has passed.
            return;
        }
        ledger.log.beginEpoch(underEpoch);
        if (standby) {
            takeOver(nowNanos, newIncarnation);
        }
        standby = false;
        epoch = underEpoch;
        welcomeAll();
    }

    private void takeOver(long nowNanos, PeerId newIncarnation) {
        PeerId followed = replication.takeOver(nowNanos);
        roster.beginAnew();
        incarnation = followed == null ? newIncarnation : followed;
    }

    PeerId incarnation() {
        return incarnation;
    }

    /** It serves until then only, unless it is told another time. */
    void serveUntil(long nanos) {
        leased = true;
        leasedUntilNanos = nanos;
    }

    /** Comes first with every input that asks for service: the lease may have ended while the process stood still. */
    void observe(long nowNanos) {
        if (leased && !standby && nowNanos - leasedUntilNanos >= 0) {
            standBy(epoch, "");
            if (guard != null) {
                guard.standsBy(epoch); // Which may hold another lease by now, of which this queue has not heard yet.
            }
        }
    }

    /** It serves no more: everything ends, for its clients to take it to the other one. */
    void standBy(long newestEpoch, String otherAddress) {
        fence.judge(newestEpoch);
        activeAddress = otherAddress;
        if (standby) {
            return;
        }
        if (alone && guard != null && Long.compareUnsigned(newestEpoch, epoch) > 0) {
            guard.diverged(counters.accepted - acceptedBefore, counters.answered - answeredBefore);
        }
        standby = true;
        welcomeAll(); // Before the refusals, so that clients know why they come.
        replication.standDown(activeAddress);
        roster.workers.all().forEach(roster.workers::refresh);
    }

    /** The other one is out of sight, or in sight again. */
    void alone(boolean isAlone) {
        if (isAlone && !alone) {
            acceptedBefore = counters.accepted;
            answeredBefore = counters.answered;
        }
        alone = isAlone;
    }

    /**
     * A peer's message carries an epoch. One that is newer than this queue's own means that another serves: this one stops
     * at once, and leaves the rest to its guard.
     *
     * @return false if the message is not to be believed
     */
    boolean believes(long peersEpoch) {
        if (guard == null || fence.isLeap(peersEpoch)) {
            return guard == null;
        }
        Verdict verdict = fence.judge(peersEpoch);
        if (verdict == Verdict.NEWER) {
            standBy(peersEpoch, "");
            guard.newerEpoch(peersEpoch);
        }
        return verdict != Verdict.ABSURD;
    }

    /** The queue takes no requests any more, whatever its guard says. */
    void end(String why) {
        if (guard != null) {
            guard.serviceEnded(why);
        }
    }

    /** A client has come to the one that stands by. */
    void voted() {
        if (guard != null) {
            guard.voted();
        }
    }

    /**
     * Tells a client of PRV/1 that the other one is to be asked, and where that is if it is known; or returns false. What
     * must run at most once and was sent to an earlier incarnation is turned away as well: it may have run in that.
     */
    boolean turnsAway(QueueClient client, RecordReader request) {
        boolean late = request.isOnce() && request.epoch() != 0 && Long.compareUnsigned(request.epoch(), epoch) < 0;
        if (standby) {
            voted();
        }
        if (standby || late) {
            ledger.turnAway(client, request.id(), 0, standby ? activeAddress : "");
        }
        return standby || late;
    }

    void welcome(PrvLink link) {
        link.welcome(
                incarnation,
                settings.heartbeatMillis(),
                settings.messageBytesMax(),
                settings.pendingMax(),
                flags(link));
    }

    private int flags(PrvLink link) {
        boolean drains = link.worker == null && ledger.intake.isDraining(); // Workers still get what waits.
        int flags = standby || drains ? Prv.STANDBY : 0;
        if (ledger.log.isOn()) {
            flags |= Prv.ACKNOWLEDGES;
        }
        return replication.inheritance.asks(link.worker) ? flags | Prv.TAKEOVER : flags;
    }

    private void welcomeAll() {
        for (QueueClient client : clientele.prv()) {
            if (client.link != null) {
                welcome(client.link);
            }
        }
        for (QueueWorker worker : roster.workers.all()) {
            if (worker.link != null) {
                welcome(worker.link);
            }
        }
    }
}
