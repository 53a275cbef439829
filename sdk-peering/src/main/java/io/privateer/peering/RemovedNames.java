package io.privateer.peering;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The names of peers that were removed. Such a one is not taken back on the word of others, for as long as anybody speaks of it and
 * some time longer. Not thread-safe: belongs to one machine.
 */
final class RemovedNames {

    static final int NAMES_MAX = CapacityMessage.PEERS_MAX;

    private final long keptNanos;
    private final Map<String, Removal> removals = new LinkedHashMap<>();

    /** Which of all orders of the user's it was, and until when it counts. */
    private record Removal(long order, long untilFairNanos) {}

    RemovedNames(long keptNanos) {
        this.keptNanos = keptNanos;
    }

    void add(String name, long order, long fairNanos) {
        removals.remove(name);
        removals.put(name, new Removal(order, fairNanos + keptNanos));
        if (removals.size() > NAMES_MAX) {
            Iterator<String> eldest = removals.keySet().iterator();
            eldest.next();
            eldest.remove();
        }
    }

    /** Returns whether {@code name} is not to be taken back, now that it is spoken of. */
    boolean isSpokenOf(String name, long fairNanos) {
        return removals.computeIfPresent(name, (it, old) -> new Removal(old.order(), fairNanos + keptNanos)) != null;
    }

    /** The user ordered to peer with somebody who turns out to have {@code name}; only if that was later, it counts. */
    void lift(String name, long order) {
        removals.computeIfPresent(name, (it, removal) -> order - removal.order() > 0 ? null : removal);
    }

    void sweep(long fairNanos) {
        removals.values().removeIf(removal -> fairNanos - removal.untilFairNanos() >= 0);
    }
}
