package io.privateer.pipeline;

import java.util.UUID;

/**
 * A task that has no result. Immutable.
 *
 * @param batchId its batch
 * @param number its number, from 0
 * @param reason why: what the handler threw at the last delivery, or how the task was lost
 */
public record TaskFailure(UUID batchId, int number, String reason) {}
