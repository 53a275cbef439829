package io.privateer.pirate;

/** The bugs that {@link QueueSim} has to find. */
enum Mutant {
    REPLY_NEED_NOT_MATCH(
            "InFlight",
            "if (request == null || request.deliveryId != deliveryId) { request = numbered.get(deliveryId); } return request != null && request.deliveryId == deliveryId && request.worker == worker",
            "if (request == null) { request = numbered.get(deliveryId); } return request != null && request.worker == worker"),
    DELIVERY_OF_A_GONE_WORKER_STAYS("Roster", """
                        workers.refresh(worker);
                    } else {
                        forsake(nowNanos, worker, LossCause.DISCONNECTED);
            """, """
                        workers.refresh(worker);
                    } else {
                        remove(worker);
            """),
    OWED_REPLY_IS_FORGOTTEN("RequestLedger", """
                    worker.owes = request.deliveryId;
                    long heldNanos
            """, """
                    long heldNanos
            """),
    ROBBED_WORKER_IS_KEPT_WAITING("QueueWorker", "(dialect == Dialect.PARANOID && (marked || owes == NONE))", """
            dialect == Dialect.PARANOID"""),
    RETURNED_REQUEST_GOES_LAST(
            "RequestLedger", "request.service().addFirst(request);", "request.service().addLast(request);"),
    NEWEST_RETURN_GOES_LAST("Service", "returned.addFirst(request);", "returned.addLast(request);"),
    CLIENTS_TAKE_NO_TURNS("Service", """
                        if (!line.waiting.isEmpty()) {
                            lines.add(line);
            """, """
                        if (!line.waiting.isEmpty()) {
                            lines.addFirst(line);
            """),
    ONE_CLIENT_FILLS_THE_QUEUE("Intake", "|| client.waiting >= SHARE_OF_ROOM * room", ""),
    SHARE_IS_ONE_TOO_LARGE("Intake", "client.waiting >= SHARE_OF_ROOM * room", "client.waiting > SHARE_OF_ROOM * room"),
    ONE_CLIENT_FILLS_THE_QUEUE_WITH_BYTES("Intake", "|| client.waitingBytes > SHARE_OF_ROOM * roomBytes;", ";"),
    SHARE_IS_NEVER_FREE_AGAIN(
            "Service", "request.client().waiting += change;", "request.client().waiting += Math.max(0, change);"),
    LAST_DELIVERY_IS_NOT_MADE(
            "RequestLedger",
            "request.deliveries >= settings.deliveriesMax()",
            "request.deliveries >= settings.deliveriesMax() - 1"),
    ONE_DELIVERY_TOO_MANY(
            "RequestLedger",
            "request.deliveries >= settings.deliveriesMax()",
            "request.deliveries > settings.deliveriesMax()"),
    ABANDONED_REQUEST_IS_REDELIVERED("RequestLedger", """
                    if (request.abandoned) {
                        end(request, DropCause.ABANDONED, nowNanos);
                    } else if (request.once) {""", """
                    if (request.once) {"""),
    LEASE_NEVER_ENDS("QueueMachine", "roster.endLeases(nowNanos);", ""),
    LEASE_IS_COMPARED_WITHOUT_REGARD_TO_WRAPPING(
            "Roster",
            "clock.fair(nowNanos) - oldest.sinceNanos >= settings.leaseNanos()",
            "clock.fair(nowNanos) >= oldest.sinceNanos + settings.leaseNanos()"),
    LOSS_IS_TOLD_TWICE("Roster", "if (!worker.lost) {", "{"),
    GRACE_OUTLIVES_THE_RETURN("Roster", """
                        worker.gone = false;
                        inGrace.remove(worker);
            """, """
                        worker.gone = false;
            """),
    GRACE_IS_NOT_GIVEN("Roster", "if (worker.held > 0 && worker.mayResume()) {", "if (worker.silent && worker.gone) {"),
    WORKER_THAT_IS_HEARD_STAYS_OUT_OF_LINE("Roster", """
                    workers.refresh(worker);
                }

                /** A worker of a pirate dialect replies""", """
                }

                /** A worker of a pirate dialect replies"""),
    SIGN_OF_LIFE_MAKES_READY("QueueMachine", """
                    worker.beatsWhileBusy |= whileBusy && worker.marked;
            """, """
                    worker.beatsWhileBusy |= whileBusy && worker.marked;
                    worker.owes = QueueWorker.NONE;
            """),
    REQUEST_OUTLIVES_ITS_TIME("QueuedRequest", ">= ttlNanos", ">= 2 * ttlNanos"),
    UNREACHABLE_WORKER_EATS_THE_REQUEST("Dispatcher", """
                        ledger.undeliver(request, worker);
                        roster.forsake(
            """, """
                        ledger.inFlight.remove(request);
                        worker.held--;
                        roster.forsake(
            """),
    SILENCE_OF_A_BUSY_WORKER_MEANS_NOTHING(
            "QueueWorker", "(beatsWhileBusy || (held == 0 && owes == NONE))", "(held == 0 && owes == NONE)"),
    SILENCE_OF_ANY_BUSY_WORKER_COUNTS("QueueWorker", "(beatsWhileBusy || (held == 0 && owes == NONE))", "true"),
    STANDING_STILL_COUNTS("FairClock", "return nowNanos - stoodStillNanos;", "return nowNanos;"),
    DEADLINES_ARE_COMPARED_WITHOUT_REGARD_TO_WRAPPING(
            "Deadlines", "return a - b <= 0 ? a : b;", "return a <= b ? a : b;"),
    ADDRESS_OF_ANOTHER_QUEUE_IS_TAKEN(
            "DeliveryAddress",
            "return frame.getLong() == queue ? frame.getLong() : QueueWorker.NONE;",
            "frame.getLong(); return frame.getLong();"),
    BYTES_OF_LEAVING_REQUESTS_STAY_COUNTED(
            "Intake",
            "waitingBytes += change * request.bytes;",
            "waitingBytes += Math.max(0, change) * request.bytes;"),
    FULL_INTAKE_NEVER_OPENS("Intake", "closedFor = null;", "closedFor = IntakeCause.FULL;"),
    OLD_REPLY_GOES_TO_THE_NEW_SOCKET("WorkerMachine", "state = State.BUSY_IN_VAIN;", "reconnects += 0;"),
    FAILURE_IS_KEPT_QUIET("WorkerMachine", "if (sayReady && open) {", "if (sayReady && draining) {"),
    BUSY_WORKER_DOES_NOT_BEAT(
            "WorkerMachine", "if (queueKnowsBusyBeats || state == State.IDLE) {", "if (state == State.IDLE) {"),
    WORKER_TRUSTS_A_SILENT_QUEUE(
            "WorkerMachine",
            "if (state == State.IDLE && nowNanos - silentAtNanos >= 0) {",
            "if (state == State.STOPPED && nowNanos - silentAtNanos >= 0) {"),
    READY_ON_THE_NEW_SOCKET_IS_FORGOTTEN("WorkerMachine", """
                    if (state == State.IDLE) {
                        port.sendReady();
                    }
            """, """
                    if (state == State.IDLE && reconnects == 0) {
                        port.sendReady();
                    }
            """),
    CLIENT_KEEPS_THE_SOCKET_OF_A_FAILED_ATTEMPT("LazyPirateMachine", """
                    attempts.add(failed);
                    closeSocket();
            """, """
                    attempts.add(failed);
            """),
    CLIENT_TRIES_ONCE_TOO_OFTEN(
            "LazyPirateMachine",
            "if (attempts.size() >= options.attemptsMax() || tooLate) {",
            "if (attempts.size() > options.attemptsMax() || tooLate) {"),
    CLIENT_FORGETS_ITS_DEADLINE(
            "LazyPirateMachine", "hasDeadline = newOptions.deadline().isPresent();", "hasDeadline = false;"),
    KNOWN_REQUEST_IS_TAKEN_ANEW(
            "RequestLedger", "if (known == null) {", "if (known == null || known.endedAs == null) {"),
    REPLY_IS_NOT_KEPT(
            "RequestLedger",
            "if (dedupe.isOn() && request.clientId - client.acknowledgedBelow >= 0) {",
            "if (dedupe.isOn() && request.clientId - client.acknowledgedBelow > 0 && request.deliveries > 1) {"),
    WHAT_RUNS_ONCE_IS_REDELIVERED(
            "RequestLedger", "} else if (request.once) {", "} else if (request.once && request.deliveries > 1) {"),
    ACKNOWLEDGEMENT_FREES_WHAT_IS_OPEN(
            "QueueClient",
            "for (long id = fromId; id < firstOpen; id++) {",
            "for (long id = fromId; id <= firstOpen; id++) {"),
    CANCELLED_REQUEST_IS_DELIVERED(
            "QueueMachine", "ledger.unneeded(client.requests.get(clientId), nowNanos, clock.fair(nowNanos));", ""),
    CANCEL_DOES_NOT_REACH_THE_WORKER(
            "PrvWorkerMachine",
            "if (delivery.cancel()) {",
            "if (delivery.state == State.WAITING && delivery.cancel()) {"),
    CANCELLED_DELIVERY_IS_BEGUN(
            "PrvWorkerMachine",
            "if (delivery.state == State.WAITING) { delivery.end(Status.EXPIRED, null, false); finish(delivery); }",
            ""),
    HELD_DELIVERIES_ARE_TAKEN_BACK("Roster", "held.add(ready.heldId(i));", ""),
    HELD_DELIVERIES_ARE_NOT_NAMED("PrvWorkerMachine", "held.ids(), takenOver);", "new long[0], takenOver);"),
    TIME_TO_LIVE_IS_NOT_LOOKED_AT_BEFORE_DELIVERY("Dispatcher", "if (request.isExpired(nowNanos)) {", "if (false) {"),
    WORKER_BEGINS_WHAT_HAS_EXPIRED(
            "PrvWorkerMachine",
            "if (next.isExpired(nowNanos)) {",
            "if (next.isExpired(nowNanos) && drain.isBegun()) {"),
    CREDIT_IS_IGNORED("QueueWorker", "return held < credit &&", "return credit > 0 &&"),
    WORKER_REPLIES_TO_ANOTHER_QUEUE("PrvWorkerMachine", "held.forEach(this::giveUp);", ""),
    WORKER_IS_SILENT_ABOUT_A_DROPPED_DELIVERY(
            "PrvWorkerMachine",
            "delivery == null && link == WorkerLink.WELCOME",
            "delivery == null && link == WorkerLink.STOPPED"),
    CLIENT_ASKS_ANOTHER_QUEUE_FOR_WHAT_RUNS_ONCE(
            "ClientMachine",
            "return call.reached != null && !call.reached.equals(link.incarnation);",
            "return call.reached != null && link.incarnation == null;"),
    CLIENT_FORGETS_WHERE_IT_ASKED(
            "ClientMachine", "call.reached = call.options.isOnce() ? link.incarnation : null;", "call.reached = null;"),
    REPLY_ENDS_ANOTHER_CALL(
            "ClientMachine",
            "ClientCall call = open.get(id);",
            "ClientCall call = open.get(id) == null ? open.first() : open.get(id);"),
    CLIENT_DOES_NOT_ASK_AGAIN(
            "ClientMachine",
            "if (call.phase == Phase.SENT || call.phase == Phase.STARVED) {",
            "if (call.phase == Phase.STARVED) {"),
    CALL_OUTLIVES_ITS_DEADLINE(
            "ClientMachine",
            "if (nowNanos - call.deadlineNanos >= 0) {",
            "if (nowNanos - call.deadlineNanos >= 0 && call.phase != Phase.WAITING) {"),
    SERVICE_OF_A_WORKER_IS_IGNORED("Roster", "ledger.service(ready.service());", "ledger.defaultService;"),
    SERVICE_OF_A_REQUEST_IS_IGNORED("Clientele", "ledger.service(record.service());", "ledger.defaultService;"),
    CREDIT_CHANGE_IS_IGNORED("QueueMachine", "worker.credit = QueueWorker.creditOf(credit);", ""),
    CREDIT_ONLY_GROWS(
            "QueueMachine",
            "worker.credit = QueueWorker.creditOf(credit);",
            "worker.credit = Math.max(worker.credit, QueueWorker.creditOf(credit));"),
    CREDIT_ONLY_SHRINKS(
            "QueueMachine",
            "worker.credit = QueueWorker.creditOf(credit);",
            "worker.credit = Math.min(worker.credit, QueueWorker.creditOf(credit));"),
    WORKER_STAYS_WITH_A_QUEUE_THAT_LEAVES(
            "PrvWorkerMachine",
            "if (why != Status.UNKNOWN_PEER) {",
            "if (why != Status.UNKNOWN_PEER && why != Status.OK) {"),
    CLIENT_STAYS_WITH_A_QUEUE_THAT_LEAVES("LinkMachine", "} else { lose(nowNanos, link, why == Status.OK", """
                    } else if (why != Status.OK) {
                        lose(nowNanos, link, why == Status.OK"""),
    STRANGER_IS_NOT_ASKED_WHO_IT_IS("PrvLinks", "link.goodbye(Status.UNKNOWN_PEER);", "port.flushLater();"),
    UNKNOWN_WORKER_KEEPS_QUIET("PrvWorkerMachine", """
                        link = WorkerLink.GREETING;
                        sayReady(nowNanos);
                    }
                    // Else""", """
                    }
                    // Else"""),
    UNKNOWN_CLIENT_KEEPS_QUIET("LinkMachine", """
                    if (link == null) {
                        return;
                    }
                    if (why == Status.UNKNOWN_PEER""", """
                    if (link == null || why == Status.UNKNOWN_PEER) {
                        return;
                    }
                    if (why == Status.UNKNOWN_PEER"""),
    PRV_WORKER_TRUSTS_A_SILENT_QUEUE(
            "PrvWorkerMachine",
            "if (pulse.isSilent(nowNanos)) {",
            "if (pulse.isSilent(nowNanos) && link == WorkerLink.STOPPED) {"),
    PRV_CLIENT_TRUSTS_A_SILENT_QUEUE(
            "LinkMachine",
            "if (nowNanos - link.silentAtNanos(liveness, welcomeTimeoutNanos) >= 0) {",
            "if (nowNanos - link.silentAtNanos(liveness, welcomeTimeoutNanos) >= 0 && !link.welcomed) {"),
    HELD_BACK_SERVICE_IS_FORGOTTEN("Dispatcher", "heldBack.add(service);", ""),
    WORKERS_HOLD_WHAT_THEY_LIKE("Dispatcher", "inFlight.count() == 0 ||", "inFlight.count() >= 0 ||"),

    WAITING_CALL_IS_FORGOTTEN(
            "ClientMachine",
            "if (call.phase == Phase.WAITING) {",
            "if (call.phase == Phase.WAITING && call.attempt == 0) {");

    /** What is planted, and where. */
    final Planted bug;

    Mutant(String className, String original, String planted) {
        this.bug = new Planted(className, original, planted);
    }
}
