package io.privateer.core.wire;

/** Something a worker said to its queue, or a queue to its worker. Immutable. */
public sealed interface BackendMessage {

    /** The worker is there and holds no delivery. */
    record Ready(Dialect dialect) implements BackendMessage {}

    /**
     * A sign of life.
     *
     * @param whileBusy whether the sender knows that beats may also come while a worker is busy; see
     *     {@link BusyBeats}
     */
    record Heartbeat(boolean whileBusy) implements BackendMessage {}

    /**
     * A request on its way to a worker, or the reply to it.
     *
     * @param content the address that the queue gave the delivery, and the body
     */
    record Job(Envelope content) implements BackendMessage {}

    /** Not a message of any dialect. */
    record Malformed(String reason) implements BackendMessage {}
}
