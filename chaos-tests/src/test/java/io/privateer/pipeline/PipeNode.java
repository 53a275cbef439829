package io.privateer.pipeline;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;

/** A process of a simulated pipeline: it can crash, start again as another life, and stand still. */
@NullUnmarked // Fields are set by boot.
abstract class PipeNode {

    final PipeSim sim;
    final PipeWorld world;
    final String name;
    private final ArrayDeque<Runnable> missed = new ArrayDeque<>();
    private final List<PlnWriter> written = new ArrayList<>();
    private final List<PipeConnection> connections = new ArrayList<>();
    private boolean up;
    private boolean paused;
    private int life;
    private long tickDueReading;
    private boolean tickPlanned;

    PipeNode(PipeSim sim, String name) {
        this.sim = sim;
        this.world = sim.world;
        this.name = name;
    }

    /** Makes the machine and lets it begin. */
    abstract void boot();

    /** Everything that came at once has been told: what the shell does before it sends. */
    abstract void endTurn();

    abstract void tick(long nowNanos);

    abstract long nextDeadline(long nowNanos);

    /** A connection of another has arrived. */
    void accept(PipeConnection connection) {
        throw new IllegalStateException(name + " accepts none");
    }

    abstract void receive(PipeConnection connection, byte[] frame);

    /** A connection is gone. */
    abstract void gone(PipeConnection connection);

    final boolean isUp() {
        return up;
    }

    final int life() {
        return life;
    }

    final long clock() {
        return world.clock();
    }

    final void start() {
        if (!up) {
            up = true;
            life++;
            tickPlanned = false;
            world.trace(name, "starts", life);
            input(this::boot);
        }
    }

    /** SIGKILL. */
    final void crash() {
        if (up) {
            world.trace(name, "crashes");
            up = false;
            paused = false;
            missed.clear();
            written.clear();
            List<PipeConnection> all = new ArrayList<>(connections);
            connections.clear();
            boolean noticed = !sim.faulty(PipeSim.Fault.HALF_OPEN, 0.3);
            all.forEach(connection -> connection.endOf(this, noticed));
            onCrash();
        }
    }

    void onCrash() {}

    final void pause() {
        if (up) {
            paused = true;
            world.reach(PipeWorld.Goal.PROCESS_PAUSED);
            world.trace(name, "stands still");
        }
    }

    final void resume() {
        if (paused) {
            paused = false;
            world.trace(name, "goes on");
            int ownLife = life;
            while (!missed.isEmpty() && !paused && up && life == ownLife) {
                run(missed.remove());
            }
        }
    }

    /** Something happens to this life of the process. */
    final void input(Runnable action) {
        if (!up) {
            return;
        }
        if (paused) {
            missed.add(action);
        } else {
            run(action);
        }
    }

    /** Something happens to this life, later. */
    final void inputIn(long nanos, Runnable action) {
        int ownLife = life;
        world.in(nanos, () -> {
            if (life == ownLife) {
                input(action);
            }
        });
    }

    private void run(Runnable action) {
        int ownLife = life;
        action.run();
        if (up && life == ownLife) {
            endTurn();
        }
        if (up && life == ownLife) {
            written.forEach(PlnWriter::flush);
            written.clear();
            planTick();
        }
    }

    private void planTick() {
        long deadline = nextDeadline(clock());
        if (tickPlanned && deadline - tickDueReading >= 0) {
            return;
        }
        tickPlanned = true;
        tickDueReading = deadline;
        inputIn(world.until(deadline), () -> {
            tickPlanned = false;
            tick(clock());
        });
    }

    final PlnWriter writer(PlnWriter.Out out) {
        PlnWriter[] self = new PlnWriter[1];
        int ownLife = life;
        self[0] = new PlnWriter(
                frame -> {
                    if (up && life == ownLife) {
                        out.send(frame);
                    }
                },
                () -> written.add(self[0]));
        return self[0];
    }

    final void attach(PipeConnection connection) {
        connections.add(connection);
    }

    final void detach(PipeConnection connection) {
        connections.remove(connection);
    }

    /** Opens a connection of this life in place of the one before, which is abandoned. */
    final PipeConnection connect(PipeNode server, PipeConnection before) {
        if (before != null) {
            before.abandon();
        }
        return new PipeConnection(sim, this, server);
    }

    final List<PipeConnection> connections() {
        return List.copyOf(connections);
    }

    @Override
    public String toString() {
        return name;
    }
}
