package io.privateer.samples.demo;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Endpoints on loopback for servers that others have to know before they are there, and again when they have been killed. A process
 * gives none out twice, and all are below the ports that outgoing connections, and servers that take any port, get: one of those
 * might be the place of a server that is away, and a client that looks for it there would even be connected to itself.
 */
public final class FreeEndpoints {

    private static final int PORT_MIN = 15_000;
    private static final int PORTS = 15_000;
    private static final AtomicInteger NEXT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

    private FreeEndpoints() {}

    /** Returns so many that were free a moment ago. */
    public static List<String> take(int count) throws IOException {
        List<String> endpoints = new ArrayList<>();
        for (int tried = 0; endpoints.size() < count; tried++) {
            if (tried == PORTS) {
                throw new IOException("no port is free");
            }
            int port = PORT_MIN + NEXT.getAndIncrement() % PORTS;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                endpoints.add("tcp://127.0.0.1:" + probe.getLocalPort());
            } catch (BindException e) {
                // Somebody is there; the next one, then.
            }
        }
        return List.copyOf(endpoints);
    }
}
