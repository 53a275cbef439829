package io.privateer.pirate;

/** A bug to be planted: one snippet of a production class, and what takes its place. */
enum Mutant {
    REPLY_NEED_NOT_MATCH(
            "QueueMachine",
            "if (delivery != null && delivery.id() == deliveryId) {",
            "if (delivery != null) { deliveryId = delivery.id();"),
    DELIVERY_OF_A_GONE_WORKER_STAYS("QueueMachine", """
                    } else {
                        lose(nowNanos, worker, LossCause.DISCONNECTED);
            """, """
                    } else {
            """),
    OWED_REPLY_IS_FORGOTTEN("QueueMachine", "worker.owes = delivery.id();", ""),
    ROBBED_WORKER_IS_KEPT_WAITING("QueueWorker", "!gone && (marked || owes == NONE)", "!gone"),
    RETURNED_REQUEST_GOES_LAST("QueueMachine", "pending.addFirst(request);", "pending.addLast(request);"),
    LAST_DELIVERY_IS_NOT_MADE(
            "QueueMachine",
            "request.deliveries >= settings.deliveriesMax()",
            "request.deliveries >= settings.deliveriesMax() - 1"),
    ONE_DELIVERY_TOO_MANY(
            "QueueMachine",
            "request.deliveries >= settings.deliveriesMax()",
            "request.deliveries > settings.deliveriesMax()"),
    ABANDONED_REQUEST_IS_REDELIVERED("QueueMachine", """
                    if (request.abandoned) {
                        drop(nowNanos, request, DropCause.ABANDONED);
                    } else if (request.deliveries""", """
                    if (request.deliveries"""),
    LEASE_NEVER_ENDS("QueueMachine", """
                    endLeases(nowNanos);
                    boolean""", """
                    boolean"""),
    LEASE_IS_COMPARED_WITHOUT_REGARD_TO_WRAPPING(
            "QueueMachine",
            "if (clock.fair(nowNanos) - oldest.deliveredAtNanos() < settings.leaseNanos()) {",
            "if (clock.fair(nowNanos) < oldest.deliveredAtNanos() + settings.leaseNanos()) {"),
    LOSS_IS_TOLD_TWICE("QueueMachine", "if (!worker.lost) {", "{"),
    GRACE_OUTLIVES_THE_RETURN("QueueMachine", "inGrace.remove(worker);", ""),
    GRACE_IS_NOT_GIVEN(
            "QueueMachine",
            "if (worker.delivery != null && worker.mayResume()) {",
            "if (worker.silent && worker.gone) {"),
    WORKER_THAT_IS_HEARD_STAYS_OUT_OF_LINE("QueueMachine", """
                    workers.refresh(worker);
                }

                /** Ends the trust""", """
                }

                /** Ends the trust"""),
    SIGN_OF_LIFE_MAKES_READY("QueueMachine", """
                    worker.beatsWhileBusy |= whileBusy && worker.marked;
            """, """
                    worker.beatsWhileBusy |= whileBusy && worker.marked;
                    worker.owes = QueueWorker.NONE;
            """),
    REQUEST_OUTLIVES_ITS_TIME("QueueMachine", ">= settings.requestTtlNanos()", ">= 2 * settings.requestTtlNanos()"),
    UNREACHABLE_WORKER_EATS_THE_REQUEST("QueueMachine", """
                        lose(nowNanos, worker, LossCause.DISCONNECTED);
                        workers.remove(worker);
                        return;
            """, """
                        pending.remove(request);
                        lose(nowNanos, worker, LossCause.DISCONNECTED);
                        workers.remove(worker);
                        return;
            """),
    SILENCE_OF_A_BUSY_WORKER_MEANS_NOTHING(
            "QueueWorker",
            "(beatsWhileBusy || (delivery == null && owes == NONE))",
            "(delivery == null && owes == NONE)"),
    SILENCE_OF_ANY_BUSY_WORKER_COUNTS("QueueWorker", "(beatsWhileBusy || (delivery == null && owes == NONE))", "true"),
    STANDING_STILL_COUNTS("FairClock", "return nowNanos - stoodStillNanos;", "return nowNanos;"),
    DEADLINES_ARE_COMPARED_WITHOUT_REGARD_TO_WRAPPING(
            "Deadlines", "return a - b <= 0 ? a : b;", "return a <= b ? a : b;"),
    ADDRESS_OF_ANOTHER_QUEUE_IS_TAKEN(
            "DeliveryAddress",
            "return frame.getLong() == queue ? frame.getLong() : QueueWorker.NONE;",
            "frame.getLong(); return frame.getLong();"),
    BYTES_OF_LEAVING_REQUESTS_STAY_COUNTED(
            "PendingRequests",
            "bytes += waiting ? request.bytes : -request.bytes;",
            "bytes += waiting ? request.bytes : 0;"),
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
                    port.ended(endpoint, failed);
                    closeSocket();
            """, """
                    port.ended(endpoint, failed);
            """),
    CLIENT_TRIES_ONCE_TOO_OFTEN(
            "LazyPirateMachine",
            "if (attempts.size() >= options.attemptsMax() || tooLate) {",
            "if (attempts.size() > options.attemptsMax() || tooLate) {"),
    CLIENT_FORGETS_ITS_DEADLINE(
            "LazyPirateMachine", "hasDeadline = newOptions.deadline().isPresent();", "hasDeadline = false;");

    final String className;
    final String original;
    final String planted;

    /**
     * @param className the class in the package of this one
     * @param original what is to be found in its source exactly once, whatever white space is between its words
     */
    Mutant(String className, String original, String planted) {
        this.className = className;
        this.original = original;
        this.planted = planted;
    }
}
