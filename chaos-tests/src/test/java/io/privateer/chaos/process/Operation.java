package io.privateer.chaos.process;

/**
 * One line of a history, after Jepsen: a client began a request, or a request ended for it. Immutable.
 *
 * @param kind what happened
 * @param requestId the request, never used twice
 * @param detail the reply of an OK, the reason of a FAIL or INFO
 * @param atNanos when, on the machine's monotonic clock
 */
record Operation(Kind kind, long requestId, String detail, long atNanos) {

    enum Kind {
        INVOKE,
        /** Answered. */
        OK,
        /** Certainly not executed. */
        FAIL,
        /** Given up; it may have been executed. */
        INFO
    }
}
