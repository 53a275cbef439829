package io.privateer.pubsub;

import io.privateer.core.Settings;
import java.util.Set;

/** What endpoints of one component must not be to each other. They are known to be {@code tcp://host:port}, each by itself. */
final class Endpoints {

    private static final Set<String> ALL_INTERFACES = Set.of("*", "0.0.0.0", "[::]");
    private static final Set<String> ANY_PORT = Set.of("*", "0");

    private Endpoints() {}

    /**
     * Checks that {@code value} is another endpoint than {@code other}; any free port is another each time.
     *
     * @throws IllegalArgumentException if the two are the same, or one is for all interfaces and the other one of these
     */
    static void checkDiffer(String setting, String value, String otherSetting, String other) {
        Settings.check(!meet(value, other), setting, "another endpoint than " + otherSetting + "=" + other, value);
    }

    private static boolean meet(String one, String other) {
        String port = port(one);
        if (ANY_PORT.contains(port) || !port.equals(port(other))) {
            return false;
        }
        return host(one).equals(host(other)) || (isHere(one) && isHere(other));
    }

    /** Whether it is certainly an address of this machine. That one host has another name too only a name server knows. */
    private static boolean isHere(String endpoint) {
        String host = host(endpoint);
        return ALL_INTERFACES.contains(host)
                || host.equals("localhost")
                || host.equals("[::1]")
                || host.startsWith("127.");
    }

    private static String host(String endpoint) {
        return endpoint.substring(endpoint.indexOf("//") + 2, endpoint.lastIndexOf(':'));
    }

    private static String port(String endpoint) {
        return endpoint.substring(endpoint.lastIndexOf(':') + 1);
    }
}
