package io.privateer.benchmarks;

/** A publisher and its subscribers, connected and ready; the publisher belongs to one thread, and each subscriber to another. */
interface PubSubPeer extends AutoCloseable {

    /**
     * Publishes a message.
     *
     * @param payload begins with {@code topic}, which is all that plain PUB and SUB know of it
     */
    void publish(String topic, byte[] payload);

    /** Waits for the next message of one subscriber, counted from 0, and returns its length; -1 if none came in time. */
    int receive(int subscriber);

    /** Returns how many messages subscribers know to be missing. */
    long missed();

    @Override
    void close();
}
