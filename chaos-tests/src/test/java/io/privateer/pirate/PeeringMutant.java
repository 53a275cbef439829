package io.privateer.pirate;

/** The bugs that {@link PeeringSim} has to find. */
enum PeeringMutant {
    BORROWED_REQUEST_IS_LENT_ON(
            "Lenders",
            "request.borrowed ? null : choice.mostSpare(request, atOnce);",
            "choice.mostSpare(request, atOnce);"),
    BORROWED_REQUEST_WAITS(
            "Dispatcher", "} else if (service.waitingBorrowed > 0) {", "} else if (service.waitingBorrowed < 0) {"),
    CREDIT_IS_NOT_COUNTED_DOWN(
            "LenderChoice",
            "int spare = (atOnce ? worker.atOnce() : worker.credit) - worker.held;",
            "int spare = worker.credit;"),
    WHAT_IS_TOO_LARGE_TO_LEND_STANDS_IN_THE_WAY("Dispatcher", "service.setAside(request);", "return false;"),
    CREDIT_IS_TOLD_ONCE_ONLY("Membership", "differs || (said && !entry.credit().isEmpty());", "differs;"),
    LENDERS_REFUSAL_COSTS_THE_REQUEST("Lenders", """
                    } else {
                        ledger.undeliver(request, worker);
                    }
            """, """
                    } else {
                        ledger.release(request, worker);
                    }
            """),
    LENDERS_REFUSAL_IS_A_REPLY("Lenders", "boolean refused = isRefusal(reply.status());", "boolean refused = false;"),
    LOANS_OF_A_LOST_LENDER_STAY("Lenders", """
                        takeBackAll(nowNanos, lender, LossCause.DISCONNECTED);
                    }
                    PrvLink link""", """
                        lender.inGrace = false;
                    }
                    PrvLink link"""),
    LOANS_OF_A_FORSAKEN_LENDER_STAY("Lenders", """
                    takeBackAll(nowNanos, lender, cause);
                    leave(lender);
            """, """
                    leave(lender);
            """),
    LOAN_IS_NOT_REMOVED("RequestLedger", "worker.lender.loans.remove(request);", ""),
    LOANS_ARE_NOT_RESENT(
            "Lenders", "lender.loans.oldestFirst().forEach(request -> sendAgain(nowNanos, lender, request));", ""),
    LOAN_IS_RESENT_UNDER_A_NEW_ID(
            "Lenders", "lender.loans.oldestFirst().forEach(request -> sendAgain(nowNanos, lender, request));", """
                    lender.loans.oldestFirst().forEach(request -> {
                        lender.loans.remove(request);
                        lender.loans.add(request, nextLoanId++);
                        send(nowNanos, lender, request, 2);
                    });
            """),
    IDS_OF_LOANS_BEGIN_ANEW(
            "Lenders",
            "new Lender(name, life, endpoint, nextLoanId, settings);",
            "new Lender(name, life, endpoint, nextLoanId = 1, settings);"),
    UNANSWERED_CONNECTION_IS_LEFT_WITH_A_WORD(
            "Lenders",
            "if (lender.link != null && lender.welcomed) { lender.link.goodbye(Status.OK); } hangUp(lender, lender.welcomed);",
            "if (lender.link != null) { lender.link.goodbye(Status.OK); } hangUp(lender, true);"),
    ANOTHER_LIFE_OF_A_LENDER_IS_TAKEN_FOR_THE_SAME(
            "Lender",
            "incarnation != null && !incarnation.equals(queue);",
            "incarnation != null && queue.high() == 0;"),
    SILENT_LENDER_IS_TRUSTED(
            "Lenders",
            "} else if (lender.pulse.isSilent(fairNanos)) {",
            "} else if (lender.pulse.isSilent(0) && link.cut) {"),
    CANCEL_DOES_NOT_NAME_THE_LOAN(
            "RequestLedger", "link.cancel(request.idAtWorker());", "link.cancel(request.deliveryId);"),
    CAPACITY_NEVER_EXPIRES(
            "Membership", "&& entry.silentNanos(fair(nowNanos)) - settings.capacityTtlNanos() < 0;", ";"),
    SEQUENCE_IS_NOT_CHECKED(
            "PeerEntry", "Long.compareUnsigned(message.sequence(), sequence) > 0;", "message.sequence() != sequence;"),
    FORMER_LIFE_IS_BELIEVED(
            "FormerLives",
            "last != null && Long.compareUnsigned(message.sequence(), last) <= 0;",
            "last != null && last < 0;"),
    RESTARTED_PEER_IS_TAKEN_FOR_THE_SAME(
            "PeerEntry",
            "return incarnation.equals(message.incarnation());",
            "return !incarnation.equals(Membership.NOBODY);"),
    LEAVING_PEER_KEEPS_ITS_CREDIT("Membership", """
                    if (message.leaving()) {
                        exit(entry, ExitCause.LEFT);
                        return;
                    }
            """, ""),
    WHAT_A_PEER_HAS_OF_OURS_IS_NO_CREDIT(
            "PeerEntry",
            "if (holding.borrower().equals(borrower)) {",
            "if (holding.borrower().high() == borrower.low()) {"),
    SILENT_PEER_IS_NOT_OPENED_AGAIN(
            "Membership", "if (entry.liveness() == PeerLiveness.SILENT) { port.lenderOpen(", """
            if (entry.liveness() == PeerLiveness.EVASIVE) {
                        port.lenderOpen("""),
    PEERS_ARE_NOT_INTRODUCED("Contacts", "} else if (isWorthListening(contact.name(), endpoint)) {", """
            } else if (links.count() == 0) {""");

    /** What is planted, and where. */
    final Planted bug;

    PeeringMutant(String className, String original, String planted) {
        this.bug = new Planted(className, original, planted);
    }
}
