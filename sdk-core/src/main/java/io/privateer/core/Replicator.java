package io.privateer.core;

/** Carries what a {@link Replicated} service does to its other copy. Thread-safe; no method blocks. */
public interface Replicator {

    /**
     * Sends the next chunk of a stream. {@link Replicated#followed} tells later that it has arrived, or
     * {@link Replicated#replicationEnded} that it may not have. What belongs to a stream that has ended is dropped.
     *
     * @param chunk of 1 to {@link Replicated#CHUNK_BYTES_MAX} bytes; not to be changed any more
     */
    void send(long session, byte[] chunk);

    /** From here on the service does nothing that the other copy does not know of. */
    void inStep(long session);

    /**
     * This copy, which follows, can make nothing of what it was given: the stream has to begin anew.
     *
     * @param problem for the log
     */
    void notUnderstood(String problem);
}
