package io.privateer.pirate;

/** What must happen in some world of a pair, or the simulation would prove nothing about it. */
enum PairGoal {
    CLIENT_REFUSED_REPLY,
    WORKER_REFUSED_DELIVERY
}
