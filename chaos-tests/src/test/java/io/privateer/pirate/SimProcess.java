package io.privateer.pirate;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A process with one event loop: inputs pile up until the loop turns, a deadline makes it turn, a stopped process does
 * not turn at all, and a killed one forgets everything.
 */
abstract class SimProcess {

    final Sim sim;
    final SimWorld world;
    final String name;
    final SimClock clock;
    private final ArrayDeque<Runnable> inbox = new ArrayDeque<>();
    private final Set<SimDealer> sockets = new LinkedHashSet<>();
    private final List<Pause> pauses = new ArrayList<>();
    private boolean up;
    private boolean paused;
    private int life;
    private long pausedAtNanos;
    private long resumedAtNanos;
    private long disturbedAtNanos;
    private boolean turnPlanned;
    private long plannedAtNanos;
    private long ticket;

    SimProcess(Sim sim, String name) {
        this(sim, name, sim.newClock());
    }

    SimProcess(Sim sim, String name, SimClock clock) {
        this.sim = sim;
        this.world = sim.world;
        this.name = name;
        this.clock = clock;
        this.disturbedAtNanos = world.now();
    }

    private record Pause(long fromNanos, long toNanos) {
        long nanos() {
            return toNanos - fromNanos;
        }
    }

    /** Begins a life, with nothing remembered of an earlier one. */
    abstract void onStart();

    /** Returns what the clock of the process reads. */
    final long now() {
        return clock.read(world.now());
    }

    /** Whether {@link #nextDeadlineNanos()} means something. */
    abstract boolean hasDeadline();

    abstract long nextDeadlineNanos();

    abstract void onTick();

    /** The loop has taken all that waited: what was put off until then is done now. */
    void onTurnEnd() {}

    /** Ends what a killed process leaves behind besides its sockets. */
    void onCrash() {}

    final void start() {
        if (!up) {
            up = true;
            paused = false;
            resumedAtNanos = world.now();
            disturbed();
            world.trace(name, "starts");
            onStart();
            planTurn(world.now());
        }
    }

    final void crash() {
        if (up) {
            world.trace(name, "is killed");
            up = false;
            paused = false;
            life++;
            inbox.clear();
            disturbed();
            onCrash();
            for (SimDealer socket : List.copyOf(sockets)) {
                socket.abort();
            }
        }
    }

    final void pause() {
        if (up && !paused) {
            world.trace(name, "is stopped");
            paused = true;
            pausedAtNanos = world.now();
            disturbed();
        }
    }

    final void resume() {
        if (up && paused) {
            world.trace(name, "continues");
            paused = false;
            resumedAtNanos = world.now();
            pauses.add(new Pause(pausedAtNanos, world.now()));
            disturbed();
            planTurn(world.now() + lag());
        }
    }

    /** Hands something to the loop. */
    final void input(Runnable action) {
        if (up) {
            inbox.add(action);
            planTurn(world.now() + lag());
        }
    }

    /** Hands something to the loop later, if this life still lasts. */
    final void inputIn(long delayNanos, Runnable action) {
        int ofLife = life;
        world.in(delayNanos, () -> {
            if (ofLife == life) {
                input(action);
            }
        });
    }

    final boolean isUp() {
        return up;
    }

    final boolean isRunning() {
        return up && !paused;
    }

    final int life() {
        return life;
    }

    final void opened(SimDealer socket) {
        sockets.add(socket);
    }

    final void closed(SimDealer socket) {
        sockets.remove(socket);
    }

    /** Something happened to the process or its connections that may explain a silence. */
    final void disturbed() {
        disturbedAtNanos = world.now();
    }

    final long disturbedAtNanos() {
        return disturbedAtNanos;
    }

    final boolean wasDisturbedSince(long sinceNanos) {
        return !isRunning() || disturbedAtNanos - sinceNanos >= 0;
    }

    /** When it began to run, for the first time or after it had been stopped. */
    final long resumedAtNanos() {
        return resumedAtNanos;
    }

    /** How long it was stopped since then, which must not fall into a pause. */
    final long stoppedNanosSince(long sinceNanos) {
        return sumOfPausesSince(sinceNanos, 0, 0);
    }

    /** Sums the pauses longer than {@code thresholdNanos}, each shortened by {@code lessNanos}. */
    final long sumOfPausesSince(long sinceNanos, long thresholdNanos, long lessNanos) {
        long sum = 0;
        for (int i = pauses.size() - 1; i >= 0; i--) {
            Pause pause = pauses.get(i);
            if (pause.fromNanos - sinceNanos < 0) {
                return sum;
            }
            sum += pause.nanos() > thresholdNanos ? pause.nanos() - lessNanos : 0;
        }
        return sum;
    }

    private void planTurn(long atNanos) {
        if (!turnPlanned || atNanos - plannedAtNanos < 0) {
            turnPlanned = true;
            plannedAtNanos = atNanos;
            long mine = ++ticket;
            world.at(atNanos, () -> {
                if (mine == ticket) {
                    turnPlanned = false;
                    turn();
                }
            });
        }
    }

    private void turn() {
        if (!isRunning()) {
            return;
        }
        // Whether a loop looks at its timers or its sockets first, and an early tick, must make no difference.
        if (world.chance(0.1)) {
            onTick();
        }
        Runnable next = inbox.poll();
        while (next != null) {
            next.run();
            next = inbox.poll();
        }
        if (up && hasDeadline() && now() - nextDeadlineNanos() >= 0) {
            onTick();
        }
        if (up) {
            onTurnEnd();
        }
        if (up && hasDeadline()) {
            long dueNanos = clock.whenItReads(nextDeadlineNanos());
            planTurn((dueNanos - world.now() > 0 ? dueNanos : world.now()) + lag());
        }
    }

    private long lag() {
        return world.chance(0.02) ? world.between(0, sim.settings.lagNanosMax()) : world.between(0, 20_000);
    }
}
