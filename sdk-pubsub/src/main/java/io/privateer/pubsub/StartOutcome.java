package io.privateer.pubsub;

import java.util.Set;

/**
 * Who was there when a publisher wanted to start. Immutable.
 *
 * @param complete whether everybody expected, or the quorum, had confirmed before the deadline
 * @param confirmed the names of the subscribers that had confirmed that what is published reaches them, expected or not
 * @param missing the names that were expected and had not
 */
public record StartOutcome(boolean complete, Set<String> confirmed, Set<String> missing) {}
