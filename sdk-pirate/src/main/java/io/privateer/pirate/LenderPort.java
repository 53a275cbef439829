package io.privateer.pirate;

import io.privateer.core.EndpointException;
import io.privateer.pirate.PirateListener.LossCause;

/** The world outside {@link Lenders}: sockets in production, the simulated network in tests. */
interface LenderPort {

    /**
     * Connects to a lender, and introduces the queue as a client.
     *
     * @throws EndpointException if its endpoint cannot be connected to now
     */
    PrvLink dial(Lender lender);

    /**
     * Ends the connection to a lender.
     *
     * @param inOrder whether what was said to it is sent; otherwise nothing arrives from here on that has not left yet
     */
    void hangUp(Lender lender, boolean inOrder);

    /** A lender has answered, on a new connection. */
    void welcomed(Lender lender);

    /** A lender said what is no PRV/1, or not for borrowers. */
    void malformed(Lender lender, String problem);

    /** A lender's connection is given up; what the lender has comes back, unless it is back within the grace. */
    void lost(Lender lender, LossCause cause);
}
