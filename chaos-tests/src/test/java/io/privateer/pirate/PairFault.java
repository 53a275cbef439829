package io.privateer.pirate;

/** What can go wrong in the world of a pair, besides what {@link SimFault} asks for where it happens. */
enum PairFault {
    SERVER_CRASH,
    SERVER_PAUSE,
    SERVER_DRAIN,
    BOTH_CRASH,
    WITNESS_CRASH,
    WITNESS_PAUSE,
    WORKER_CRASH,
    WORKER_PAUSE,
    CLIENT_CRASH,
    CLIENT_PAUSE,
    CLIENT_GIVES_UP,
    STATE_CUT,
    STREAM_CUT,
    WITNESS_CUT,
    FRONT_CUT,
    ISOLATION,
    CONNECTION_BREAK,
    HALF_OPEN_CONNECTION,
    OPERATOR,

    // From here on: not struck by the nemesis, but asked for where they happen.
    SLOW_DISK,
    DISK_FAILURE,
    TORN_EPOCH,
    STREAM_FULL,
    CRASH_IN_STEP;

    /** Whether the nemesis strikes it at some moment. */
    boolean isStruck() {
        return compareTo(SLOW_DISK) < 0;
    }

    /** Whether it means something only where the servers replicate. */
    boolean isOfStream() {
        return this == STREAM_CUT || this == STREAM_FULL || this == CRASH_IN_STEP;
    }

    /** Whether it means something only where a witness is. */
    boolean isOfWitness() {
        return this == WITNESS_CRASH || this == WITNESS_PAUSE || this == WITNESS_CUT;
    }
}
