package io.privateer.pubsub;

import io.privateer.pubsub.Control.OfSubscriber;

/** What a {@link SubscriberMachine} wants done. */
interface SubscriberPort {

    /**
     * Say something to the publisher.
     *
     * @return whether it is on its way; what is not is lost
     */
    boolean say(OfSubscriber message);

    /** Hand over the messages of {@code run} from number {@code from} on. */
    void deliver(String topic, long incarnation, Run run, long from);

    /** A life of the publisher begins here, with a clock of its own; frames of no other count from now on. */
    void began();

    /** Tell what was missed. */
    void missed(Missed missed);

    /** Tell, once in a life of the publisher, that there are too many topics: no account is kept of this one and further ones. */
    void topicRefused(String topic);

    /** Tell what was missed because it was of such a topic, frame by frame. */
    void dropped(Missed missed);

    /** Tell that what is published reaches this subscriber now, on all its prefixes. */
    void synced(long incarnation);

    /** Tell that this is no longer certain: a connection is lost, or silent. */
    void unsynced();

    /** Give up: the publisher does not take this subscriber. */
    void refused(Control.Refusal refusal);

    /**
     * Tell that one life of the publisher is over.
     *
     * @param complete whether it is known that nothing was published behind what was delivered and reported
     */
    void ended(long incarnation, boolean complete);

    /**
     * Make a new connection for control in place of the present one.
     *
     * @param first whether something was heard since the last time
     */
    void reconnectControl(boolean first);

    /** Likewise for data, and forget what is still on the present one. */
    void reconnectData(boolean first);
}
