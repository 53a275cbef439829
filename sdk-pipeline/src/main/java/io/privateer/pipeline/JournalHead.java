package io.privateer.pipeline;

import io.privateer.core.StorageException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/**
 * What stands before the entries of each group of a {@link Journal}, and tells a journal from every other file: a journal begins
 * with a group without entries, which is on the disk before anything else is written. So whatever a crash leaves of its first
 * head is no longer than a head.
 */
final class JournalHead {

    static final int BYTES = 16;

    private static final int VERSION = 1;
    private static final int MAGIC = 'P' << 24 | 'L' << 16 | 'J' << 8 | VERSION;
    private static final int MAGIC_BYTES = Integer.BYTES;
    private static final int VERSION_AT = 3;
    private static final int LENGTH = 4;
    private static final int BODY_CRC = 8;
    private static final int HEAD_CRC = 12;
    private static final HexFormat HEX = HexFormat.ofDelimiter(" ");

    private JournalHead() {}

    /** Returns a group without entries. */
    static byte[] empty() {
        byte[] group = new byte[BYTES];
        write(group, BYTES);
        return group;
    }

    /** Writes the head of a group whose entries are there, {@code size} bytes with the head. */
    static void write(byte[] group, int size) {
        Pln.INT.set(group, 0, MAGIC);
        Pln.INT.set(group, LENGTH, size - BYTES);
        Pln.INT.set(group, BODY_CRC, crc(group, BYTES, size - BYTES));
        seal(group, 0);
    }

    /** Writes the checksum of the head that begins at {@code at}. */
    static void seal(byte[] group, int at) {
        Pln.INT.set(group, at + HEAD_CRC, crc(group, at, HEAD_CRC));
    }

    /** Returns whether a group may begin at {@code at}: nothing but its first bytes is looked at. */
    static boolean mayBeAt(byte[] bytes, int at) {
        return integer(bytes, at) == MAGIC;
    }

    /** Returns how long the entries are behind a head, or -1 if it is not sound. */
    static int entriesLength(byte[] head) {
        return mayBeAt(head, 0) && isSealed(head) ? integer(head, LENGTH) : -1;
    }

    /** Returns whether these are the entries behind a head that is sound. */
    static boolean isOf(byte[] entries, byte[] head) {
        return integer(head, BODY_CRC) == crc(entries, 0, entries.length);
    }

    /**
     * Checks that a head, if it is sound, is not of another version: whoever wrote it knows more than this one.
     *
     * @throws StorageException if it is
     */
    static void checkVersion(JournalDisk disk, long at, byte[] head) {
        if (isOfOtherVersion(head) && isSealed(head)) {
            throw otherVersion(disk, at, head);
        }
    }

    /**
     * Returns whether a file begins as a journal does: false if it is empty, or has a part of a first head and nothing else.
     *
     * @throws StorageException if it begins otherwise, or is a journal of another version
     */
    static boolean isBegun(JournalDisk disk) throws IOException {
        byte[] start = new byte[(int) Math.min(BYTES, disk.size())];
        disk.read(0, start, start.length);
        if (disk.size() <= BYTES && isTorn(start)) {
            return false;
        }
        if (start.length >= MAGIC_BYTES && isOfOtherVersion(start)) {
            throw otherVersion(disk, 0, start);
        }
        if (start.length < BYTES || !mayBeAt(start, 0)) {
            throw new StorageException(
                    "journal " + disk + " is no journal, so it stays as it is: it begins with "
                            + HEX.formatHex(start, 0, Math.min(MAGIC_BYTES, start.length)) + ", a journal with "
                            + HEX.formatHex(empty(), 0, MAGIC_BYTES),
                    null);
        }
        return true;
    }

    /** Whether something of a first head is missing, and nothing else is there: what was not written is absent, or zero. */
    private static boolean isTorn(byte[] start) {
        byte[] whole = empty();
        int missing = BYTES - start.length;
        for (int i = 0; i < start.length; i++) {
            if (start[i] != whole[i]) {
                if (start[i] != 0) {
                    return false;
                }
                missing++;
            }
        }
        return missing > 0;
    }

    private static boolean isOfOtherVersion(byte[] head) {
        return integer(head, 0) >>> Byte.SIZE == MAGIC >>> Byte.SIZE && head[VERSION_AT] != VERSION;
    }

    private static StorageException otherVersion(JournalDisk disk, long at, byte[] head) {
        return new StorageException(
                "journal " + disk + " is of version " + Byte.toUnsignedInt(head[VERSION_AT])
                        + (at == 0 ? "" : " from byte " + at + " on") + ", and this sink reads and writes version "
                        + VERSION,
                null);
    }

    private static boolean isSealed(byte[] head) {
        return integer(head, HEAD_CRC) == crc(head, 0, HEAD_CRC);
    }

    private static int integer(byte[] bytes, int at) {
        return (int) Pln.INT.get(bytes, at);
    }

    private static int crc(byte[] bytes, int from, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, from, length);
        return (int) crc.getValue();
    }
}
