package io.privateer.chaos.process;

/**
 * A worker began, or finished, to execute a request; written before it replies. Immutable.
 *
 * @param finished whether it finished
 * @param requestId the request
 * @param pid the worker's process
 * @param atNanos when, on the machine's monotonic clock
 * @param run the number of this execution, which its reply carries; 0 where replies carry none
 * @param server which server of a pair it was for, {@link #ANY_SERVER} where the worker knows both
 */
record Execution(boolean finished, long requestId, long pid, long atNanos, long run, int server) {

    static final int ANY_SERVER = -1;

    /** Where there is no pair. */
    Execution(boolean finished, long requestId, long pid, long atNanos) {
        this(finished, requestId, pid, atNanos, 0, ANY_SERVER);
    }
}
