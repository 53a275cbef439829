package io.privateer.pirate;

import io.privateer.core.wire.PeerId;
import java.util.List;

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

    /**
     * Introduces the worker: it will hold {@code credit} deliveries in all and holds these already.
     *
     * @param takenOver whether this answers a queue that has taken over, and tells all that is held of the queue before
     */
    void sendReady(int credit, long[] held, boolean takenOver);

    /**
     * Takes from the sides of this worker that face other queues what they hold of {@code incarnation}, replies that were
     * not acknowledged among it.
     */
    List<PrvDelivery> takeOver(PeerId incarnation);

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
