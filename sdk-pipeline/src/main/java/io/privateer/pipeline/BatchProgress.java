package io.privateer.pipeline;

import java.util.UUID;

/**
 * How far a batch is. Immutable.
 *
 * @param batchId the batch
 * @param accepted how many tasks have an outcome
 * @param tasks how many there are, or -1 as long as the producer has not said
 * @param failed how many of those accepted have no result
 */
public record BatchProgress(UUID batchId, int accepted, int tasks, int failed) {}
