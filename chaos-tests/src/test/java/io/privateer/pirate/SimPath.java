package io.privateer.pirate;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The way between one process and one queue, which can be cut in each direction. */
final class SimPath {

    final SimProcess peer;
    final SimQueue queue;
    private final Set<SimConnection> connections = new LinkedHashSet<>();
    private boolean cutToQueue;
    private boolean cutToPeer;

    SimPath(SimProcess peer, SimQueue queue) {
        this.peer = peer;
        this.queue = queue;
    }

    void add(SimConnection connection) {
        connections.add(connection);
    }

    void remove(SimConnection connection) {
        connections.remove(connection);
    }

    boolean isCutToQueue() {
        return cutToQueue;
    }

    boolean isCutToPeer() {
        return cutToPeer;
    }

    boolean isCut() {
        return cutToQueue || cutToPeer;
    }

    void cut(boolean toQueue, boolean toPeer) {
        cutToQueue |= toQueue;
        cutToPeer |= toPeer;
        peer.disturbed();
        peer.world.trace(peer.name, "is cut off", queue.name, "toQueue=" + cutToQueue, "toPeer=" + cutToPeer);
    }

    /** What was held up flies on, unless {@link #breakConnections} came first. */
    void heal() {
        if (isCut()) {
            cutToQueue = false;
            cutToPeer = false;
            peer.disturbed();
            peer.world.trace(peer.name, "is reached again", queue.name);
            List.copyOf(connections).forEach(SimConnection::flyOn);
        }
    }

    /** One side finds out at once and the other much later. */
    void breakUnnoticed(boolean byPeer) {
        peer.disturbed();
        for (SimConnection connection : List.copyOf(connections)) {
            peer.world.trace(peer.name, "loses half a connection", queue.name, "byPeer=" + byPeer);
            connection.resetUnnoticed(byPeer);
        }
    }

    void breakConnections() {
        peer.disturbed();
        for (SimConnection connection : List.copyOf(connections)) {
            peer.world.trace(peer.name, "loses a connection", queue.name);
            connection.reset();
        }
    }
}
