package io.privateer.chaos;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** An endpoint that was free a moment ago: a successor must be able to bind what its predecessor had. */
public final class FreeEndpoint {

    private FreeEndpoint() {}

    /** Returns one on loopback. */
    public static String get() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "tcp://127.0.0.1:" + probe.getLocalPort();
        }
    }
}
