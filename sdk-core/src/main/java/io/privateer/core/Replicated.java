package io.privateer.core;

/**
 * A {@link Guarded} service whose other copy can follow what it does, so that it goes on where this one ended.
 *
 * <p>While it serves it is asked to {@link #replicate}: it hands everything that it holds, and then every change, to its
 * {@link Replicator}, as a stream of bytes cut into chunks. While it stands by it is given the chunks of the other copy, in
 * order and without gaps, behind a call of {@link #follow()}. What the bytes mean is its own affair.
 *
 * <p>As for {@link Guarded}: calls come one after the other and must not block.
 */
public interface Replicated extends Guarded {

    /** The longest chunk, in bytes. */
    int CHUNK_BYTES_MAX = 64 * 1024;

    /** Learns who carries what it does to the other copy; called at most once, behind {@link #guardedBy}. */
    void replicatedBy(Replicator replicator);

    /**
     * The other copy follows from now on, and knows nothing yet.
     *
     * @param session names this stream; greater than any before
     */
    void replicate(long session);

    /**
     * The other copy has the first {@code chunks} of the stream.
     *
     * @param chunks counted from 1
     */
    void followed(long session, long chunks);

    /** The other copy follows no more; nothing is to wait for it. */
    void replicationEnded(long session);

    /** The copy that serves begins a stream: what this one knew of an earlier one is out of date. */
    void follow();

    /** Takes the next chunk, of at most {@link #CHUNK_BYTES_MAX}. */
    void follow(byte[] chunk);

    /** What this copy knows of the other one is out of date, and no stream follows. */
    void followingEnded();
}
