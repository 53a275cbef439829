package io.privateer.pubsub;

/**
 * Messages that were published and will not be delivered: they were lost on the way, and could not be had again. Immutable.
 *
 * @param topic the topic
 * @param incarnation which life of the publisher numbered them
 * @param from the number of the first, from 1
 * @param to the number of the last
 */
public record Missed(String topic, long incarnation, long from, long to) {

    /** Returns how many messages that are. */
    public long count() {
        return to - from + 1;
    }
}
