package io.privateer.pipeline;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link Sink} has of a batch that is done. Immutable, as long as nobody changes the results.
 *
 * @param batchId the batch
 * @param tasks how many tasks it had
 * @param failed how many of them have no result
 * @param failures those tasks, in ascending order
 * @param results if {@link SinkConfig.Builder#collectResults} asked for them: the result of each task by its number,
 *     {@code null} for those that failed; otherwise empty
 */
public record BatchOutcome(
        UUID batchId, int tasks, int failed, List<TaskFailure> failures, List<byte @Nullable []> results) {}
