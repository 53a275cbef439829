package io.privateer.chaos.process;

/**
 * A time in which one server of a pair serves. It ends no later than the server's next one begins. Immutable.
 *
 * @param server which server, 0 or 1
 * @param epoch what it serves under
 * @param fromNanos when it began, on the machine's monotonic clock
 */
record Reign(int server, long epoch, long fromNanos) {}
