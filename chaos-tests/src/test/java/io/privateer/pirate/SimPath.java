package io.privateer.pirate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The way from one process to another that accepts connections, which can be cut in each direction. */
final class SimPath {

    final SimProcess peer;
    final SimProcess server;
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private boolean cutToServer;
    private boolean cutToPeer;

    SimPath(SimProcess peer, SimProcess server) {
        this.peer = peer;
        this.server = server;
    }

    /** Returns the queue that it leads to. */
    SimQueue queue() {
        return (SimQueue) server;
    }

    void add(SimConnection connection) {
        connections.add(connection);
    }

    void remove(SimConnection connection) {
        connections.remove(connection);
    }

    boolean isCutToServer() {
        return cutToServer;
    }

    boolean isCutToPeer() {
        return cutToPeer;
    }

    boolean isCut() {
        return cutToServer || cutToPeer;
    }

    void cut(boolean toServer, boolean toPeer) {
        cutToServer |= toServer;
        cutToPeer |= toPeer;
        peer.disturbed();
        peer.world.trace(peer.name, "is cut off", server.name, "toServer=" + cutToServer, "toPeer=" + cutToPeer);
    }

    /** What was held up flies on, unless {@link #breakConnections} came first. */
    void heal() {
        if (isCut()) {
            cutToServer = false;
            cutToPeer = false;
            peer.disturbed();
            peer.world.trace(peer.name, "is reached again", server.name);
            List.copyOf(connections).forEach(SimConnection::flyOn);
        }
    }

    /** One side finds out at once and the other much later. */
    void breakUnnoticed(boolean byPeer) {
        peer.disturbed();
        for (SimConnection connection : List.copyOf(connections)) {
            peer.world.trace(peer.name, "loses half a connection", server.name, "byPeer=" + byPeer);
            connection.resetUnnoticed(byPeer);
        }
    }

    void breakConnections() {
        peer.disturbed();
        for (SimConnection connection : List.copyOf(connections)) {
            peer.world.trace(peer.name, "loses a connection", server.name);
            connection.reset();
        }
    }
}
