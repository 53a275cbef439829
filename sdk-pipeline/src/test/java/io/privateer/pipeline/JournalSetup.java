package io.privateer.pipeline;

import io.privateer.core.StorageException;
import io.privateer.core.wire.PeerId;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

/** A journal in a file. */
abstract class JournalSetup {

    static final PeerId BATCH = new PeerId(1, 2);

    @TempDir
    Path folder;

    Path file() {
        return folder.resolve("journal");
    }

    Journal open() {
        JournalFile disk = JournalFile.open(file());
        try {
            return new Journal(disk);
        } catch (StorageException e) {
            disk.close();
            throw e;
        }
    }
}
