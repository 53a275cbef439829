package io.privateer.pirate;

import io.privateer.core.transport.SocketStats;

/** The running totals of one {@link QueueMachine}. Mutable; belongs to it. */
final class QueueCounters {

    long accepted;
    long answered;
    long deadLettered;
    long expired;
    long abandoned;
    long rejected;
    long deliveries;
    long redelivered;
    long returned;
    long lateReplies;
    long strayReplies;
    long strayHeartbeats;
    long workersRefused;
    long lostOnce;
    long duplicates;
    long replayed;
    long stoodDown;
    long inherited;
    long lent;
    long refusedByLenders;
    long turnedBack;

    /** What only the shell counts. */
    record OfShell(
            long malformed,
            long unroutable,
            long listenerFailures,
            long violations,
            long disconnections,
            long acceptFailures,
            long slowPeers) {

        /** Adds up what happened at the sockets for clients, workers and borrowers. */
        static OfShell of(
                long malformed,
                long listenerFailures,
                long slowPeers,
                SocketStats front,
                SocketStats back,
                SocketStats cloud) {
            return new OfShell(
                    malformed + front.oversized() + back.oversized() + cloud.oversized(),
                    front.unroutable() + front.parkedDrops(),
                    listenerFailures,
                    front.violations() + back.violations() + cloud.violations(),
                    front.disconnections() + back.disconnections() + cloud.disconnections(),
                    front.acceptFailures() + back.acceptFailures() + cloud.acceptFailures(),
                    slowPeers);
        }
    }

    QueueStats snapshot(RequestLedger ledger, WorkerTable workers, Standing standing, OfShell ofShell) {
        return new QueueStats(
                accepted,
                answered,
                deadLettered,
                expired,
                abandoned,
                rejected,
                ledger.intake.waiting(),
                ledger.intake.waitingBytes(),
                ledger.inFlight.count(),
                workers.count(),
                workers.idleCount(),
                deliveries,
                redelivered,
                returned,
                lateReplies,
                strayReplies,
                workersRefused,
                ofShell.malformed() + strayHeartbeats,
                ofShell.unroutable(),
                ofShell.listenerFailures(),
                ofShell.violations(),
                ofShell.disconnections(),
                ofShell.acceptFailures(),
                lostOnce,
                duplicates,
                replayed,
                ledger.dedupe.count(),
                ledger.dedupe.bytes(),
                ledger.dedupe.evicted(),
                ofShell.slowPeers(),
                !standing.isStandby(),
                standing.epoch(),
                stoodDown,
                inherited,
                ledger.log.isInStep(),
                lent,
                refusedByLenders,
                turnedBack);
    }
}
