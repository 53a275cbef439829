package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;

/** The world outside {@link QueueMachine}: sockets in production, the simulated network in tests. */
interface QueuePort {

    /**
     * Hands a request to a worker.
     *
     * @param deliveryId what the reply will carry; never used twice
     * @return false if the worker is not connected any more, so that nothing was sent
     */
    boolean deliver(Identity worker, Dialect dialect, long deliveryId, byte[][] body);

    /** Sends the reply to the client; a client that is gone is the port's to count. */
    void reply(Identity client, byte[][] returnAddress, byte[][] body);

    /** Sends a heartbeat to a worker. */
    void beat(Identity worker, boolean whileBusy);

    /** The queue was draining and now holds nothing. Called once. */
    void drained();
}
