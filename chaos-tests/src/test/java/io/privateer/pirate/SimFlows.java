package io.privateer.pirate;

/** The sockets that a queue has besides those of its own clients and workers, on the same loop. */
interface SimFlows {

    SimFlows NONE = new SimFlows() {};

    /** What they need of the queue. */
    interface Host {

        /** Something waits to be flushed when the turn ends. */
        void flushLater();

        /** The machine has taken an input. */
        void settle();
    }

    /** A life of the queue begins. */
    default void begin(QueueMachine machine, Host host) {}

    /** The queue's process is gone. */
    default void crash() {}

    /** Returns when {@link #onTick} is due, if that is before {@code nanos}. */
    default long earlierDeadline(long nanos) {
        return nanos;
    }

    default void onTick() {}

    /** The machine has taken an input. */
    default void touched() {}

    /** Sends what waits. */
    default void flush() {}

    /** The loop has turned, and all is sent. */
    default void turnEnded() {}

    /** The queue will take nothing any more. */
    default void leave() {}

    /** The queue ends in good order. */
    default void close() {}
}
