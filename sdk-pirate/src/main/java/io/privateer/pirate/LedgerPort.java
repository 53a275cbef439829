package io.privateer.pirate;

/** What carries a {@link LedgerLog} to the other queue of a pair. */
interface LedgerPort {

    /** Something waits: {@link LedgerLog#flush} is to be called when the turn ends. */
    void flushLater();

    /** Sends the next chunk of a stream. */
    void send(long session, byte[] chunk);

    /** From here on nothing is dispatched that the other queue does not know of. */
    void inStep(long session);
}
