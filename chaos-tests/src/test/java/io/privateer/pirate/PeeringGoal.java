package io.privateer.pirate;

/** What must happen in some world of brokers, or the simulation would prove nothing about it. */
enum PeeringGoal {
    LENT,
    LENT_ONCE,
    LENT_AGAIN,
    ANSWERED_FROM_AFAR,
    REFUSED_BY_LENDER,
    TURNED_BACK,
    LOANS_RESUMED,
    LENDER_SILENT,
    LENDER_HAD_FORGOTTEN,
    LOST_ONCE_AT_LENDER,
    CANCELLED_AT_LENDER,
    PEER_EVASIVE,
    PEER_SILENT,
    PEER_RETURNED,
    PEER_RESTARTED,
    PEER_LEFT,
    PEER_EXPIRED,
    PEER_REMOVED,
    STATE_LOST,
    STATE_WAS_OLD,
    STATE_OF_A_FORMER_LIFE,
    CREDIT_EXPIRED,
    HOST_UNKNOWN,
    BROKERS_SWIZZLED,
    BROKER_DRAINED,
    HUNDREDS_OF_WORKERS,
    TWELVE_BROKERS
}
