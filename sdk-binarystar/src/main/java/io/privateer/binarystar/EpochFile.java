package io.privateer.binarystar;

import io.privateer.core.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Objects;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An {@link EpochStore} in a file of 20 bytes, big-endian:
 *
 * <pre>
 *  0 'P' 'R' 'E' version  4 role u8: 1 primary, 2 backup  5 zero, 3 bytes  8 epoch u64  16 CRC-32C of the first 16 u32
 * </pre>
 *
 * <p>It is replaced as a whole: written beside, forced to the disk, renamed, and the folder forced to the disk. A file that
 * is missing is never made in passing, for a server that has lost its epoch must not start again from the first: make one
 * with {@link #create} when the server is set up. Confine to one thread at a time.
 */
public final class EpochFile implements EpochStore {

    static final int LENGTH = 20;

    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'E' << 8 | 1;
    private static final int CHECKED = 16;
    private static final int ROLE_SHIFT = 24;

    private final Path file;
    private final Path beside;
    private final Role role;

    private EpochFile(Path file, Role role) {
        this.file = Objects.requireNonNull(file, "file").toAbsolutePath();
        this.beside = this.file.resolveSibling(this.file.getFileName() + ".new");
        this.role = Objects.requireNonNull(role, "role");
    }

    /** Returns the store in {@code file}, which must be there and be of {@code role} by the time it is loaded. */
    public static EpochFile at(Path file, Role role) {
        return new EpochFile(file, role);
    }

    /**
     * Makes a new file for a server that was never active, and returns the store in it.
     *
     * @throws StorageException if the file is there already, or cannot be written
     */
    public static EpochFile create(Path file, Role role) {
        EpochFile made = new EpochFile(file, role);
        try {
            made.write(made.file, Epochs.NONE, StandardOpenOption.CREATE_NEW);
            made.forceFolder();
        } catch (FileAlreadyExistsException e) {
            throw made.failure("not exist yet", "it does", e);
        } catch (IOException e) {
            throw made.failure("writable", e.toString(), e);
        }
        return made;
    }

    @Override
    public long load() {
        byte[] bytes = read();
        if (bytes.length != LENGTH) {
            throw failure("20 bytes long", bytes.length + " bytes", null);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        int magic = in.getInt();
        int roleWord = in.getInt();
        long epoch = in.getLong();
        int checksum = in.getInt();
        if (checksum != checksum(bytes)) {
            throw failure(
                    "undamaged",
                    "its checksum is " + Integer.toHexString(checksum) + ", not "
                            + Integer.toHexString(checksum(bytes)),
                    null);
        }
        if (magic != MAGIC) {
            throw failure("an epoch file of version 1", "it begins with " + Integer.toHexString(magic), null);
        }
        if (roleWord != role.number() << ROLE_SHIFT) {
            int number = roleWord >>> ROLE_SHIFT;
            boolean others = number == role.other().number();
            throw failure(
                    "that of a " + role, "it is that of " + (others ? "a " + role.other() : "role " + number), null);
        }
        if (!Epochs.isValid(epoch)) {
            throw failure("with an epoch from 0 to 2^62", Long.toUnsignedString(epoch), null);
        }
        return epoch;
    }

    @Override
    public void store(long epoch) {
        if (!Epochs.isValid(epoch)) {
            throw new IllegalArgumentException("epoch must be from 0 to 2^62: " + epoch);
        }
        try {
            write(beside, epoch, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            Files.move(beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            forceFolder();
        } catch (IOException e) {
            throw failure("writable", e.toString(), e);
        }
    }

    private byte[] read() {
        try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
            ByteBuffer bytes = ByteBuffer.allocate(LENGTH + 1); // One more, to notice a longer file without reading it.
            int count = 0;
            while (bytes.hasRemaining() && count >= 0) {
                count = in.read(bytes);
            }
            return Arrays.copyOf(bytes.array(), bytes.position());
        } catch (NoSuchFileException e) {
            throw failure("there; create it once, when the server is set up", "it is missing", e);
        } catch (IOException e) {
            throw failure("readable", e.toString(), e);
        }
    }

    private void write(Path target, long epoch, StandardOpenOption... how) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(LENGTH)
                .putInt(MAGIC)
                .putInt(role.number() << ROLE_SHIFT)
                .putLong(epoch);
        bytes.putInt(checksum(bytes.array())).flip();
        StandardOpenOption[] options = Arrays.copyOf(how, how.length + 1);
        options[how.length] = StandardOpenOption.WRITE;
        try (FileChannel out = FileChannel.open(target, options)) {
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    /** Or the name of the new file could be lost, and the old one be back, after the machine crashed. */
    private void forceFolder() throws IOException {
        try (FileChannel folder = FileChannel.open(Objects.requireNonNull(file.getParent()), StandardOpenOption.READ)) {
            folder.force(true);
        }
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, CHECKED);
        return (int) crc.getValue();
    }

    private StorageException failure(String rule, String value, @Nullable Throwable cause) {
        String verb = rule.startsWith("not ") ? " must " : " must be ";
        return new StorageException("epoch file " + file + verb + rule + ": " + value, cause);
    }
}
