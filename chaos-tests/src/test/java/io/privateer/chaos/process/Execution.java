package io.privateer.chaos.process;

/**
 * A worker began, or finished, to execute a request; written before it replies. Immutable.
 *
 * @param finished whether it finished
 * @param requestId the request
 * @param pid the worker's process
 * @param atNanos when, on the machine's monotonic clock
 */
record Execution(boolean finished, long requestId, long pid, long atNanos) {}
