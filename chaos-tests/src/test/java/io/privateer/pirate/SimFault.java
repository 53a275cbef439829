package io.privateer.pirate;

/** What can go wrong. Each world allows a random subset, so that one fault cannot hide behind another. */
enum SimFault {
    WORKER_CRASH,
    WORKER_PAUSE,
    WORKER_DRAIN,
    QUEUE_CRASH,
    QUEUE_PAUSE,
    QUEUE_CLOSE,
    CONNECTION_BREAK,
    HALF_OPEN_CONNECTION,
    ONE_WAY_CUT,
    PARTITION,
    CLIENT_VANISHES,
    CLIENT_PAUSE,
    CLIENT_GIVES_UP,
    SERVICE_OUTAGE,
    CREDIT_CHANGE,

    // From here on: not struck by the nemesis, but asked for where they happen.
    SLOW_NETWORK,
    SLOW_HANDLER,
    FAILING_HANDLER,
    HANGING_HANDLER,
    POISONED_REQUEST,
    DOUBLE_REPLY,
    OPEN_CIRCUIT,
    OVERLOAD;

    /** Whether the nemesis strikes it at some moment. */
    boolean isStruck() {
        return compareTo(SLOW_NETWORK) < 0;
    }

    /** Whether it means something only where peers of PRV/1 are. */
    boolean isOfPrv() {
        return this == SERVICE_OUTAGE || this == CREDIT_CHANGE;
    }
}
