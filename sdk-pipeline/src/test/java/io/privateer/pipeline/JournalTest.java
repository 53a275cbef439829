package io.privateer.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.StorageException;
import io.privateer.core.wire.PeerId;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class JournalTest extends JournalSetup {

    private static final PeerId OTHER = new PeerId(3, 4);

    private List<String> read() {
        try (Journal journal = open()) {
            return read(journal);
        }
    }

    private static List<String> read(Journal journal) {
        List<String> entries = new ArrayList<>();
        journal.replay(new Journal.Entries() {
            @Override
            public void result(PeerId batch, int number, byte[] body) {
                entries.add("result " + batch.low() + " " + number + " " + new String(body, UTF_8));
            }

            @Override
            public void failure(PeerId batch, int number, String reason) {
                entries.add("failure " + batch.low() + " " + number + " " + reason);
            }

            @Override
            public void end(PeerId batch, int count) {
                entries.add("end " + batch.low() + " " + count);
            }

            @Override
            public void done(PeerId batch, int count, int failed) {
                entries.add("done " + batch.low() + " " + count + " " + failed);
            }

            @Override
            public void forget(PeerId batch) {
                entries.add("forget " + batch.low());
            }
        });
        return entries;
    }

    private void write(String... groups) {
        try (Journal journal = open()) {
            for (String group : groups) {
                journal.result(BATCH, group.length(), group.getBytes(UTF_8));
                journal.end(BATCH, 3);
                journal.commit();
            }
        }
    }

    @Test
    void whatWasCommittedIsThere() {
        try (Journal journal = open()) {
            journal.result(BATCH, 0, "a".getBytes(UTF_8));
            journal.failure(BATCH, 1, "why");
            journal.end(BATCH, 2);
            journal.commit();
            journal.done(BATCH, 2, 1);
            journal.forget(OTHER);
            journal.commit();
            journal.commit();
            journal.result(BATCH, 9, "never committed".getBytes(UTF_8));
            assertThat(read(journal)).hasSize(5);
        }
        assertThat(read()).containsExactly("result 2 0 a", "failure 2 1 why", "end 2 2", "done 2 2 1", "forget 4");
    }

    @Test
    void aTailThatIsTornAnywhereIsCutOff() throws IOException {
        // given two groups
        write("first");
        long whole = Files.size(file());
        write("second");
        byte[] bytes = Files.readAllBytes(file());
        for (int length = (int) whole; length < bytes.length; length++) {
            // when the second was written in part
            Files.write(file(), Arrays.copyOf(bytes, length));
            // then the first is there, and what follows is written behind it
            assertThat(read()).as("torn at byte %d", length).containsExactly("result 2 5 first", "end 2 3");
            assertThat(Files.size(file())).isEqualTo(whole);
            write("third");
            assertThat(read()).hasSize(4).contains("result 2 5 third");
        }
    }

    @Test
    void aTailWithAHoleIsCutOff() throws IOException {
        write("first");
        long whole = Files.size(file());
        write("second");
        byte[] bytes = Files.readAllBytes(file());
        for (int at = (int) whole; at < bytes.length; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x40;
            Files.write(file(), damaged);
            assertThat(read()).as("damaged at byte %d", at).hasSize(2);
        }
    }

    @Test
    void aDamagedMiddleIsAnError() throws IOException {
        write("first");
        long first = Files.size(file());
        write("second");
        byte[] bytes = Files.readAllBytes(file());
        for (int at = 0; at < first; at++) {
            byte[] damaged = bytes.clone();
            damaged[at] ^= 0x01;
            Files.write(file(), damaged);
            String what = at < 3
                    ? "is no journal"
                    : at == 3
                            ? "is of version 0"
                            : "is damaged at byte " + (at < JournalHead.BYTES ? 0 : JournalHead.BYTES);
            assertThatThrownBy(this::read)
                    .as("damaged at byte %d", at)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining(what);
            assertThat(Files.readAllBytes(file())).isEqualTo(damaged);
        }
    }

    @Test
    void twoCannotHaveIt() {
        try (Journal journal = open()) {
            assertThat(journal.bytes()).isEqualTo(JournalHead.BYTES);
            assertThatThrownBy(this::open).isInstanceOf(StorageException.class).hasMessageContaining("in use");
        }
        open().close();
    }

    private List<String> restored(SinkLedger ledger) {
        List<String> shown = new ArrayList<>();
        ledger.restore(result -> shown.add(result.number() + " " + result.text()));
        return shown;
    }

    @Test
    void aBatchThatWasForgottenBegunAgainAndDoneStaysDone() {
        try (Journal journal = open()) {
            journal.result(BATCH, 0, "first".getBytes(UTF_8));
            journal.forget(BATCH);
            journal.result(BATCH, 0, "second".getBytes(UTF_8));
            journal.end(BATCH, 1);
            journal.done(BATCH, 1, 0);
            journal.commit();
            SinkLedger ledger = new SinkLedger(journal, false, 1);
            assertThat(restored(ledger)).isEmpty();
            assertThat(ledger.batches).isEmpty();
            assertThat(ledger.doneOf(BATCH)).isEqualTo(new SinkLedger.Done(1, 0));
        }
    }

    @Test
    void anIdThatIsUsedAgainAfterItWasDoneKeepsItsNewResults() {
        try (Journal journal = open()) {
            journal.result(BATCH, 0, "first".getBytes(UTF_8));
            journal.end(BATCH, 1);
            journal.done(BATCH, 1, 0);
            journal.result(BATCH, 1, "second".getBytes(UTF_8));
            journal.commit();
            SinkLedger ledger = new SinkLedger(journal, false, 1);
            assertThat(restored(ledger)).containsExactly("1 second");
            assertThat(ledger.batch(BATCH).count).isEqualTo(Pln.COUNT_UNKNOWN);
            // and also behind a compaction
            journal.compact(BATCH::equals, id -> false);
            assertThat(restored(new SinkLedger(journal, false, 1))).containsExactly("1 second");
        }
    }

    @Test
    void whatWasForgottenIsRememberedByASuccessor() {
        try (Journal journal = open()) {
            SinkLedger ledger = new SinkLedger(journal, false, 1);
            ledger.batch(BATCH);
            assertThat(ledger.forget(BATCH)).isTrue();
            assertThat(ledger.forget(BATCH)).isFalse();
        }
        try (Journal journal = open()) {
            SinkLedger next = new SinkLedger(journal, false, 1);
            assertThat(restored(next)).isEmpty();
            assertThat(next.isOver(BATCH)).isTrue();
            assertThat(next.doneOf(BATCH)).isNull();
            next.batch(BATCH);
            assertThat(next.isOver(BATCH)).isFalse();
        }
    }

    @Test
    void compactionLeavesOutWhatIsOver() throws IOException {
        try (Journal journal = open()) {
            for (int i = 0; i < 100; i++) {
                journal.result(BATCH, i, new byte[100]);
                journal.result(OTHER, i, "x".getBytes(UTF_8));
            }
            journal.done(BATCH, 100, 0);
            long before = journal.bytes();
            journal.compact(OTHER::equals, BATCH::equals);
            assertThat(journal.bytes()).isLessThan(10_000).isNotEqualTo(before);
            journal.end(OTHER, 100);
            journal.commit();
        }
        assertThat(read()).hasSize(102).contains("done 2 100 0", "result 4 99 x", "end 4 100");
        try (Journal journal = open()) {
            journal.forget(OTHER);
            journal.compact(id -> false, id -> false);
            assertThat(journal.bytes()).isEqualTo(JournalHead.BYTES);
        }
    }

    /** A disk that takes some bytes, and then none. */
    private static final class FullDisk implements JournalDisk {
        private final int room;
        private byte[] bytes = new byte[0];

        FullDisk(int room) {
            this.room = room;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public int read(long at, byte[] into, int length) {
            int count = (int) Math.min(length, bytes.length - at);
            System.arraycopy(bytes, (int) at, into, 0, count);
            return count;
        }

        @Override
        public void append(byte[] from, int length) throws IOException {
            int taken = Math.min(length, room - bytes.length);
            int at = bytes.length;
            bytes = Arrays.copyOf(bytes, at + taken);
            System.arraycopy(from, 0, bytes, at, taken);
            if (taken < length) {
                throw new IOException("no space left on device");
            }
        }

        @Override
        public void force() {}

        @Override
        public void truncate(long size) {
            bytes = Arrays.copyOf(bytes, (int) size);
        }

        @Override
        public JournalDisk beside() throws IOException {
            throw new IOException("no space left on device");
        }

        @Override
        public void replaceBy(JournalDisk beside) {}

        @Override
        public void close() {}
    }

    @Test
    void aJournalThatCannotBeBegunIsNone() {
        FullDisk disk = new FullDisk(10);
        assertThatThrownBy(() -> new Journal(disk))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("cannot be begun");
        try (Journal next = new Journal(new FullDisk(16))) {
            assertThat(read(next)).isEmpty();
        }
    }

    @Test
    void aFullDiskStaysHonest() {
        // given a disk on which two groups have room
        FullDisk disk = new FullDisk(200);
        try (Journal journal = new Journal(disk)) {
            int committed = 0;
            try {
                while (committed < 100) {
                    journal.result(BATCH, committed, new byte[30]);
                    journal.commit();
                    committed++;
                }
            } catch (StorageException e) {
                assertThat(e).hasMessageContaining("cannot be written");
            }
            // then what was committed is there, and no more
            assertThat(committed).isEqualTo(2);
        }
        try (Journal next = new Journal(disk)) {
            assertThat(read(next)).hasSize(2);
            assertThatThrownBy(() -> next.compact(id -> true, id -> true))
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("cannot be compacted");
        }
    }
}
