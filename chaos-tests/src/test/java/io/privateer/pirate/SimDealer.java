package io.privateer.pirate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A DEALER or REQ socket that connects to one queue and reconnects by itself. */
final class SimDealer {

    private final Sim sim;
    private final SimProcess owner;
    private final SimRouter router;
    private final SimPath path;
    private final byte @Nullable [] identity;
    private final Handler handler;
    private final ArrayDeque<byte[][]> unsent = new ArrayDeque<>();
    private final long reconnectNanos;
    private @Nullable SimConnection connection;
    private boolean closed;
    private boolean lingering;
    private int unsentMax = Integer.MAX_VALUE;

    /** Receives what the socket gives to its loop. */
    interface Handler {
        void onMessage(byte[][] frames);

        default void onDisconnected() {}
    }

    SimDealer(Sim sim, SimProcess owner, SimRouter router, SimPath path, byte @Nullable [] identity, Handler handler) {
        this.sim = sim;
        this.owner = owner;
        this.router = router;
        this.path = path;
        this.identity = identity;
        this.handler = handler;
        this.reconnectNanos = sim.settings.heartbeatNanos / 5;
        owner.opened(this);
        sim.world.in(sim.flightNanos(), this::tryConnect);
    }

    /** Keeps no more than so many messages while there is no connection. */
    void keepAtMost(int messages) {
        unsentMax = messages;
    }

    void send(byte[][] frames) {
        if (connection == null) {
            if (unsent.size() < unsentMax) {
                unsent.add(frames);
            }
        } else {
            connection.sendToRouter(frames);
        }
    }

    SimProcess owner() {
        return owner;
    }

    /** Whether it believes in a connection that is broken. */
    boolean isHalfOpen() {
        return connection != null && connection.isBroken();
    }

    /** Whether it has a connection that is not broken. */
    boolean isConnected() {
        return connection != null && !connection.isBroken();
    }

    /** Whether this is the connection that it has now. */
    boolean uses(SimConnection candidate) {
        return connection == candidate;
    }

    boolean hasCrossed() {
        return connection != null && connection.hasCrossed();
    }

    /** Closes without waiting for anything to be sent. */
    void closeWithoutLinger() {
        unsent.clear();
        close();
    }

    /** What was sent lingers: also on a connection that has yet to come about. */
    void close() {
        owner.closed(this);
        closed = true;
        if (connection != null) {
            connection.closeByDealer(false);
            connection = null;
        } else if (!unsent.isEmpty() && sim.world.chance(0.5)) {
            lingering = true;
            sim.world.in(2 * sim.settings.heartbeatNanos, () -> lingering = false);
        }
    }

    /** The process is gone. */
    void abort() {
        owner.closed(this);
        closed = true;
        lingering = false;
        if (connection != null) {
            connection.closeByDealer(sim.world.chance(0.5));
            connection = null;
        }
    }

    void onArrival(SimConnection from, byte[][] frames) {
        if (from == connection) {
            owner.input(() -> {
                if (!closed) {
                    handler.onMessage(frames);
                }
            });
        }
    }

    void onEnd(SimConnection ended) {
        if (ended == connection) {
            connection = null;
            owner.disturbed();
            sim.world.trace(owner.name, "is disconnected as", ended.identity());
            owner.input(() -> {
                if (!closed) {
                    handler.onDisconnected();
                }
            });
            retry();
        }
    }

    private void tryConnect() {
        if (closed && !lingering) {
            return;
        }
        if (!owner.isRunning() || !router.isReachable() || path.isCut()) {
            retry();
            return;
        }
        SimConnection established = router.accept(this, path, identity);
        sim.world.trace(owner.name, "connects as", established.identity());
        owner.disturbed();
        List<byte[][]> waiting = new ArrayList<>(unsent);
        unsent.clear();
        waiting.forEach(established::sendToRouter);
        if (lingering) {
            established.closeByDealer(false);
        } else {
            connection = established;
        }
    }

    private void retry() {
        sim.world.in(sim.world.between(reconnectNanos / 10, reconnectNanos), this::tryConnect);
    }
}
