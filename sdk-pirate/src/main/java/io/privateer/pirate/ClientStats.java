package io.privateer.pirate;

/**
 * What a {@link LazyPirateClient} has counted since it was opened. Immutable.
 *
 * @param requests calls that reached the socket
 * @param replied calls that ended with a reply
 * @param failed calls that ended with an exception
 * @param retries attempts beyond a call's first
 * @param strayReplies replies that nobody waited for; dropped
 * @param malformed messages that are no reply; dropped
 * @param listenerFailures exceptions thrown by the listener
 */
public record ClientStats(
        long requests,
        long replied,
        long failed,
        long retries,
        long strayReplies,
        long malformed,
        long listenerFailures) {}
