package io.privateer.pirate;

/** A client's process, which asks and counts what is answered. */
abstract class SimAsker extends SimProcess {

    SimAsker(Sim sim, String name) {
        super(sim, name);
    }

    /** To be run by the loop. */
    abstract void call();

    abstract void giveUp();

    abstract boolean isWaiting();

    /** Nothing has failed for so long that what is open is open too long. */
    void checkCallsEnded() {}

    abstract int succeeded();

    /** How many calls {@link #callAtLast} makes. */
    int lastCalls() {
        return 1;
    }

    /** To be run by the loop, when nothing fails any more. */
    void callAtLast() {
        call();
    }
}
