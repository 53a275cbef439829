package io.privateer.pipeline;

import io.privateer.core.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@link JournalDisk} that is a file, and another beside it that holds a lock. */
final class JournalFile implements JournalDisk {

    private static final Logger log = LoggerFactory.getLogger(Sink.class);

    /** What the names of the files beside a journal end in: the lock, and what compaction writes. */
    static final String LOCK = ".lock";

    static final String BESIDE = ".new";

    private final Path file;
    private final @Nullable FileChannel lock;
    private FileChannel channel;

    private JournalFile(Path file, @Nullable FileChannel lock, FileChannel channel) {
        this.file = file;
        this.lock = lock;
        this.channel = channel;
    }

    /**
     * Opens the file, or makes it.
     *
     * @throws StorageException if another sink has it, it cannot be opened, or what compaction would overwrite is no journal
     */
    static JournalFile open(Path path) {
        Path file = path.toAbsolutePath();
        checkPlace(file);
        FileChannel lock = null;
        try {
            checkContent(file); // Before a lock is left beside what is somebody else's.
            lock = FileChannel.open(sibling(file, LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            if (lock.tryLock() == null) {
                throw inUse(file, null);
            }
            dropLeftover(sibling(file, BESIDE));
            boolean isNew = !Files.exists(file);
            JournalFile opened = new JournalFile(file, lock, channel(file));
            if (isNew) {
                opened.forceFolder();
            }
            return opened;
        } catch (OverlappingFileLockException e) {
            closeQuietly(lock);
            throw inUse(file, e);
        } catch (IOException e) {
            closeQuietly(lock);
            throw new StorageException("journal " + file + " cannot be opened: " + e, e);
        } catch (StorageException e) {
            closeQuietly(lock);
            throw e;
        }
    }

    private static void checkPlace(Path file) {
        Path folder = file.getParent();
        if (folder == null || (Files.exists(file) && !Files.isRegularFile(file))) {
            throw new StorageException("journal must be a file: " + file, null);
        }
        if (!Files.isDirectory(folder)) {
            throw new StorageException("journal must be in a folder that is there: " + file, null);
        }
    }

    private static Path sibling(Path file, String ending) {
        return file.resolveSibling(file.getFileName() + ending);
    }

    /** A compaction that did not come to its end has left it behind: the journal itself is whole. */
    private static void dropLeftover(Path path) throws IOException {
        checkContent(path);
        Files.deleteIfExists(path);
    }

    /** Checks that a file, if it is there, is a journal or may become one. */
    private static void checkContent(Path path) throws IOException {
        if (Files.exists(path)) {
            try (JournalFile looked = new JournalFile(path, null, FileChannel.open(path, StandardOpenOption.READ))) {
                JournalHead.isBegun(looked);
            }
        }
    }

    private static StorageException inUse(Path file, @Nullable Throwable cause) {
        return new StorageException("journal " + file + " is in use by another sink", cause);
    }

    private static FileChannel channel(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    @Override
    public long size() throws IOException {
        return channel.size();
    }

    @Override
    public int read(long at, byte[] into, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(into, 0, length);
        int count = 0;
        while (buffer.hasRemaining() && count >= 0) {
            count = channel.read(buffer, at + buffer.position());
        }
        return buffer.position();
    }

    @Override
    public void append(byte[] bytes, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
        channel.position(channel.size());
        while (buffer.hasRemaining()) {
            channel.write(buffer);
        }
    }

    @Override
    public void force() throws IOException {
        channel.force(false);
    }

    @Override
    public void truncate(long size) throws IOException {
        channel.truncate(size);
        channel.force(true);
    }

    @Override
    public JournalDisk beside() throws IOException {
        Path path = sibling(file, BESIDE);
        return new JournalFile(
                path,
                null,
                FileChannel.open(
                        path, StandardOpenOption.CREATE_NEW, StandardOpenOption.READ, StandardOpenOption.WRITE));
    }

    @Override
    public void replaceBy(JournalDisk beside) throws IOException {
        JournalFile other = (JournalFile) beside;
        other.channel.force(true);
        Files.move(other.file, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        forceFolder();
        channel.close();
        channel = other.channel;
    }

    /** Or the file could be gone, or the old one be back, after the machine crashed. */
    private void forceFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(Objects.requireNonNull(file.getParent()), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
        closeQuietly(lock);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        try {
            if (channel != null) {
                channel.close();
            }
        } catch (IOException e) {
            log.warn("journal not closed in order", e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }
}
