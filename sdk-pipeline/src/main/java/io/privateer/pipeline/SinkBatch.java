package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** One batch that is not done, at its sink. Confine to one thread at a time. */
final class SinkBatch {

    final PeerId id;

    /** What has come; what the result handler has taken is in {@link #accepted} too. */
    final TaskSet received = new TaskSet();

    final TaskSet accepted = new TaskSet();

    /** The ventilators that have it. */
    final Set<PipeLink> owners = new LinkedHashSet<>();

    /** What the owners are yet to be told. */
    final RangeList news = new RangeList();

    final List<TaskFailure> failures = new ArrayList<>();

    /** The results, if somebody wants them in the end. */
    final @Nullable TaskTable<byte[]> results;

    /** Who has sent what another had sent before, and waits for the same. */
    private final Map<Integer, List<PipeLink>> copies = new HashMap<>();

    int count = Pln.COUNT_UNKNOWN;
    int progressTold;

    /** Whether the time of the next look for what is overdue is set. */
    boolean overdueDue;

    long overdueDueFairNanos;

    /** How much of the journal is about it, in bytes. */
    long journalBytes;

    SinkBatch(PeerId id, boolean collect) {
        this.id = id;
        this.results = collect ? new TaskTable<>() : null;
    }

    boolean isComplete() {
        return count >= 0 && accepted.count() == count;
    }

    void await(int number, PipeLink link) {
        copies.computeIfAbsent(number, absent -> new ArrayList<>(1)).add(link);
    }

    List<PipeLink> awaiting(int number) {
        List<PipeLink> waiting = copies.isEmpty() ? null : copies.remove(number);
        return waiting == null ? List.of() : waiting;
    }

    /** Shows everybody who waits for the outcome of a task that another had sent before, with the number of the task. */
    void forEachCopy(BiConsumer<PipeLink, Integer> action) {
        copies.forEach((number, links) -> links.forEach(link -> action.accept(link, number)));
    }

    void keep(TaskResult result) {
        if (result.failure != null) {
            failures.add(new TaskFailure(id.uuid(), result.number(), result.failure));
        } else if (results != null) {
            results.put(result.number(), result.bytes());
        }
    }

    /** Tells the owners what was accepted since they were told. */
    void tellNews() {
        if (!news.isEmpty()) {
            owners.forEach(owner -> owner.writer.accepted(id, news));
            news.clear();
        }
    }

    BatchProgress progress() {
        return new BatchProgress(id.uuid(), accepted.count(), count, failures.size());
    }

    BatchOutcome outcome() {
        List<byte @Nullable []> inOrder = new ArrayList<>();
        if (results != null) {
            for (int number = 0; number < count; number++) {
                inOrder.add(results.get(number));
            }
        }
        failures.sort(Comparator.comparingInt(TaskFailure::number));
        return new BatchOutcome(id.uuid(), count, failures.size(), List.copyOf(failures), inOrder);
    }
}
