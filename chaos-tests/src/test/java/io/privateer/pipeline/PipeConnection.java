package io.privateer.pipeline;

import java.util.ArrayDeque;
import org.jspecify.annotations.NullUnmarked;

/**
 * One TCP connection, or the wish for one: frames arrive in order, late, or not at all once it is broken. Each end hears that it
 * is, mostly; where it does not, the connection is half open.
 */
@NullUnmarked // The link is there once it is connected.
final class PipeConnection {

    private static final long RETRY_NANOS = 50 * PipeWorld.MILLI;

    private final PipeSim sim;
    private final PipeNode client;
    private final PipeNode server;
    private final ArrayDeque<byte[]> waiting = new ArrayDeque<>();
    private boolean connected;
    private boolean broken;
    private long toServerAtNanos;
    private long toClientAtNanos;
    private long cutUntilNanos;

    /** What the server knows it by. */
    PipeLink link;

    PipeConnection(PipeSim sim, PipeNode client, PipeNode server) {
        this.sim = sim;
        this.client = client;
        this.server = server;
        client.attach(this);
        tryToConnect();
    }

    private void tryToConnect() {
        if (broken) {
            return;
        }
        if (server.isUp() && sim.world.now() >= cutUntilNanos) {
            connected = true;
            server.attach(this);
            server.accept(this);
            while (!waiting.isEmpty()) {
                send(client, waiting.remove());
            }
        } else {
            sim.world.in(sim.world.between(RETRY_NANOS, 4 * RETRY_NANOS), this::tryToConnect);
        }
    }

    void send(PipeNode from, byte[] frame) {
        if (broken) {
            return;
        }
        if (!connected) {
            waiting.add(frame);
            return;
        }
        PipeNode to = from == client ? server : client;
        to(to, () -> {
            if (!broken) {
                to.receive(this, frame);
            }
        });
    }

    /** Happens at that end behind everything that was sent to it. */
    private void to(PipeNode node, Runnable action) {
        long atNanos = Math.max(sim.world.now() + sim.flightNanos(), cutUntilNanos);
        if (node == server) {
            toServerAtNanos = Math.max(atNanos, toServerAtNanos + 1);
            node.inputIn(toServerAtNanos - sim.world.now(), action);
        } else {
            toClientAtNanos = Math.max(atNanos, toClientAtNanos + 1);
            node.inputIn(toClientAtNanos - sim.world.now(), action);
        }
    }

    void cut(long nanos) {
        cutUntilNanos = sim.world.now() + nanos;
    }

    /** The network has lost it; what flies is lost too. */
    void breakNow(boolean clientNotices, boolean serverNotices) {
        if (connected && !broken) {
            broken = true;
            if (clientNotices) {
                tell(client);
            }
            if (serverNotices) {
                tell(server);
            }
        }
    }

    private void tell(PipeNode node) {
        node.inputIn(sim.flightNanos(), () -> node.gone(this));
        node.detach(this);
    }

    /** The process at one end is dead: what it had sent may arrive yet. */
    void endOf(PipeNode dead, boolean noticed) {
        PipeNode other = dead == client ? server : client;
        if (!connected) {
            broken = true;
            return;
        }
        if (noticed) {
            closeBehind(other);
        } else {
            sim.world.reach(PipeWorld.Goal.CONNECTION_HALF_OPEN);
            broken = true;
        }
    }

    /** The client wants another. */
    void abandon() {
        client.detach(this);
        if (!connected || broken) {
            broken = true;
            return;
        }
        closeBehind(server);
    }

    private void closeBehind(PipeNode other) {
        if (sim.world.chance(0.5)) {
            broken = true; // With all that flies.
        }
        to(other, () -> {
            broken = true;
            other.detach(this);
            other.gone(this);
        });
    }
}
