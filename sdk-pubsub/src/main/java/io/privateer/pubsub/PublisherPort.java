package io.privateer.pubsub;

import io.privateer.pubsub.Control.OfPublisher;

/** What a {@link PublisherMachine} wants done. */
interface PublisherPort<P> {

    /**
     * Say something to one subscriber.
     *
     * @return false if it is there and has no room: it does not read
     */
    boolean say(P peer, OfPublisher message);

    /** Send a list of positions to everybody; {@code stampNanos} is for the sender to fill in. */
    void announce(DataFrame.Positions positions);

    /** Tell that a subscriber has confirmed that what is published reaches it. */
    void confirmed(String name);

    /** Tell that a subscriber that had introduced itself is gone. */
    void left(String name, PublisherListener.LeaveCause cause);

    /** Tell that a subscriber was not taken. */
    void refused(String name, Control.Refusal refusal);

    /**
     * Close: everything is sent, and so is its end.
     *
     * @param complete whether every subscriber has said that it has got, or given up, everything
     */
    void finished(boolean complete);
}
