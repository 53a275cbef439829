package io.privateer.pipeline;

import java.io.IOException;

/** Where a {@link Journal} is kept: a file in production. Confine to one thread at a time. */
interface JournalDisk extends AutoCloseable {

    long size() throws IOException;

    /** Reads up to {@code length} bytes from {@code at} on into {@code into}; fewer only at the end. */
    int read(long at, byte[] into, int length) throws IOException;

    /** Writes behind the end. */
    void append(byte[] bytes, int length) throws IOException;

    /** Returns once everything written would survive a crash of the machine. */
    void force() throws IOException;

    void truncate(long size) throws IOException;

    /** Returns an empty disk beside this one, to be written and then to take its place. */
    JournalDisk beside() throws IOException;

    /** Puts what was written beside in the place of this one, as a whole or not at all. */
    void replaceBy(JournalDisk beside) throws IOException;

    @Override
    void close();
}
