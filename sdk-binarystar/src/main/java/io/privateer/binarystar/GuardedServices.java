package io.privateer.binarystar;

import io.privateer.core.Guarded;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;

/** The services of this process that a server guards now: two servers of one service would each think that they decide. Thread-safe. */
final class GuardedServices {

    private static final Set<Guarded> GUARDED =
            Collections.synchronizedSet(Collections.newSetFromMap(new IdentityHashMap<>()));

    private GuardedServices() {}

    /** @throws IllegalStateException if another server that is not closed guards {@code service} */
    static void add(Guarded service, String server) {
        if (!GUARDED.add(service)) {
            throw new IllegalStateException("service is guarded by another server already, close that before " + server
                    + " starts: " + service);
        }
    }

    static void remove(Guarded service) {
        GUARDED.remove(service);
    }
}
