package io.privateer.pirate;

/**
 * What a {@link PirateQueue} has counted since it started, and what it holds now. Immutable.
 *
 * <p>At any moment {@code accepted = answered + deadLettered + expired + abandoned + lostOnce + stoodDown + turnedBack +
 * pending + inFlight}.
 *
 * @param accepted requests taken
 * @param answered requests that a worker replied to in time; the reply was sent, unless the client is among
 *     {@code unroutable}
 * @param deadLettered requests given up after their last delivery, or because they are longer than a worker takes
 * @param expired requests that waited longer than their time to live
 * @param abandoned requests whose client's connection ended first
 * @param rejected requests refused because the queue was full or draining; plain clients are told nothing
 * @param pending requests that wait for a worker
 * @param pendingBytes the sum of their sizes
 * @param inFlight requests that a worker holds
 * @param workers registered workers
 * @param workersIdle those that hold nothing and may be given work
 * @param deliveries requests handed to workers, each time counted
 * @param redelivered deliveries beyond a request's first
 * @param returned deliveries that came back without a reply
 * @param lateReplies replies to deliveries that had been given up; discarded
 * @param strayReplies replies to what this queue never delivered; discarded
 * @param workersRefused registrations beyond {@code workersMax}
 * @param malformed messages that no dialect knows, or of too many frames, from clients and workers; dropped
 * @param unroutable replies dropped because their client is gone, or has not read for too long
 * @param listenerFailures exceptions thrown by the listener
 * @param violations connections that did not begin as ZMTP does (for a moment each new one), handshakes that failed,
 *     frames of impossible length, messages torn by a takeover of their sender's identity
 * @param disconnections connections that ended, those among them that sent too long a frame and were thrown out
 * @param acceptFailures connections that could not be accepted, mostly for want of file descriptors
 * @param lostOnce at-most-once requests whose worker was lost; they do not run again
 * @param duplicates requests of PRV/1 clients that the queue knew already; none ran for that
 * @param replayed those of them that were answered with the kept reply
 * @param repliesKept ends of requests that are kept for clients that ask again
 * @param repliesKeptBytes the sum of their sizes
 * @param repliesEvicted ends that were forgotten before their client had acknowledged them, for want of room or after the
 *     dedupe window; the same request would run again
 * @param slowPeers connections of PRV/1 peers given up because they did not read
 * @param active whether the queue serves; false while it stands by for the other one of its pair
 * @param epoch what it serves under, or has served under last; 0 where there is no pair
 * @param stoodDown requests that ended because the queue ceased to serve; their clients take them elsewhere
 * @param inherited requests that were taken over from the other queue of the pair; they count as taken
 * @param inStep whether the other queue of the pair knows of every request that may run
 * @param lent deliveries to other clusters, each time counted; among {@code deliveries} are those that were not refused
 * @param refusedByLenders those of them that had no free worker there after all; their requests waited again
 * @param turnedBack requests of other clusters that ended because no worker was free; they take them elsewhere
 */
public record QueueStats(
        long accepted,
        long answered,
        long deadLettered,
        long expired,
        long abandoned,
        long rejected,
        int pending,
        long pendingBytes,
        int inFlight,
        int workers,
        int workersIdle,
        long deliveries,
        long redelivered,
        long returned,
        long lateReplies,
        long strayReplies,
        long workersRefused,
        long malformed,
        long unroutable,
        long listenerFailures,
        long violations,
        long disconnections,
        long acceptFailures,
        long lostOnce,
        long duplicates,
        long replayed,
        int repliesKept,
        long repliesKeptBytes,
        long repliesEvicted,
        long slowPeers,
        boolean active,
        long epoch,
        long stoodDown,
        long inherited,
        boolean inStep,
        long lent,
        long refusedByLenders,
        long turnedBack) {}
