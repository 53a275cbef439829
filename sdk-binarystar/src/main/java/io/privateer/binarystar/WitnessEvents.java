package io.privateer.binarystar;

/** What a {@link WitnessMachine} tells, once each time it begins. */
interface WitnessEvents {

    /**
     * A pair asks for a longer lease than the witness may grant, and is refused until one of the two is set up anew. Told
     * again for that pair only after it was granted one, and for any pair not more often than once in the longest lease.
     *
     * @param leaseMillis what the pair asks for
     */
    void onLeaseTooLong(String pair, int leaseMillis);
}
