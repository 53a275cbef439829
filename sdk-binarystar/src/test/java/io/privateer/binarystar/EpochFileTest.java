package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.privateer.core.Reason;
import io.privateer.core.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A file that cannot be trusted is an error that says why, never an epoch. */
class EpochFileTest {

    @TempDir
    Path folder;

    private Path path;
    private EpochFile store;

    @BeforeEach
    void create() {
        path = folder.resolve("epoch");
        store = EpochFile.create(path, Role.PRIMARY);
    }

    @Test
    void aNewFileHoldsNoEpoch() {
        assertThat(store.load()).isEqualTo(Epochs.NONE);
    }

    @Test
    void whatWasStoredIsLoadedByTheNextLife() throws IOException {
        store.store(6);
        store.store(8);
        assertThat(EpochFile.at(path, Role.PRIMARY).load()).isEqualTo(8);
        assertThat(folder).isDirectoryNotContaining("glob:**.new");
    }

    @Test
    void whatAnInterruptedStoreHasLeftBesideIsNoHindrance() throws IOException {
        store.store(6);
        Files.write(folder.resolve("epoch.new"), new byte[] {1, 2, 3});
        assertThat(store.load()).isEqualTo(6);
        store.store(8);
        assertThat(store.load()).isEqualTo(8);
    }

    @Test
    void aFileThatIsThereIsNeverOverwrittenByANewOne() {
        store.store(6);
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> EpochFile.create(path, Role.PRIMARY))
                .withMessageContaining(path.toString())
                .withMessageContaining("must not exist yet")
                .satisfies(e -> assertThat(e.reason()).isEqualTo(Reason.STORAGE_UNUSABLE));
        assertThat(store.load()).isEqualTo(6);
    }

    @Test
    void aMissingFileIsAnErrorAndIsNotMade() {
        Path missing = folder.resolve("other");
        assertFails(EpochFile.at(missing, Role.PRIMARY), missing, "must be there", "missing");
        assertThat(missing).doesNotExist();
    }

    @Test
    void aFileCutAnywhereIsAnError() throws IOException {
        store.store(6);
        byte[] whole = Files.readAllBytes(path);
        for (int length = 0; length < whole.length; length++) {
            Files.write(path, Arrays.copyOf(whole, length));
            assertFails(store, path, "must be 20 bytes long", length + " bytes");
        }
        Files.write(path, Arrays.copyOf(whole, whole.length + 5));
        assertFails(store, path, "must be 20 bytes long", "21 bytes");
    }

    @Test
    void everySingleFlippedBitIsNoticed() throws IOException {
        store.store(6);
        byte[] whole = Files.readAllBytes(path);
        for (int bit = 0; bit < whole.length * Byte.SIZE; bit++) {
            byte[] flipped = whole.clone();
            flipped[bit / Byte.SIZE] ^= (byte) (1 << bit % Byte.SIZE);
            Files.write(path, flipped);
            assertFails(store, path, "must be undamaged", "checksum");
        }
    }

    @Test
    void theFileOfTheOtherRoleIsAnError() {
        assertFails(EpochFile.at(path, Role.BACKUP), path, "must be that of a BACKUP", "it is that of a PRIMARY");
    }

    @Test
    void aFileOfAnotherKindWithARightChecksumIsAnError() throws IOException {
        Files.write(path, withChecksum(new byte[16]));
        assertFails(store, path, "must be an epoch file of version 1", "begins with 0");
    }

    @Test
    void anEpochThatNobodyCanHaveDrawnIsAnError() throws IOException {
        byte[] bytes = Arrays.copyOf(Files.readAllBytes(path), 16);
        Arrays.fill(bytes, 8, 16, (byte) 0xFF);
        Files.write(path, withChecksum(bytes));
        assertFails(store, path, "epoch from 0 to 2^62", "18446744073709551615");
        assertThatThrownBy(() -> store.store(-1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aFolderThatCannotBeWrittenIsAnErrorAndTheOldEpochStays() throws IOException {
        store.store(6);
        Files.createDirectory(folder.resolve("epoch.new")); // In the way of what is written beside, for root as well.
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> store.store(8))
                .withMessageContaining(path.toString())
                .withMessageContaining("must be writable");
        assertThat(store.load()).isEqualTo(6);
    }

    @Test
    void aFolderWithoutPermissionToWriteIsAnError() throws IOException {
        store.store(6);
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("r-xr-xr-x"));
        try {
            assumeThat(Files.isWritable(folder)).as("root may write everywhere").isFalse();
            assertThatThrownBy(() -> store.store(8)).hasMessageContaining("must be writable");
            assertThatThrownBy(() -> EpochFile.create(folder.resolve("other"), Role.BACKUP))
                    .hasMessageContaining("must be writable");
            assertThat(store.load()).isEqualTo(6);
        } finally {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
    }

    @Test
    void aFolderThatIsMissingIsAnError() {
        Path nowhere = folder.resolve("no").resolve("epoch");
        assertThatThrownBy(() -> EpochFile.create(nowhere, Role.BACKUP)).hasMessageContaining("must be writable");
        assertThatThrownBy(() -> EpochFile.at(folder, Role.BACKUP).load()).hasMessageContaining("must be readable");
    }

    private static void assertFails(EpochFile file, Path path, String rule, String value) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(file::load)
                .withMessageContaining(path.toString())
                .withMessageContaining(rule)
                .withMessageContaining(value);
    }

    private static byte[] withChecksum(byte[] checked) {
        CRC32C crc = new CRC32C();
        crc.update(checked);
        return ByteBuffer.allocate(EpochFile.LENGTH)
                .put(checked)
                .putInt((int) crc.getValue())
                .array();
    }
}
