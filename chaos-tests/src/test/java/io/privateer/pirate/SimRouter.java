package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A ROUTER socket with handover, as {@link io.privateer.core.transport.RouterSocket} has it. */
final class SimRouter {

    private static final int AUTO_IDENTITY_BYTES = 5;

    private final Sim sim;
    private final SimProcess owner;
    private final Handler handler;
    private final Map<Identity, SimConnection> routes = new LinkedHashMap<>();
    private int autoIdentities;

    SimRouter(Sim sim, SimProcess owner, Handler handler) {
        this.sim = sim;
        this.owner = owner;
        this.handler = handler;
    }

    /** Receives what the socket gives to its loop. */
    interface Handler {
        void onMessage(Identity peer, byte[][] frames);

        void onPeerGone(Identity peer);
    }

    boolean isReachable() {
        return owner.isRunning();
    }

    SimConnection accept(SimDealer dealer, SimPath path, byte @Nullable [] chosenIdentity) {
        Identity identity = chosenIdentity == null ? autoIdentity() : Identity.wrap(chosenIdentity);
        SimConnection old = routes.remove(identity);
        if (old != null) {
            sim.world.reach(SimGoal.IDENTITY_TAKEN_OVER);
            old.rename(autoIdentity());
            routes.put(old.identity(), old);
        }
        SimConnection connection = new SimConnection(sim, dealer, this, path, identity);
        routes.put(identity, connection);
        return connection;
    }

    /** As {@link #send}, for what the peer has to work on. */
    boolean deliver(Identity peer, byte[][] frames) {
        SimConnection connection = routes.get(peer);
        if (connection == null) {
            return false;
        }
        connection.deliverToDealer(frames);
        return true;
    }

    boolean send(Identity peer, byte[][] frames) {
        SimConnection connection = routes.get(peer);
        if (connection == null) {
            return false;
        }
        connection.sendToDealer(frames);
        return true;
    }

    /** Something happens to the peer's connection. */
    void disturb(Identity peer) {
        SimConnection connection = routes.get(peer);
        if (connection != null) {
            connection.dealer.owner().disturbed();
        }
    }

    @Nullable
    SimConnection connectionOf(Identity peer) {
        return routes.get(peer);
    }

    /** The I/O thread takes a message; the loop gets it when it turns. */
    void onArrival(SimConnection connection, byte[][] frames) {
        Identity peer = connection.identity();
        owner.input(() -> {
            connection.wasHeard();
            handler.onMessage(peer, frames);
        });
    }

    /** The I/O thread forgets the route at once; the loop hears of it behind all that had arrived. */
    void onEnd(SimConnection connection) {
        Identity peer = connection.identity();
        routes.remove(peer, connection);
        owner.input(() -> handler.onPeerGone(peer));
    }

    /** Closes the connections. Peers learn of it, some of them without what was still on its way if it goes with loss. */
    void close(boolean withLoss) {
        for (SimConnection connection : List.copyOf(routes.values())) {
            connection.closeByRouter(withLoss && sim.world.chance(0.5));
        }
        routes.clear();
    }

    private Identity autoIdentity() {
        byte[] bytes = ByteBuffer.allocate(AUTO_IDENTITY_BYTES)
                .put((byte) 0)
                .putInt(++autoIdentities)
                .array();
        return Identity.wrap(bytes);
    }
}
