package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Remembers how far the last lives of peers had come when they ended, so that what is left over from one changes nothing. A life
 * that says more than that has not ended after all. Not thread-safe: belongs to one machine.
 */
final class FormerLives {

    /** Four of each peer, if all end equally often. */
    static final int LIVES_MAX = 4 * CapacityMessage.PEERS_MAX;

    private final Map<PeerId, Long> lastSequences = new LinkedHashMap<>();

    /** Notes that {@code incarnation} has ended, or is not believed, and that it had said {@code sequence} by then. */
    void add(PeerId incarnation, long sequence) {
        Long before = lastSequences.remove(incarnation);
        boolean isNewer = before == null || Long.compareUnsigned(sequence, before) > 0;
        lastSequences.put(incarnation, isNewer ? sequence : before);
        if (lastSequences.size() > LIVES_MAX) {
            Iterator<PeerId> eldest = lastSequences.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    boolean has(PeerId incarnation) {
        return lastSequences.containsKey(incarnation);
    }

    /** Returns whether {@code message} is left over from a life that has ended. */
    boolean isLeftover(CapacityMessage message) {
        Long last = lastSequences.get(message.incarnation());
        return last != null && Long.compareUnsigned(message.sequence(), last) <= 0;
    }
}
