package io.privateer.chaos;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * An endpoint that was free a moment ago: a successor must be able to bind what its predecessor had. None is given out twice, and
 * all are below the ports that outgoing connections get: one of those might be the place of a server that is away, and a client
 * that looks for it there would even be connected to itself.
 */
public final class FreeEndpoint {

    private static final int PORT_MIN = 15_000;
    private static final int PORTS = 15_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

    private FreeEndpoint() {}

    /** Returns one on loopback. */
    public static String get() throws IOException {
        for (int i = 0; i < PORTS; i++) {
            int port = PORT_MIN + NEXT.getAndIncrement() % PORTS;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return "tcp://127.0.0.1:" + probe.getLocalPort();
            } catch (BindException e) {
                // Somebody is there; the next one, then.
            }
        }
        throw new IOException("no port is free");
    }
}
