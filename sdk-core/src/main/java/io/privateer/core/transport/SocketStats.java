package io.privateer.core.transport;

/**
 * What a socket has counted since it was opened. Immutable.
 *
 * @param received messages received
 * @param sent messages handed to JeroMQ
 * @param unroutable messages dropped because their peer is gone
 * @param parkedDrops messages dropped because their peer reads too slowly
 * @param oversized messages dropped for having too many frames
 * @param guardedFrames frames refused before allocation for a hostile length
 * @param connections connections accepted or made
 * @param greetings connections whose peer spoke ZMTP; the others were garbage, or died before they said a word
 * @param disconnections connections lost or thrown out
 * @param acceptFailures connections that could not be accepted, mostly for want of file descriptors
 */
public record SocketStats(
        long received,
        long sent,
        long unroutable,
        long parkedDrops,
        long oversized,
        long guardedFrames,
        long connections,
        long greetings,
        long disconnections,
        long acceptFailures) {}
