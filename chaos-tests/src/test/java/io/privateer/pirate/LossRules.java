package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.pirate.PirateListener.LossCause;

/**
 * When a queue may give a worker up, and when it must have done so. Judges by what really happened in the world: when
 * the queue was stopped, whose connection is gone, who is working on what.
 */
final class LossRules {

    private final Sim sim;
    private final SimWorld world;
    private final SimQueue queue;
    private final QueueSettings settings;
    private final long slackNanos;

    LossRules(Sim sim, SimQueue queue) {
        this.sim = sim;
        this.world = sim.world;
        this.queue = queue;
        this.settings = sim.settings.queue;
        this.slackNanos = settings.sweepNanos() + 3 * sim.settings.lagNanosMax();
    }

    void checkLoss(ModelWorker worker, LossCause cause, boolean byItself) {
        switch (cause) {
            case DISCONNECTED -> checkDisconnected(worker, byItself);
            case SILENT -> checkSilent(worker);
            case LEASE_EXPIRED -> {
                world.reach(SimGoal.LEASE_EXPIRED);
                check(worker.holds != null, "only who holds something holds it too long", worker);
                checkPassed("the lease", worker, worker.deliveredAtNanos, settings.leaseNanos());
            }
            case GAVE_BACK -> check(byItself, "only its own word makes a worker give back", worker);
        }
    }

    void checkGivenBack(ModelWorker worker, boolean byItself) {
        check(byItself, "only its own word makes a worker give back", worker);
        SimConnection connection = queue.backend.connectionOf(worker.identity);
        boolean works = connection != null
                && !connection.hasCrossed()
                && connection.dealer.owner() instanceof SimWorker process
                && process.worksOn(worker.deliveryAddress);
        check(!works, "what a worker works on is not taken from it at its own word", worker, worker.holds);
    }

    /** What must have been noticed by now, has been. */
    void checkBounds(ModelWorker worker) {
        if (worker.holds != null) {
            checkNoticed("the lease ends", worker, worker.deliveredAtNanos, settings.leaseNanos());
        }
        if (worker.gone && worker.trusted) {
            checkNoticed("the grace ends", worker, worker.goneAtNanos, settings.disconnectGraceNanos());
        } else if (settings.heartbeats() && worker.silenceCounts()) {
            checkNoticed("silence is noticed", worker, worker.heardAtNanos, settings.silenceNanos());
        }
    }

    private void checkDisconnected(ModelWorker worker, boolean justNow) {
        check(worker.gone, "only who is gone is disconnected", worker);
        if (worker.holds == null || !worker.mayResume()) {
            check(justNow, "who cannot come back or holds nothing is given up at once", worker);
        } else {
            world.reach(SimGoal.GRACE_ENDED);
            checkPassed("the grace", worker, worker.goneAtNanos, settings.disconnectGraceNanos());
        }
    }

    private void checkSilent(ModelWorker worker) {
        world.reach(worker.holds == null ? SimGoal.IDLE_SILENCE_FOUND : SimGoal.BUSY_SILENCE_FOUND);
        check(settings.heartbeats() && worker.silenceCounts(), "its silence means something", worker);
        checkPassed("the silence", worker, worker.heardAtNanos, settings.silenceNanos());
        long windowNanos = settings.silenceNanos() + 2 * settings.heartbeatNanos();
        long fromNanos = world.now() - windowNanos - queue.stoppedNanosSince(worker.heardAtNanos);
        SimConnection connection = queue.backend.connectionOf(worker.identity);
        boolean explained = connection == null
                || connection.sinceNanos - fromNanos >= 0
                || connection.isCut()
                || connection.isBroken()
                || connection.dealer.owner().wasDisturbedSince(fromNanos)
                || queue.wasDisturbedSince(fromNanos);
        check(explained, "a healthy worker is not given up", worker);
    }

    /** Not too early, not counting the time for which the queue itself was stopped. */
    private void checkPassed(String what, ModelWorker worker, long sinceNanos, long limitNanos) {
        long notCountedNanos = queue.sumOfPausesSince(
                sinceNanos, settings.heartbeatNanos() + settings.sweepNanos(), settings.sweepNanos());
        if (notCountedNanos > 0) {
            world.reach(SimGoal.QUEUE_STOOD_STILL);
        }
        long passedNanos = world.now() - sinceNanos - notCountedNanos;
        check(passedNanos >= limitNanos, what + " was waited for", worker, passedNanos, "<", limitNanos);
    }

    private void checkNoticed(String what, ModelWorker worker, long sinceNanos, long limitNanos) {
        long passedNanos = world.now() - sinceNanos - queue.stoppedNanosSince(sinceNanos);
        check(
                passedNanos <= limitNanos + slackNanos,
                what + " in time",
                worker,
                "after",
                passedNanos,
                "limit",
                limitNanos,
                "flights",
                sim.settings.flightNanosMax());
    }
}
