package io.privateer.pirate;

/** The bugs that {@link PairSim} has to find. */
enum PairMutant {
    EPOCH_IS_NOT_CHECKED("EpochFence", "return Verdict.STALE;", "return Verdict.CURRENT;"),
    NEWER_EPOCH_IS_NOT_REMEMBERED("EpochFence", "newest = epoch;", ""),
    DISK_IS_NOT_FORCED(
            "PairDisk",
            "writes.add(new Write(newEpoch, stored, failed));",
            "owner.input(() -> stored.accept(newEpoch)); writes.add(new Write(newEpoch, told -> {}, () -> {}));"),
    FAILED_STORE_COUNTS(
            "BinaryStarMachine",
            "takeover.abandon(sender.nextSequence(), \"the epoch cannot be stored\");",
            "onEpochStored(nowNanos, Epochs.next(settings.role(), epoch.newest()));"),
    EPOCHS_OF_THE_TWO_ARE_ALIKE("Epochs", "return isOf(role, next) ? next : next + 1;", "return next;"),
    SAME_EPOCH_IS_DRAWN_AGAIN("Epochs", "long next = highestSeen + 1;", "long next = Math.max(1, highestSeen);"),
    LEASE_IS_COUNTED_FROM_ITS_RECEIPT(
            "LeaseBook",
            "long untilNanos = askedAtNanos[(int) (request % REMEMBERED)] + heldNanos;",
            "long untilNanos = nowNanos + heldNanos;"),
    PROMISE_IS_COUNTED_FROM_ITS_RECEIPT(
            "LeaseBook", "long untilNanos = sentAtNanos[at] + heldNanos;", "long untilNanos = nowNanos + heldNanos;"),
    PROMISE_TO_ANOTHER_STATE_COUNTS(
            "LeaseBook",
            "if (sequence < firstSequence || sentSequence[at] != sequence) {",
            "if (sentSequence[at] != sequence) {"),
    DRIFT_IS_IGNORED("StarSettings", "return leaseNanos - leaseNanos / MILLION", "return leaseNanos + 0 * leaseNanos"),
    PROMISE_DOES_NOT_BIND("LeaseBook", "return bound || promisedTo != null;", "return bound;"),
    LEASE_IS_NOT_LOOKED_AT_AFTER_STORING(
            "Takeover",
            "if (settings.hasWitness() && (leases.hasPromised(nowNanos) || !leases.isWitnessHeld(nowNanos))) {",
            "if (settings.links() < 0) {"),
    WAITING_IN_VAIN_IS_NOT_TOLD(
            "BinaryStarMachine", "return epoch.isGood() && !takeover.isInVain(nowNanos);", "return epoch.isGood();"),
    WITNESS_GRANTS_TWICE(
            "WitnessMachine",
            "boolean free = !isHeld(nowNanos, pair) || request.holder().equals(pair.holder);",
            "boolean free = true;"),
    RESTARTED_WITNESS_GRANTS_AT_ONCE("WitnessMachine", "open = open || nowNanos - openNanos >= 0;", "open = true;"),
    LEASE_NEVER_ENDS(
            "BinaryStarMachine",
            "return state == StarState.ACTIVE && (!settings.hasWitness() || leases.isHeld(nowNanos));",
            "return state == StarState.ACTIVE;"),
    QUEUE_OUTLIVES_ITS_LEASE(
            "Standing", "if (leased && !standby && nowNanos - leasedUntilNanos >= 0) {", "if (leased && standby) {"),
    VOTE_IS_NOT_NEEDED(
            "BinaryStarMachine",
            "if (state != StarState.ACTIVE && peer.hasVote(nowNanos)) {",
            "if (state != StarState.ACTIVE) {"),
    VOTE_IS_IGNORED(
            "BinaryStarRules",
            "case PEER_PASSIVE -> activeIf(!facts.lastActive() || !facts.peerCanServe(), facts); case CLIENT_REQUEST -> acceptIf(facts.peerGone(), facts);",
            "case PEER_PASSIVE -> activeIf(!facts.lastActive() || !facts.peerCanServe(), facts); case CLIENT_REQUEST -> REJECT;"),
    CLIENT_DOES_NOT_VOTE(
            "LinkMachine", "boolean vote = calls.openCount() > 0 && !isServed();", "boolean vote = false;"),
    SILENCE_IS_FOUND_TOO_SOON(
            "PeerWatch",
            "clock.fair(nowNanos) - heardFairNanos - settings.failoverNanos() >= 0;",
            "clock.fair(nowNanos) - heardFairNanos - settings.heartbeatNanos() / 2 >= 0;"),
    STANDING_STILL_COUNTS_AS_SILENCE(
            "PeerWatch",
            "this.clock = new FairClock(nowNanos, sweepNanos, toleranceNanos);",
            "this.clock = new FairClock(nowNanos, sweepNanos, Long.MAX_VALUE);"),
    ONE_LOST_LINK_IS_ENOUGH("PeerWatch", "if (link != LinkState.REFUSED) {", "if (link == LinkState.UP) {"),
    ACTIVE_SERVER_STAYS_IN_SPITE_OF_A_NEWER_EPOCH(
            "BinaryStarRules", "facts.newerEpoch() ? TO_PASSIVE : STAY;", "facts.newerEpoch() ? STAY : STAY;"),
    BOTH_STAY_PASSIVE(
            "BinaryStarRules",
            "activeIf(!facts.lastActive() || !facts.peerCanServe(), facts);",
            "activeIf(false, facts);"),
    MANUAL_MODE_DECIDES_FOR_ITSELF(
            "BinaryStarRules",
            "return mode != StarMode.MANUAL && canServe && misconfiguration == null;",
            "return canServe && misconfiguration == null;"),
    QUEUE_SERVES_ON_UNDER_A_NEWER_EPOCH("Standing", "standBy(peersEpoch, \"\");", ""),
    QUEUE_THAT_STANDS_BY_TAKES_REQUESTS("Standing", "return standby || late;", "return late;"),
    QUEUE_KEEPS_ITS_INCARNATION(
            "Standing", "followed == null ? newIncarnation : followed;", "followed == null ? incarnation : followed;"),
    CALL_WAITS_FOR_A_LOST_ATTEMPT(
            "ClientMachine",
            "call.onTurnedAway(deliveries);",
            "if (!call.onRefused()) { return; } call.busy = false; call.mayBorrow = true;"),
    LEASE_IS_GIVEN_BACK_BEFORE_THE_QUEUE_STANDS_BY(
            "Resignation",
            "pending = settings.hasWitness() && leases.isHeld(nowNanos);",
            "pending = settings.links() < 0 && leases.isHeld(nowNanos);"),
    WHAT_WAS_DELIVERED_COUNTS_AS_REFUSED("ClientCall", "if (deliveries == 0) {", "if (deliveries >= 0) {"),
    PASSIVE_SERVER_NEED_NOT_KNOW_WHAT_RUNS(
            "LedgerLog", "return !holdsBack || request.loggedAt <= stored;", "return true;"),
    REPLY_IS_ACKNOWLEDGED_TOO_SOON("LedgerLog", "if (!holdsBack || chunk <= stored) {", "if (chunk >= 0) {"),
    QUEUE_THAT_STANDS_BY_ACKNOWLEDGES("LedgerLog", "if (port == null || !serves ||", "if (port == null ||"),
    QUEUE_THAT_STANDS_DOWN_ACKNOWLEDGES("LedgerLog", "repliesToAcknowledge.clear(); end();", "end();"),
    NEW_NUMBER_IS_NOT_TOLD(
            "LedgerLog",
            "if (session != 0 && request.client().peer != null) { entries.begin(LedgerCodec.Type.RENUMBERED)",
            "if (session < 0 && request.client().peer != null) { entries.begin(LedgerCodec.Type.RENUMBERED)"),
    END_IS_NOT_TOLD("RequestLedger", "log.ended(request, status, body);", ""),
    SNAPSHOT_MISSES_WHAT_HAS_ENDED("Handover", "ledger.dedupe.forEach(ledger.log::kept);", ""),
    SNAPSHOT_MISSES_WHAT_IS_OPEN("Handover", "open.forEach(request -> ledger.log.accepted(request, nowNanos));", ""),
    OLD_SNAPSHOT_IS_KEPT("QueueReplication", "if (!serves) { mirror.clear(); }", ""),
    HEIR_ASKS_NOBODY(
            "Inheritance",
            "if (settled || (clock.fair(nowNanos) - endsAtNanos < 0 && isAnyAwaited())) {",
            "if (settled) {"),
    HEIR_FORGETS_WHAT_WORKERS_SAY("Inheritance", "handover.adopt(request, worker, clock.fair(nowNanos));", ""),
    HEIR_IS_ANOTHER_INCARNATION("Standing", "followed == null ? newIncarnation : followed;", "newIncarnation;"),
    WHAT_RAN_UNTOLD_RUNS_AGAIN("Clientele", "return record.isElsewhere() ||", "return"),
    WORKER_HANDS_OVER_NO_REPLIES(
            "PrvWorkerMachine",
            "if (wanted.equals(incarnation)) { sent.takeBack(this::hold);",
            "if (wanted.equals(incarnation)) {"),
    WORKER_KEEPS_NO_REPLIES(
            "SentReplies",
            "if (acknowledged && delivery != null) {",
            "if (acknowledged && delivery != null && sent < 0) {"),
    WORKER_INTRODUCES_ITSELF_WITHOUT_ITS_REPLIES("SentReplies", "sent = 0; takeBack(holder);", "sent = 0;"),
    SIDES_OF_A_WORKER_DO_NOT_KNOW_EACH_OTHER("PrvWorkerSides", "if (machine != heir) {", "if (machine == heir) {"),
    WORKER_FORGETS_FOR_A_QUEUE_THAT_STANDS_BY(
            "PrvWorkerMachine",
            "(flags & Prv.STANDBY) != 0 ? WorkerLink.ASIDE",
            "(flags & Prv.STANDBY) < 0 ? WorkerLink.ASIDE"),
    WITHDRAWN_WORK_IS_HANDED_OVER("PrvWorkerMachine", "surrendered.removeIf(PrvDelivery::isWithdrawn);", "");

    /** What is planted, and where. */
    final Planted bug;

    PairMutant(String className, String original, String planted) {
        this.bug = new Planted(className, original, planted);
    }
}
