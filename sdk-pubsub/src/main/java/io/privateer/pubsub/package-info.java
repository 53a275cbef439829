/**
 * Publish-subscribe that starts when everybody listens, and says what was missed. Start at
 * {@link io.privateer.pubsub.SyncedPublisher} and {@link io.privateer.pubsub.SyncedSubscriber}; a
 * {@link io.privateer.pubsub.Forwarder} goes between many of either.
 *
 * <p>Guarantee. From the moment a subscriber has confirmed, by having received something on each of its subscriptions, every
 * message on them is delivered to it once, in the order of its topic, or reported as missed, once, with topic and numbers. That
 * holds through lost messages, connections and subscribers that stand still. What was lost is sent again as far as the
 * publisher's bounded history reaches. A publisher that ends in order says how far it came, so the loss of its last message is
 * noticed too; of one that vanishes, what nobody has heard of cannot be known, and that is said. What a subscriber leaves out
 * because it is too slow is counted with the next message of the topic, or it fails, by choice. All memory is bounded.
 *
 * <p>Not promised: that a message reaches a subscriber that is not there; that a publisher waits for a slow one longer than its
 * patience; anything across two lives of a publisher beyond telling them apart.
 *
 * <p>Threading. Each component lives on one event loop, its own or shared; listeners run there and must not block. Publishing and
 * receiving are for any thread.
 *
 * <p>Time. Monotonic clocks only. Those of two machines are never compared, only the change of their difference.
 */
@NullMarked
package io.privateer.pubsub;

import org.jspecify.annotations.NullMarked;
