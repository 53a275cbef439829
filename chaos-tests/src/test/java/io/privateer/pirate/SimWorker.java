package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A worker's process with its one handler, which may be slow, fail or hang. */
abstract class SimWorker extends SimProcess {

    final SimPath path;
    private byte @Nullable [][] addressInWork;

    SimWorker(Sim sim, String name, SimQueue queue) {
        this(sim, name, queue, sim.newClock());
    }

    SimWorker(Sim sim, String name, SimQueue queue, SimClock clock) {
        super(sim, name, clock);
        this.path = sim.path(this, queue);
    }

    /** What it works for. */
    String service() {
        return "";
    }

    /** Stops in good order, where the worker can. */
    void drain() {}

    /** Says that it will hold so many deliveries from now on, where the worker can. */
    void changeCredit(int credit) {}

    /** Whether it is at work on the delivery with this address. */
    final boolean worksOn(byte[][] address) {
        return Arrays.deepEquals(addressInWork, address);
    }

    final boolean isAtWork() {
        return addressInWork != null;
    }

    @Override
    void onCrash() {
        addressInWork = null;
    }

    /** Works on a delivery and then calls {@code outcome} with the reply, or with {@code null} if the handler fails. */
    final void work(byte[][] address, byte[][] body, Outcome outcome) {
        check(addressInWork == null, "a worker gets one delivery at a time", name, SimContent.text(body));
        addressInWork = address;
        world.trace(name, "works on", SimContent.text(body));
        sim.prvCalls.executing(body, this);
        boolean fails = SimContent.isPoisoned(body) || sim.faulty(SimFault.FAILING_HANDLER, 0.2);
        inputIn(workNanos(), () -> {
            addressInWork = null;
            world.trace(name, fails ? "fails on" : "is done with", SimContent.text(body));
            sim.calls.executed(body);
            outcome.onDone(fails ? null : SimContent.replyTo(body));
        });
    }

    /** Receives what a handler made of its request. */
    interface Outcome {
        void onDone(byte @Nullable [][] reply);
    }

    final long workNanos() {
        long leaseNanos = sim.settings.queue.leaseNanos();
        if (sim.faulty(SimFault.HANGING_HANDLER, 0.05)) {
            return world.between(leaseNanos, 3 * leaseNanos);
        }
        if (sim.faulty(SimFault.SLOW_HANDLER, 0.2)) {
            return world.between(0, leaseNanos);
        }
        return world.between(10_000, sim.settings.workNanosMax);
    }
}
