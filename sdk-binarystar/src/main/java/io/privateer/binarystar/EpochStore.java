package io.privateer.binarystar;

import io.privateer.core.StorageException;

/**
 * Where a server keeps its newest epoch, so that no life of it ever draws one twice. Confine to one thread at a time.
 */
public interface EpochStore {

    /**
     * Returns the epoch stored last, 0 if there never was one.
     *
     * @throws StorageException if what is stored cannot be trusted; the server must not become active then
     */
    long load();

    /**
     * Stores {@code epoch}; once this has returned, a crash of the process or of the machine does not undo it.
     *
     * @throws StorageException if that failed; what {@link #load} returns after that is the old or the new epoch
     */
    void store(long epoch);
}
