package io.privateer.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where a journal may be: in a file that is one, or will be, and in no other. */
class JournalPlaceTest extends JournalSetup {

    private byte[] written() throws IOException {
        try (Journal journal = open()) {
            journal.result(BATCH, 0, "result".getBytes(UTF_8));
            journal.commit();
        }
        return Files.readAllBytes(file());
    }

    private void checkRefused(byte[] content, String... words) throws IOException {
        Files.write(file(), content);
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessageContaining(file().toString())
                .hasMessageContainingAll(words);
        assertThat(Files.readAllBytes(file())).isEqualTo(content);
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "PX", "Plan of the journey\n", "{\"batches\": []}", "PLN\u0001and so on"})
    void aFileOfAnotherKindIsRefusedAndStaysAsItIs(String content) throws IOException {
        checkRefused(
                content.getBytes(UTF_8),
                "is no journal",
                "50 4c 4a 01",
                String.format("%02x", (int) content.charAt(0)));
        assertThat(folder).isDirectoryNotContaining("glob:**.lock"); // Nothing is left beside what is somebody else's.
    }

    @Test
    void aFileOfNothingButZerosIsRefusedIfItIsLongerThanAHead() throws IOException {
        checkRefused(new byte[17], "is no journal", "00 00 00 00");
        checkRefused(new byte[10_000], "is no journal", "00 00 00 00");
    }

    @Test
    void aJournalOfAnotherVersionIsRefusedAndStaysAsItIs() throws IOException {
        byte[] bytes = written();
        bytes[3] = 2;
        checkRefused(bytes, "is of version 2", "version 1");
        checkRefused(Arrays.copyOf(bytes, 4), "is of version 2", "version 1");
    }

    @Test
    void whatALaterVersionHasAddedIsNotCutOff() throws IOException {
        byte[] first = written();
        byte[] bytes = Arrays.copyOf(first, 2 * first.length);
        System.arraycopy(first, 0, bytes, first.length, first.length);
        bytes[first.length + 3] = 7;
        JournalHead.seal(bytes, first.length);
        checkRefused(bytes, "is of version 7 from byte " + first.length + " on", "version 1");
    }

    @Test
    void aJournalThatIsDamagedAtItsVeryStartIsRefused() throws IOException {
        byte[] bytes = Arrays.copyOf(written(), 20);
        bytes[14] ^= 1;
        checkRefused(bytes, "is damaged at byte 0");
    }

    @Test
    void theHeadOfANewJournalMayBeTornAnywhere() throws IOException {
        byte[] bytes = written();
        for (int length = 0; length < bytes.length; length++) {
            // when its writer died while it wrote the first byte, the second, …
            Files.write(file(), Arrays.copyOf(bytes, length));
            try (Journal journal = open()) {
                assertThat(journal.bytes()).as("torn at byte %d", length).isEqualTo(JournalHead.BYTES);
            }
            // then it begins anew
            assertThat(written()).isEqualTo(bytes);
            Files.delete(file());
        }
        for (int length = 0; length <= JournalHead.BYTES; length++) {
            // or the file had its length before its content
            byte[] torn = new byte[JournalHead.BYTES];
            System.arraycopy(bytes, 0, torn, 0, length);
            Files.write(file(), torn);
            assertThat(written()).as("zero from byte %d on", length).isEqualTo(bytes);
            Files.delete(file());
        }
    }

    @Test
    void aJournalWhoseFirstGroupHasEntriesIsOneToo() throws IOException {
        byte[] bytes = written();
        Files.write(file(), Arrays.copyOfRange(bytes, JournalHead.BYTES, bytes.length));
        try (Journal journal = open()) {
            assertThat(journal.bytes()).isEqualTo(bytes.length - JournalHead.BYTES);
        }
    }

    @Test
    void aFileBesideItThatIsNoJournalIsNotOverwrittenByCompaction() throws IOException {
        Path beside = folder.resolve("journal.new");
        // given what an earlier compaction has left behind
        byte[] whole = written();
        Files.write(beside, whole);
        open().close();
        assertThat(beside).doesNotExist();
        // and one that came while the journal was open
        try (Journal journal = open()) {
            Files.writeString(beside, "mine");
            assertThatThrownBy(() -> journal.compact(id -> true, id -> true)).isInstanceOf(StorageException.class);
        }
        // then only the former goes
        assertThatThrownBy(this::open)
                .isInstanceOf(StorageException.class)
                .hasMessageContainingAll(beside.toString(), "is no journal");
        assertThat(beside).hasContent("mine");
        assertThat(Files.readAllBytes(file())).isEqualTo(whole);
    }

    @Test
    void thePlaceMustBeAFileInAFolderThatIsThere() throws IOException {
        Path lost = folder.resolve("no").resolve("journal");
        assertThatThrownBy(() -> JournalFile.open(lost))
                .isInstanceOf(StorageException.class)
                .hasMessage("journal must be in a folder that is there: " + lost);
        assertThatThrownBy(() -> JournalFile.open(folder))
                .isInstanceOf(StorageException.class)
                .hasMessage("journal must be a file: " + folder);
        assertThatThrownBy(() -> JournalFile.open(Path.of("/")))
                .isInstanceOf(StorageException.class)
                .hasMessage("journal must be a file: /");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void theFilesBesideAJournalAreNoJournals() {
        SinkConfig.Builder settings = Sink.builder(result -> {});
        for (String name : new String[] {"journal.new", "journal.lock"}) {
            assertThatThrownBy(() -> settings.journal(folder.resolve(name)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("journal must be")
                    .hasMessageContaining(name);
        }
    }
}
