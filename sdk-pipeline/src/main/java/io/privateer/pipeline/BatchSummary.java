package io.privateer.pipeline;

import java.util.UUID;

/**
 * How a batch ended. Immutable.
 *
 * @param batchId the batch
 * @param tasks how many tasks it had
 * @param failed how many of them have no result
 */
public record BatchSummary(UUID batchId, int tasks, int failed) {}
