package io.privateer.binarystar;

/** How a pair decides who serves, and what can be promised of that. Both servers must be given the same. */
public enum StarMode {
    /**
     * Two servers. One takes over when a client asks it while its peer is gone. If the network splits so that clients
     * reach both, both serve until they meet again; whoever has seen the newer epoch refuses the older server.
     */
    PAIR(1),
    /**
     * Two servers and a witness. A server serves only as long as its peer or the witness has promised it to serve nobody
     * else, so two never do at once. Cut off from both, it stops.
     */
    PAIR_WITH_WITNESS(2),
    /** Two servers, and an operator who says which one serves. */
    MANUAL(3);

    private final int number;

    StarMode(int number) {
        this.number = number;
    }

    /** Returns the number that stands for it on the wire. */
    int number() {
        return number;
    }
}
