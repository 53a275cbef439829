package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.binarystar.Role;
import io.privateer.pirate.SimPrvCalls.Call;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Judges that where the servers of a pair replicate, no request is begun twice and no at-most-once call is told that it may
 * have run, once its handler was called. What excuses it all the same, since the queue gave the request to that worker:
 *
 * <ul>
 *   <li>the worker's process has ended, and its work with it;
 *   <li>a queue has taken work back from that worker, because it was silent, cut off for longer than the grace, or held
 *       something for longer than its lease; not because the worker gave something back, for what it has begun it names, unless what it said on an earlier
 *       connection came behind what it says on the present one, or the queue had given that up because it was not read;
 *   <li>a queue has forgotten an end for want of room, or keeps none;
 *   <li>a server has taken over that could not know: from one that was not in step (by its own word, when it ended or was
 *       replaced), from one in step with an earlier life of this server or with an earlier copy (its queue stood still when
 *       its other loop gave that up and began another), or from itself;
 *   <li>a server has taken over when the worker was not connected to it, or was stopped or cut off, so that it could not be
 *       asked what it holds;
 *   <li>the handler was called for a server that had been replaced before;
 *   <li>only for the word that it may have run: the server that gave the request was replaced while it was in step, and
 *       learnt of that when it was not in step any more.
 * </ul>
 *
 * <p>The worker that begins for the second time may be the one that was given the request first, and has slept since: what
 * excuses it for having had nothing to say excuses that as well.
 */
final class PairRuns {

    /** The first bits of a delivery's id are the epoch that its request was accepted or taken back in. */
    private static final int EPOCH_SHIFT = 48;

    private final PairSim sim;
    private final List<Reign> reigns = new ArrayList<>();
    private final Map<Call, Run> last = new HashMap<>();
    private final Map<String, Long> takenBackAtNanos = new HashMap<>();
    private final Map<Long, Given> given = new HashMap<>();

    /** How many copies of what the other one does each server has begun. */
    private final Map<Role, Integer> copies = new EnumMap<>(Role.class);

    private boolean forgets;

    PairRuns(PairSim sim) {
        this.sim = sim;
        this.forgets = sim.settings.queue.dedupe().countMax() == 0;
    }

    /** One time for which a queue serves. Mutable. */
    private static final class Reign {
        final PairServer server;
        final int life;
        final long sinceNanos;

        /** It takes over from one that was in step with it. */
        final boolean informed;

        long epoch;
        boolean inStep;
        int lifeInStepWith;
        int copyInStepWith;

        Reign(PairServer server, long sinceNanos, boolean informed) {
            this.server = server;
            this.life = server.queue.life();
            this.sinceNanos = sinceNanos;
            this.informed = informed;
        }

        boolean lasts() {
            SimQueue queue = server.queue;
            return queue.life() == life && queue.isUp() && queue.stats().active();
        }
    }

    /** A delivery has left its queue. */
    private record Given(int reign, long atNanos) {}

    /** A handler is called. */
    private record Run(PairWorker worker, SimPrvWorker side, int life, long deliveryId, boolean stray) {}

    /** A queue has begun to serve. */
    void begins(PairServer server) {
        Reign before = reigns.isEmpty() ? null : reigns.get(reigns.size() - 1);
        boolean informed = before != null
                && before.server != server
                && before.inStep
                && before.lifeInStepWith == server.queue.life()
                && before.copyInStepWith == copiesOf(server);
        if (informed) {
            sim.world.reach(PairGoal.TOOK_OVER_IN_STEP);
        }
        sim.world.trace(server.name(), "reigns", reigns.size(), "informed=" + informed);
        reigns.add(new Reign(server, sim.world.now(), informed));
    }

    /** The queue that serves says whether the other one knows all. */
    void serves(PairServer server, long epoch, boolean inStep) {
        Reign reign = reigns.get(lastReignOf(server));
        reign.epoch = epoch;
        if (inStep && !reign.inStep) {
            reign.lifeInStepWith = server.peer().queue.life();
            reign.copyInStepWith = copiesOf(server.peer());
        }
        reign.inStep = inStep;
    }

    /** The queue of a server that stands by forgets the copy that it has, for it gets another. */
    void copies(PairServer server) {
        copies.merge(server.role, 1, Integer::sum);
    }

    private int copiesOf(PairServer server) {
        return copies.getOrDefault(server.role, 0);
    }

    private int lastReignOf(PairServer server) {
        int reign = reigns.size() - 1;
        while (reign > 0 && reigns.get(reign).server != server) {
            reign--;
        }
        return reign;
    }

    /** A delivery leaves its queue, maybe later than the reign ends in which that was decided. */
    void given(PairServer server, long deliveryId) {
        int reign = lastReignOf(server);
        while (reign > 0 && reigns.get(reign).epoch > deliveryId >>> EPOCH_SHIFT) {
            reign--;
        }
        given.put(deliveryId, new Given(reign, sim.world.now()));
    }

    /** A queue takes something back from a worker that has not given it. */
    void takenBack(String workerId) {
        takenBackAtNanos.put(workerId, sim.world.now());
    }

    void evicted() {
        forgets = true;
    }

    /** A handler is called. */
    void begins(Call call, SimPrvWorker side, long deliveryId) {
        Run before = last.get(call);
        boolean stray = lastReignOf(sim.serverOf(side.path.queue())) != reigns.size() - 1;
        Run run = new Run(sim.workerOf(side), side, side.life(), deliveryId, stray);
        if (before != null) {
            String excuse = excuse(before);
            String excuseToo = excuse == null ? excuseOfLate(run) : null;
            sim.world.trace(side.name, "runs again", call, excuse, excuseToo);
            boolean excused = excuse != null || excuseToo != null;
            check(excused, "what runs on a living worker does not run again", call, before.side.name, side.name);
        }
        last.put(call, run);
    }

    /** A call ends because it may have run. */
    void mayHaveRun(Call call) {
        Run run = last.get(call);
        boolean late = call.client.now() - call.deadlineNanos >= 0;
        boolean excused = run == null || late || excuse(run) != null || isDoubtful(run);
        check(excused, "what runs on a living worker is answered", call);
    }

    /** Whether a queue has given up the worker since the delivery was given to it. */
    private boolean isTakenBack(Run run) {
        Long taken = takenBackAtNanos.get(run.worker.id());
        return taken != null && taken - given(run).atNanos >= 0;
    }

    private Given given(Run run) {
        return Objects.requireNonNull(given.get(run.deliveryId), "what runs was given");
    }

    /** Whether the server that gave it was alone when it stood down: it cannot know what the one that replaced it knew. */
    private boolean isDoubtful(Run run) {
        Reign reign = reigns.get(given(run).reign);
        return !reign.inStep && !reign.lasts();
    }

    /** Returns why a queue may have given to another worker what this one begins only now. */
    private @Nullable String excuseOfLate(Run run) {
        if (run.stray) {
            return "server has been replaced";
        }
        return isTakenBack(run) ? "worker has been given up" : excuseOfTakeovers(run);
    }

    private @Nullable String excuse(Run run) {
        if (run.side.life() != run.life || !run.side.isUp()) {
            return "worker has ended";
        } else if (run.stray) {
            return "server had been replaced";
        } else if (forgets) {
            return "replies are forgotten";
        } else if (isTakenBack(run)) {
            return "worker was given up";
        }
        String excuse = excuseOfTakeovers(run);
        Reign present = reigns.get(reigns.size() - 1);
        boolean ended = !present.inStep && !present.lasts();
        return excuse == null && ended ? "server has ended that was not in step" : excuse;
    }

    private @Nullable String excuseOfTakeovers(Run run) {
        for (int reign = given(run).reign + 1; reign < reigns.size(); reign++) {
            Reign next = reigns.get(reign);
            if (!next.informed) {
                return "server did not know";
            } else if (!couldBeAsked(run.worker, next)) {
                return "worker could not be asked";
            }
        }
        return null;
    }

    /** Whether it was connected when the reign began, and has been since. */
    private boolean couldBeAsked(PairWorker worker, Reign reign) {
        SimPrvWorker side = worker.side(reign.server.queue);
        return side.isWelcome()
                && !side.path.isCut()
                && !side.wasDisturbedSince(reign.sinceNanos - sim.settings.queue.silenceNanos());
    }
}
