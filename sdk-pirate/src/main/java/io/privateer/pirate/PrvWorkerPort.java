package io.privateer.pirate;

/** The world outside {@link PrvWorkerMachine}: a DEALER socket and handler threads in production. */
interface PrvWorkerPort {

    /** Connects a new socket. */
    void open();

    /**
     * Gives the socket up with everything on it that was not sent or handed over: a READY that came late, when the worker
     * has introduced itself on another connection, would take that one's place.
     */
    void abandonSocket();

    /** Closes the socket; what was sent lingers. */
    void closeSocket();

    /** Introduces the worker: it will hold {@code credit} deliveries in all and holds these already. */
    void sendReady(int credit, long[] held);

    /** Gives a sign of life. */
    void sendHeartbeat();

    /** Says that the worker wants nothing new and finishes what it holds. */
    void sendDrain();

    /** Says that the worker leaves, at once. */
    void sendGoodbye();

    /** Answers a delivery with its outcome. */
    void sendReply(PrvDelivery delivery);

    /** Answers a delivery that was cancelled and is not held, so that the queue does not wait for it. */
    void sendNotHeld(long deliveryId);

    /** Says that the handler of a delivery is still at work. */
    void sendProgress(long deliveryId);

    /** Hands a request to the handler; {@link PrvWorkerMachine#onHandled} follows, once, but not during this call. */
    void handle(PrvDelivery delivery);

    /** The worker has drained and its socket is closed. Called once. */
    void drained();
}
