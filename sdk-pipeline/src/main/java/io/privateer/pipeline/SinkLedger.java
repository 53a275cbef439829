package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a sink has: batches that are not done, which were, and the journal of both. Confine to one thread at a time.
 */
final class SinkLedger {

    private static final int OVER_MAX = 10_000;

    /** A batch that is done. */
    record Done(int count, int failed) {}

    final Map<PeerId, SinkBatch> batches = new LinkedHashMap<>();
    final @Nullable Journal journal;
    private final boolean collect;
    private final long compactBytesMin;
    private long restored;

    private final Map<PeerId, Done> done = new Latest<>();
    private final Set<PeerId> forgotten = Collections.newSetFromMap(new Latest<>());

    /** What was put last. */
    private static final class Latest<V> extends LinkedHashMap<PeerId, V> {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<PeerId, V> eldest) {
            return size() > OVER_MAX;
        }
    }

    /** @param compactBytesMin how much of the journal must be about nothing any more before it is compacted */
    SinkLedger(@Nullable Journal journal, boolean collect, long compactBytesMin) {
        this.journal = journal;
        this.collect = collect;
        this.compactBytesMin = compactBytesMin;
    }

    @Nullable
    Done doneOf(PeerId id) {
        return done.get(id);
    }

    boolean isForgotten(PeerId id) {
        return forgotten.contains(id);
    }

    /** Returns whether the batch is done or forgotten. */
    boolean isOver(PeerId id) {
        return done.containsKey(id) || forgotten.contains(id);
    }

    /** Returns the batch; begins it if there is none, anew if it was over so long ago that only the journal knows. */
    SinkBatch batch(PeerId id) {
        SinkBatch batch = batches.get(id);
        if (batch == null) {
            done.remove(id);
            forgotten.remove(id);
            batch = new SinkBatch(id, collect);
            batches.put(id, batch);
        }
        return batch;
    }

    long restored() {
        return restored;
    }

    /**
     * Reads the journal.
     *
     * @param taker gets each outcome of the batches that are not done
     */
    void restore(Consumer<TaskResult> taker) {
        if (journal != null) {
            Map<PeerId, Integer> ends = new HashMap<>();
            journal.replay(new Ends(ends));
            journal.replay(new Outcomes(ends, taker));
        }
    }

    void journal(TaskResult result) {
        if (journal == null) {
            return;
        }
        if (result.failure != null) {
            journal.failure(result.batch, result.number(), result.failure);
        } else {
            journal.result(result.batch, result.number(), result.bytes());
        }
    }

    /** What was told to the journal is on the disk when this returns. */
    void commit() {
        if (journal != null) {
            journal.commit();
        }
    }

    void journalEnd(SinkBatch batch) {
        if (journal != null) {
            journal.end(batch.id, batch.count);
        }
    }

    /** The batch is done: from here on only that is known of it. */
    void close(SinkBatch batch) {
        if (journal != null) {
            journal.done(batch.id, batch.count, batch.failures.size());
            journal.commit();
        }
        batches.remove(batch.id);
        done.put(batch.id, new Done(batch.count, batch.failures.size()));
        compactIfWorthwhile();
    }

    /** Nobody wants the batch any more, whether it has begun or not; false if it is over already. */
    boolean forget(PeerId id) {
        if (isOver(id)) {
            return false;
        }
        batches.remove(id);
        forgotten.add(id);
        if (journal != null) {
            journal.forget(id);
            journal.commit();
        }
        compactIfWorthwhile();
        return true;
    }

    private void compactIfWorthwhile() {
        if (journal == null) {
            return;
        }
        long live = 0;
        for (SinkBatch batch : batches.values()) {
            live += batch.journalBytes;
        }
        long overBytes = (long) (done.size() + forgotten.size()) * (Journal.ENTRY_HEAD + Integer.BYTES);
        if (journal.bytes() - live - overBytes > Math.max(compactBytesMin, live)) {
            journal.compact(batches::containsKey, this::isOver);
        }
    }

    /** First: how often each batch came to an end. It may have begun anew behind each. */
    private final class Ends implements Journal.Entries {
        private final Map<PeerId, Integer> ends;

        Ends(Map<PeerId, Integer> ends) {
            this.ends = ends;
        }

        @Override
        public void result(PeerId batch, int number, byte[] body) {}

        @Override
        public void failure(PeerId batch, int number, String reason) {}

        @Override
        public void end(PeerId batch, int count) {}

        @Override
        public void done(PeerId batch, int count, int failed) {
            ends.merge(batch, 1, Integer::sum);
            forgotten.remove(batch);
            done.put(batch, new Done(count, failed));
        }

        @Override
        public void forget(PeerId batch) {
            ends.merge(batch, 1, Integer::sum);
            done.remove(batch);
            forgotten.add(batch);
        }
    }

    /** Then: what there is of each batch behind its last end. */
    private final class Outcomes implements Journal.Entries {
        private final Map<PeerId, Integer> endsToCome;
        private final Consumer<TaskResult> taker;

        Outcomes(Map<PeerId, Integer> endsToCome, Consumer<TaskResult> taker) {
            this.endsToCome = endsToCome;
            this.taker = taker;
        }

        @Override
        public void result(PeerId batch, int number, byte[] body) {
            take(new TaskResult(batch, number, body, null, null), body.length);
        }

        @Override
        public void failure(PeerId batch, int number, String reason) {
            take(new TaskResult(batch, number, null, reason, null), reason.length());
        }

        private void take(TaskResult result, int bytes) {
            if (endsToCome.containsKey(result.batch)) {
                return;
            }
            SinkBatch batch = batch(result.batch);
            batch.journalBytes += Journal.ENTRY_HEAD + bytes;
            if (batch.received.canHold(result.number()) && batch.received.add(result.number())) {
                restored++;
                batch.accepted.add(result.number());
                batch.keep(result);
                taker.accept(result);
            }
        }

        @Override
        public void end(PeerId id, int count) {
            if (!endsToCome.containsKey(id)) {
                batch(id).count = count;
            }
        }

        @Override
        public void done(PeerId batch, int count, int failed) {
            pass(batch);
        }

        @Override
        public void forget(PeerId batch) {
            pass(batch);
        }

        private void pass(PeerId batch) {
            endsToCome.computeIfPresent(batch, (id, ends) -> ends > 1 ? ends - 1 : null);
        }
    }
}
