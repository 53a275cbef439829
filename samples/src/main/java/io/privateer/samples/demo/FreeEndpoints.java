package io.privateer.samples.demo;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.List;

/** Endpoints on loopback for servers that others have to know before they are there, and again when they have been killed. */
public final class FreeEndpoints {

    private FreeEndpoints() {}

    /** Returns so many, no two of them the same, that were free a moment ago. */
    public static List<String> take(int count) throws IOException {
        List<ServerSocket> probes = new ArrayList<>();
        List<String> endpoints = new ArrayList<>();
        try {
            for (int i = 0; i < count; i++) {
                ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                probes.add(probe);
                endpoints.add("tcp://127.0.0.1:" + probe.getLocalPort());
            }
        } finally {
            for (ServerSocket probe : probes) {
                probe.close();
            }
        }
        return List.copyOf(endpoints);
    }
}
