package io.privateer.binarystar;

import io.privateer.core.StorageException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Loads and stores epochs on a thread of its own, in the order of the calls: a disk may take its time. Thread-safe. */
final class EpochWriter {

    private static final Logger log = LoggerFactory.getLogger(BinaryStarServer.class);
    private static final long ENDS_SECONDS = 5;

    private final String node;
    private final EpochStore store;
    private final ExecutorService thread;

    EpochWriter(String node, EpochStore store) {
        this.node = node;
        this.store = store;
        this.thread = Executors.newSingleThreadExecutor(task -> {
            Thread made = new Thread(task, "privateer-epoch-" + node);
            made.setDaemon(true);
            return made;
        });
    }

    /** Tells, on its own thread, the epoch stored last, or what is wrong with it. */
    void load(LongConsumer loaded, Consumer<String> failed) {
        thread.execute(() -> attempt(() -> loaded.accept(store.load()), failed));
    }

    /** Tells, on its own thread, when {@code epoch} is stored, or why it is not. */
    void store(long epoch, Runnable stored, Consumer<String> failed) {
        thread.execute(() -> attempt(
                () -> {
                    store.store(epoch);
                    stored.run();
                },
                failed));
    }

    /** What is no failure of the storage is a bug, and keeps the server from serving all the same. */
    private void attempt(Runnable step, Consumer<String> failed) {
        try {
            step.run();
        } catch (RuntimeException | Error e) {
            if (!(e instanceof StorageException)) {
                log.error("epoch store failed unexpectedly node={}", node, e);
            }
            failed.accept(String.valueOf(e.getMessage()));
        }
    }

    /** Takes nothing more. */
    void end() {
        thread.shutdown();
    }

    /** Waits until nothing is being stored any more, so that a successor in this process is alone at the file. */
    void awaitEnd() {
        try {
            if (!thread.awaitTermination(ENDS_SECONDS, TimeUnit.SECONDS)) {
                log.error("epoch is still being stored, given up node={}", node);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
