package io.privateer.pubsub;

/** What must happen in some world at least, or the simulation looks at nothing. */
enum PubSubGoal {
    FRAME_LOST,
    DATA_CUT,
    CONTROL_CUT,
    PUBLISHER_CRASHED,
    SUBSCRIBER_RESTARTED,
    SUBSCRIBER_FROZEN,
    MESSAGES_RECOVERED,
    MESSAGES_MISSED,
    REPLAY_CUT_SHORT,
    LAST_VALUE_HAD,
    JOINED_LATE,
    RESYNCED,
    VANISHED_PUBLISHER_TOLD
}
