package io.privateer.pirate;

/** Judges for how long a peer of PRV/1 may be without a server that it can use. */
interface SimRecovery {

    /** What comes on the path shows that the server at its end knows the peer. */
    void onKnown(int path);

    /**
     * To be called whenever the peer's loop has turned.
     *
     * @param path the one to the queue that it uses, below 0 if it uses none
     * @param welcome whether it was welcomed there, on a connection that stands
     */
    void checkInTime(int path, boolean welcome);
}
