package io.privateer.pubsub;

/** What a {@link ForwarderMachine} wants done. */
interface ForwarderPort {

    /** Ask publishers for what begins with {@code prefix}. */
    void subscribe(byte[] prefix);

    /** Ask them for it no longer. */
    void unsubscribe(byte[] prefix);

    /** Take messages, leave them where they are, or end. */
    void stateChanged(Forwarder.State state);
}
