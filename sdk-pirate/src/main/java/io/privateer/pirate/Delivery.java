package io.privateer.pirate;

/** How often a request may be executed. */
public enum Delivery {
    /** Until it is answered: again when its worker or its queue was lost. Handlers must be idempotent. */
    AT_LEAST_ONCE,
    /** Never twice. A request that was lost on the way ends with an error that says that it may have run. */
    ONCE
}
