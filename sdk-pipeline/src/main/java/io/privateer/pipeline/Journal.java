package io.privateer.pipeline;

import io.privateer.core.StorageException;
import io.privateer.core.wire.PeerId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a sink has accepted, so that its successor has it too: groups of entries, each group written and forced to the disk as a
 * whole before anything in it is accepted. The first group has no entries. All numbers are big-endian.
 *
 * <pre>
 * group  0 'P' 'L' 'J' version  4 length of the entries u32  8 their CRC-32C u32  12 CRC-32C of these 12 bytes u32  16 entries…
 * entry  0 type u8  1 reserved  4 length u32, all of the entry  8 batch id  24 number or count u32  28 by type
 * </pre>
 *
 * <p>A group that is not whole, with no whole one behind it, was being written when the sink died: nothing in it was accepted,
 * and it is cut off. One that has a whole one behind it is damaged, and so is the journal. Confine to one thread at a time.
 */
final class Journal implements AutoCloseable {

    static final int ENTRY_HEAD = 28;

    private static final Logger log = LoggerFactory.getLogger(Sink.class);

    private static final int LENGTH = 4;
    private static final int GROUP_BYTES_FULL = 32 << 20;
    private static final int BYTES_INITIAL = 64 << 10;

    private static final int RESULT = 1;
    private static final int FAILURE = 2;
    private static final int END = 3;
    private static final int DONE = 4;
    private static final int FORGET = 5;

    /** Takes the entries in the order in which they were written. */
    interface Entries {

        void result(PeerId batch, int number, byte[] body);

        void failure(PeerId batch, int number, String reason);

        void end(PeerId batch, int count);

        void done(PeerId batch, int count, int failed);

        void forget(PeerId batch);
    }

    private final JournalDisk disk;
    private byte[] group = new byte[BYTES_INITIAL];
    private int size = JournalHead.BYTES;
    private long committed;

    /**
     * Opens a journal, and cuts off what its last writer could not finish; begins one where nothing is.
     *
     * @throws StorageException if what is there is no journal, of another version or damaged, or cannot be read
     */
    Journal(JournalDisk disk) {
        this.disk = disk;
        try {
            if (!JournalHead.isBegun(disk)) {
                begin();
            }
            committed = soundBytes();
            long torn = disk.size() - committed;
            if (torn > 0) {
                log.warn("torn tail of journal cut off journal={} atByte={} bytes={}", disk, committed, torn);
                disk.truncate(committed);
            }
        } catch (IOException e) {
            throw failure("cannot be read", e);
        }
    }

    private void begin() {
        try {
            disk.truncate(0);
            disk.append(JournalHead.empty(), JournalHead.BYTES);
            disk.force();
        } catch (IOException e) {
            throw failure("cannot be begun", e);
        }
    }

    private long soundBytes() throws IOException {
        long at = 0;
        long end = disk.size();
        long next = behind(at, end);
        while (next > at) {
            at = next;
            next = behind(at, end);
        }
        checkNothingWholeFollows(at, end);
        if (at == 0) {
            throw new StorageException("journal " + disk + " is damaged at byte 0: its first group is not whole", null);
        }
        return at;
    }

    private void checkNothingWholeFollows(long at, long end) throws IOException {
        byte[] chunk = new byte[BYTES_INITIAL];
        for (long from = at + 1; from <= end - JournalHead.BYTES; from += chunk.length - LENGTH) {
            int length = disk.read(from, chunk, (int) Math.min(chunk.length, end - from));
            for (int i = 0; i <= length - LENGTH; i++) {
                if (JournalHead.mayBeAt(chunk, i) && behind(from + i, end) > from + i) {
                    throw new StorageException(
                            "journal " + disk + " is damaged at byte " + at + ": what is at byte " + (from + i)
                                    + " is whole",
                            null);
                }
            }
        }
    }

    /** Returns where the group ends that begins at {@code at}, or {@code at} if no whole one does. */
    private long behind(long at, long end) throws IOException {
        if (end - at < JournalHead.BYTES) {
            return at;
        }
        byte[] head = new byte[JournalHead.BYTES];
        disk.read(at, head, head.length);
        JournalHead.checkVersion(disk, at, head);
        int length = JournalHead.entriesLength(head);
        if (length < 0 || length > end - at - head.length) {
            return at;
        }
        byte[] entries = new byte[length];
        disk.read(at + head.length, entries, length);
        return JournalHead.isOf(entries, head) ? at + head.length + length : at;
    }

    /**
     * Shows all that is committed.
     *
     * @throws StorageException if it cannot be read
     */
    void replay(Entries to) {
        try {
            long at = 0;
            byte[] head = new byte[JournalHead.BYTES];
            while (at < committed) {
                disk.read(at, head, head.length);
                int length = JournalHead.entriesLength(head);
                byte[] entries = new byte[length];
                disk.read(at + head.length, entries, length);
                for (int from = 0; from < length; from += integer(entries, from + LENGTH)) {
                    show(entries, from, to);
                }
                at += head.length + length;
            }
        } catch (IOException e) {
            throw failure("cannot be read", e);
        }
    }

    private void show(byte[] body, int at, Entries to) {
        int end = at + integer(body, at + LENGTH);
        PeerId batch = new PeerId((long) Pln.LONG.get(body, at + 8), (long) Pln.LONG.get(body, at + 16));
        int number = integer(body, at + 24);
        switch (body[at]) {
            case RESULT -> to.result(batch, number, Arrays.copyOfRange(body, at + ENTRY_HEAD, end));
            case FAILURE ->
                to.failure(
                        batch,
                        number,
                        new String(body, at + ENTRY_HEAD, end - at - ENTRY_HEAD, StandardCharsets.UTF_8));
            case END -> to.end(batch, number);
            case DONE -> to.done(batch, number, integer(body, at + ENTRY_HEAD));
            case FORGET -> to.forget(batch);
            default ->
                throw new StorageException(
                        "journal " + disk + " has an entry of type " + body[at] + ", of a later version", null);
        }
    }

    void result(PeerId batch, int number, byte[] body) {
        entry(RESULT, batch, number, body);
    }

    void failure(PeerId batch, int number, String reason) {
        entry(FAILURE, batch, number, reason.getBytes(StandardCharsets.UTF_8));
    }

    void end(PeerId batch, int count) {
        entry(END, batch, count, new byte[0]);
    }

    void done(PeerId batch, int count, int failed) {
        byte[] body = new byte[Integer.BYTES];
        Pln.INT.set(body, 0, failed);
        entry(DONE, batch, count, body);
    }

    void forget(PeerId batch) {
        entry(FORGET, batch, 0, new byte[0]);
    }

    private void entry(int type, PeerId batch, int number, byte[] body) {
        if (size > GROUP_BYTES_FULL) {
            commit();
        }
        int length = ENTRY_HEAD + body.length;
        if (size + length > group.length) {
            group = Arrays.copyOf(group, Math.max(2 * group.length, size + length));
        }
        Pln.INT.set(group, size, type << 24);
        Pln.INT.set(group, size + LENGTH, length);
        Pln.LONG.set(group, size + 8, batch.high());
        Pln.LONG.set(group, size + 16, batch.low());
        Pln.INT.set(group, size + 24, number);
        System.arraycopy(body, 0, group, size + ENTRY_HEAD, body.length);
        size += length;
    }

    /**
     * Writes what was entered and forces it to the disk; does nothing if nothing was.
     *
     * @throws StorageException if that failed: nothing of it may be accepted, and the journal be used no more
     */
    void commit() {
        if (size == JournalHead.BYTES) {
            return;
        }
        JournalHead.write(group, size);
        try {
            disk.append(group, size);
            disk.force();
        } catch (IOException e) {
            throw failure("cannot be written", e);
        }
        committed += size;
        size = JournalHead.BYTES;
    }

    /**
     * Leaves out all entries of batches that nobody needs any more.
     *
     * @param needed says whether a batch is not over; its former ends stay, as they part what counts from what does not
     * @param remembered says whether it is to be remembered that a batch is over
     * @throws StorageException if that failed; the journal is as it was, and may be used no more
     */
    void compact(Predicate<PeerId> needed, Predicate<PeerId> remembered) {
        commit();
        long before = committed;
        try {
            JournalDisk beside = disk.beside();
            Journal shorter = new Journal(beside);
            replay(new Keeper(shorter, needed, remembered));
            shorter.commit();
            disk.replaceBy(beside);
            committed = shorter.committed;
        } catch (IOException e) {
            throw failure("cannot be compacted", e);
        }
        log.info("journal compacted journal={} bytes={} bytesBefore={}", disk, committed, before);
    }

    private record Keeper(Journal to, Predicate<PeerId> needed, Predicate<PeerId> remembered) implements Entries {
        @Override
        public void result(PeerId batch, int number, byte[] body) {
            if (needed.test(batch)) {
                to.result(batch, number, body);
            }
        }

        @Override
        public void failure(PeerId batch, int number, String reason) {
            if (needed.test(batch)) {
                to.failure(batch, number, reason);
            }
        }

        @Override
        public void end(PeerId batch, int count) {
            if (needed.test(batch)) {
                to.end(batch, count);
            }
        }

        @Override
        public void done(PeerId batch, int count, int failed) {
            if (isEndKept(batch)) {
                to.done(batch, count, failed);
            }
        }

        @Override
        public void forget(PeerId batch) {
            if (isEndKept(batch)) {
                to.forget(batch);
            }
        }

        private boolean isEndKept(PeerId batch) {
            return needed.test(batch) || remembered.test(batch);
        }
    }

    long bytes() {
        return committed;
    }

    @Override
    public void close() {
        disk.close();
    }

    private StorageException failure(String what, IOException cause) {
        return new StorageException("journal " + disk + " " + what + ": " + cause, cause);
    }

    private static int integer(byte[] bytes, int at) {
        return (int) Pln.INT.get(bytes, at);
    }
}
