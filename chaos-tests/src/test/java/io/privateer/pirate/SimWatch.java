package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;

/** Watches one life of a queue from outside, is told before the machine is, and objects to what it must not do. */
interface SimWatch extends PirateListener {

    default void onRequest(Identity client, byte[][] address, byte[][] body) {}

    default void onClientGone(Identity client) {}

    default void onReady(Identity worker, Dialect dialect) {}

    default void onHeartbeat(Identity worker, boolean whileBusy) {}

    default void onReply(Identity worker, byte[][] address, long deliveryId) {}

    default void onWorkerGone(Identity worker) {}

    /** A client said something in PRV/1. */
    default void onClientMessage(Identity client, byte[][] frames) {}

    /** A worker said something in PRV/1. */
    default void onWorkerMessage(Identity worker, byte[][] frames) {}

    default void onDrain() {}

    default void delivered(Identity worker, long deliveryId, byte[][] address, byte[][] body) {}

    default void undeliverable(Identity worker, byte[][] body) {}

    default void replied(Identity client, byte[][] address, byte[][] body) {}

    /** The queue says something to a worker in PRV/1. */
    default void sentToWorker(Identity worker, byte[][] frames) {}

    /** The queue says something to a client in PRV/1. */
    default void sentToClient(Identity client, byte[][] frames) {}

    /** The queue gave up a connection of a client that speaks PRV/1. */
    default void clientCut(Identity client) {}

    /** The queue gave up a connection of a worker that speaks PRV/1. */
    default void workerCut(Identity worker) {}

    void drained();

    boolean isDrained();

    /** The machine has taken one input. */
    void settled(QueueStats stats);

    /** The loop has turned. */
    default void turnEnded() {}
}
