package io.privateer.pirate;

/** What can go wrong in a world of brokers, besides what {@link SimFault} asks for where it happens. */
enum PeeringFault {
    BROKER_CRASH,
    BROKER_PAUSE,
    BROKER_CLOSE,
    SWIZZLE,
    WORKER_CRASH,
    WORKER_PAUSE,
    WORKER_DRAIN,
    CREDIT_CHANGE,
    CLUSTER_WITHOUT_WORKERS,
    CLIENT_CRASH,
    CLIENT_PAUSE,
    CLIENT_GIVES_UP,
    CLOUD_CUT,
    STATE_CUT,
    FRONT_CUT,
    ISOLATION,
    CONNECTION_BREAK,
    HALF_OPEN_CONNECTION,
    PEER_REMOVED,
    // From here on: not struck by the nemesis, but asked for where they happen.
    STATE_LOSS,
    STATE_REPEATED,
    UNKNOWN_HOST,
    /** Some lenders take shorter frames than clients ask. */
    SHORT_FRAMES;

    /** Whether the nemesis strikes it at some moment. */
    boolean isStruck() {
        return compareTo(STATE_LOSS) < 0;
    }
}
