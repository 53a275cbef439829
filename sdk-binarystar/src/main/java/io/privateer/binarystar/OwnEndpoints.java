package io.privateer.binarystar;

import java.util.Locale;
import java.util.Set;

/** Tells whether an endpoint to connect to is one that this server binds, as far as can be seen without a lookup. */
final class OwnEndpoints {

    private static final Set<String> ALL = Set.of("*", "0.0.0.0", "[::]");
    private static final Set<String> LOOPBACK = Set.of("127.0.0.1", "localhost", "[::1]");

    private OwnEndpoints() {}

    static boolean isSame(String bound, String connected) {
        if (port(bound).equals("*") || !port(bound).equals(port(connected))) {
            return false;
        }
        String there = host(connected);
        String here = host(bound);
        boolean named = here.equals("localhost") || there.equals("localhost");
        boolean loopback = LOOPBACK.contains(there) && (ALL.contains(here) || (named && LOOPBACK.contains(here)));
        return here.equals(there) || loopback;
    }

    private static String host(String endpoint) {
        return endpoint.substring("tcp://".length(), endpoint.lastIndexOf(':')).toLowerCase(Locale.ROOT);
    }

    private static String port(String endpoint) {
        return endpoint.substring(endpoint.lastIndexOf(':') + 1);
    }
}
