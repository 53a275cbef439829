package io.privateer.pipeline;

import io.privateer.core.internal.LoopHandle;
import io.privateer.core.wire.PeerId;
import java.nio.file.Path;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gets the results of all batches from the workers, counts each once, and knows what is missing.
 *
 * <p>With a journal, an outcome is on the disk before it is accepted, and a successor that is started with the same file, after
 * this sink is dead, goes on where it stopped: at its start it shows the {@link ResultHandler} again what the journal has of the
 * batches that are not done, because the application's memory died with the sink. Without one, batches of which a dead sink had
 * accepted a part fail at their ventilators, and must be given again.
 *
 * <p>A sink that cannot write its journal stops at once, and has accepted nothing that is not in it.
 *
 * <p>Thread-safe.
 */
public final class Sink implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Sink.class);

    private final LoopHandle handle;
    private final SinkShell shell;

    private Sink(LoopHandle handle, SinkShell shell) {
        this.handle = handle;
        this.shell = shell;
    }

    /** Returns settings for a sink whose results go to {@code handler}. */
    public static SinkConfig.Builder builder(ResultHandler handler) {
        return new SinkConfig.Builder(handler);
    }

    /**
     * Starts a sink. What its journal has of batches that are not done goes to the result handler before, on this thread.
     *
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     * @throws io.privateer.core.StorageException if the journal is damaged, of another version, in use by another sink, or cannot
     *     be opened, or if the file is something else: it then stays as it is
     */
    public static Sink start(SinkConfig config) {
        Objects.requireNonNull(config, "config");
        AtomicLong failures = new AtomicLong();
        Journal journal = open(config.journal());
        try {
            SinkLedger ledger = new SinkLedger(journal, config.collectResults(), config.compactBytesMin());
            ledger.restore(result -> SinkShell.take(config, result, failures, thrown -> false));
            LoopHandle handle = LoopHandle.of(config.loop(), config.name());
            SinkShell shell = handle.make(() -> new SinkShell(handle.loop(), config, ledger, failures));
            log.info(
                    "sink started sink={} endpoint={} journal={} batches={} restored={}",
                    config.name(),
                    shell.endpoint(),
                    config.journal(),
                    ledger.batches.size(),
                    ledger.restored());
            return new Sink(handle, shell);
        } catch (RuntimeException e) {
            if (journal != null) {
                journal.close();
            }
            throw e;
        }
    }

    private static @Nullable Journal open(@Nullable Path path) {
        if (path == null) {
            return null;
        }
        JournalFile file = JournalFile.open(path);
        try {
            return new Journal(file);
        } catch (RuntimeException e) {
            file.close();
            throw e;
        }
    }

    /** Returns the bound endpoint with its real port. */
    public String endpoint() {
        return shell.endpoint();
    }

    /**
     * Returns what completes when a batch is done. It may be asked for before anything of the batch has come. Asked for
     * afterwards, it has the counts only. It completes on the event loop: do not block there.
     *
     * <p>It does not survive a crash: a sink that dies just as it has noted in its journal that the batch is done completes this
     * for nobody, and its successor has the counts only. Make results durable in the {@link ResultHandler}.
     *
     * @return completes exceptionally, with a {@link io.privateer.core.PirateException} that says why, if the sink ends before,
     *     or forgets the batch
     */
    public CompletableFuture<BatchOutcome> outcome(UUID batchId) {
        PeerId id = PeerId.of(Objects.requireNonNull(batchId, "batchId"));
        return shell.ending().call(() -> shell.outcome(id));
    }

    /**
     * Forgets a batch that is not done and never will be, because its producer has given it up. Results that still come of it
     * are acknowledged and dropped. At a ventilator that has it, or comes with it later, it ends with a
     * {@link io.privateer.core.RequestFailedException} of {@link io.privateer.core.Reason#CLOSED}. The last 10,000 batches that
     * were forgotten are known, with a journal also to successors; one that is not known any more may begin anew.
     *
     * <p>A batch that nothing has come of may be forgotten too: it will not begin then. One that is done stays done.
     *
     * @return whether there was such a batch
     */
    public boolean forget(UUID batchId) {
        PeerId id = PeerId.of(Objects.requireNonNull(batchId, "batchId"));
        return shell.ending().call(() -> shell.forget(id));
    }

    /** Returns what was counted so far, and what is there now. */
    public SinkStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Returns what completes when the sink has ended: exceptionally, with a {@link io.privateer.core.PirateException} that says
     * why, unless it was closed.
     */
    public CompletableFuture<Void> ended() {
        return shell.whenEnded().copy();
    }

    /**
     * Closes the sink at once. Workers keep what it has not accepted, for its successor. The result handler is interrupted, and
     * awaited for up to a second. Closing twice is harmless.
     */
    @Override
    public void close() {
        handle.runIfAlive(shell::close);
        handle.close();
        shell.endHandler();
    }
}
