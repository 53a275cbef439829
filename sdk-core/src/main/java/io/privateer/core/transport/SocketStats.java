package io.privateer.core.transport;

/**
 * What a socket has counted since it was opened. Immutable.
 *
 * @param received messages received
 * @param sent messages handed to JeroMQ
 * @param unroutable messages dropped because their peer is gone
 * @param parkedDrops messages dropped because their peer reads too slowly
 * @param oversized messages dropped for having too many frames
 * @param torn messages lost because their sender's identity was taken over by another peer while they were read
 * @param guardedFrames frames refused before allocation for a hostile length
 * @param connections connections accepted or made
 * @param greetings connections whose peer spoke ZMTP 2.0 or later; the others were garbage, or have not said a word
 * @param failedHandshakes greetings after which the peer broke the rules
 * @param disconnections connections lost or thrown out
 * @param acceptFailures connections that could not be accepted, mostly for want of file descriptors
 */
public record SocketStats(
        long received,
        long sent,
        long unroutable,
        long parkedDrops,
        long oversized,
        long torn,
        long guardedFrames,
        long connections,
        long greetings,
        long failedHandshakes,
        long disconnections,
        long acceptFailures) {

    /** Of no socket. */
    public static final SocketStats NONE = new SocketStats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

    /** Returns how often a peer broke the rules of ZMTP itself, as far as that can be told from bad luck. */
    public long violations() {
        return Math.max(0, connections - greetings) + failedHandshakes + guardedFrames + torn;
    }
}
