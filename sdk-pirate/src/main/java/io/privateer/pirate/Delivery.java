package io.privateer.pirate;

/**
 * A request in the hands of a worker.
 *
 * @param id what the reply carries; never used twice, so a late reply cannot be taken for another's
 * @param deliveredAtNanos when, in the machine's fair time
 */
record Delivery(long id, QueuedRequest request, QueueWorker worker, long deliveredAtNanos) {}
