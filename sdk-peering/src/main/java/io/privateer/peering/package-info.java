/**
 * Inter-broker peering after the ZeroMQ Guide (chapter 3), made reliable: brokers that know one of them find all others, tell
 * each other what their workers could do for them, and notice who is gone.
 *
 * <p><b>Start with</b> {@link io.privateer.peering.PeeringBroker}.
 *
 * <p><b>Guarantee.</b> A request that a peer has is in flight at the broker that took it, and ends there exactly once, whatever becomes
 * of the peer. It goes to a free worker of the cluster's own first, else to the peer with the most to spare, and never further: a peer
 * that has no free worker after all refuses it, which counts as no delivery. Handlers run at least once, in one cluster or in
 * several; with {@code Delivery.ONCE} at most once.
 *
 * <p>Each life of a peer is told of once when it enters and once when it exits. What a peer could do counts only for as long as it says
 * so. Messages that overtake each other, come twice, or are left over from a life that has ended change nothing. How often a broker
 * speaks, and how long its messages are, is bounded, whatever its peers do.
 *
 * <p><b>Threading.</b> Machines are confined to one event loop; listeners run on it and must not block.
 *
 * <p><b>Time.</b> Machines count nanoseconds of a {@link io.privateer.core.NanoClock} that they are handed with every input;
 * clocks of two machines are never compared, and a broker's own pause is not its peers' silence.
 */
@NullMarked
package io.privateer.peering;

import org.jspecify.annotations.NullMarked;
