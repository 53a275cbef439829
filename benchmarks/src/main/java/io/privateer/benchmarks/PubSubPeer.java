package io.privateer.benchmarks;

/** A publisher and its subscribers, connected and ready; the publisher belongs to one thread, and each subscriber to another. */
interface PubSubPeer extends AutoCloseable {

    void publish(byte[] payload);

    /** Waits for the next message of one subscriber, counted from 0, and returns its length; -1 if none came in time. */
    int receive(int subscriber);

    /** Returns how many messages subscribers know to be missing. */
    long missed();

    @Override
    void close();
}
