package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.binarystar.ReplicationState;
import io.privateer.binarystar.Role;
import io.privateer.binarystar.StarCause;
import io.privateer.binarystar.StarLife;
import io.privateer.binarystar.StarMode;
import io.privateer.binarystar.StarState;
import io.privateer.core.wire.PeerId;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Judges what the two servers of a pair do by what nobody in their world could see: both at one moment. */
final class PairJudge {

    private final PairSim sim;
    private final SimWorld world;
    private final Map<Long, PairServer> activations = new HashMap<>();

    /** The newest epoch that any life of a server was active in. */
    private final Map<Role, Long> newestOwn = new EnumMap<>(Role.class);

    /** The newest epoch that the present life of a server has heard of, or found on its disk. */
    private final Map<Role, Long> newestHeard = new EnumMap<>(Role.class);

    final @Nullable PairRuns runs;

    /** Who has served last as each incarnation; and how many have begun to serve since one had somebody to tell that. */
    private final Map<PeerId, PairServer> incarnations = new HashMap<>();

    private int unnamed;
    private boolean split;

    PairJudge(PairSim sim) {
        this.sim = sim;
        this.world = sim.world;
        this.runs = sim.pair.replicates ? new PairRuns(sim) : null;
    }

    /** A life of a server begins with what is on its disk. */
    void begins(PairServer server, long stored) {
        newestHeard.put(server.role, stored);
    }

    /** A server has been told of an epoch. */
    void heard(PairServer server, long epoch) {
        newestHeard.merge(server.role, epoch, Math::max);
    }

    /** Returns the newest epoch that anybody was ever active in. */
    long newestEpoch() {
        return activations.keySet().stream().mapToLong(Long::longValue).max().orElse(0);
    }

    void activates(PairServer server, long epoch) {
        check(epoch > 0, "who is active has an epoch", server, epoch);
        check(activations.put(epoch, server) == null, "nobody was ever active in this epoch", server, epoch);
        check((epoch & 1) == (server.role == Role.PRIMARY ? 0 : 1), "an epoch is of its server's kind", server, epoch);
        check(epoch > newestOwn.getOrDefault(server.role, 0L), "an epoch is newer than all before", server, epoch);
        long heard = newestHeard.getOrDefault(server.role, 0L);
        check(epoch > heard, "an epoch is newer than all heard of", server, epoch, heard);
        check(server.star.disk.epoch() >= epoch, "an epoch is stored before it is used", server, epoch);
        newestOwn.put(server.role, epoch);
    }

    /** A queue that stood by serves, and says as whom: as the other one, or as one that never was. */
    void servesAs(PairServer server, PeerId incarnation) {
        PairServer before = incarnations.put(incarnation, server);
        boolean goesOn = sim.pair.replicates && (before == server.peer() || unnamed > 1);
        unnamed = 0;
        check(before == null || goesOn, "who has stood by is not who it was before", server, incarnation);
    }

    /** A queue that stood by serves; it may cease to, or be killed, before anybody comes to hear as whom. */
    void servesUnnamed() {
        unnamed++;
    }

    /** Of two servers with a witness one at most may serve: by its own clock, whether it runs or is stopped. */
    void checkLeases() {
        boolean two = sim.primary.star.mayServe() && sim.backup.star.mayServe();
        if (sim.pair.hasWitness()) {
            check(!two, "there are no two leases at one moment", sim.primary, sim.backup);
            boolean queues = sim.primary.queueServes() && sim.backup.queueServes();
            check(!queues, "there are no two queues that serve", sim.primary, sim.backup);
            witnessGoals();
        } else if (two) {
            split = true;
            world.reach(PairGoal.SPLIT_BRAIN);
        }
    }

    private void witnessGoals() {
        for (PairServer server : sim.servers()) {
            if (server.star.mayServe() && sim.witnessGoneNanos() > sim.pair.leaseNanos) {
                world.reach(PairGoal.SERVED_WITHOUT_WITNESS);
            }
            if (sim.isHealed() && server.star.isUp() && !server.star.star().canServe(server.star.now())) {
                world.reach(PairGoal.WITNESS_OUT_OF_REACH);
            }
            boolean queueEnded = server.queue.isUp() && !server.queue.stats().active();
            if (queueEnded && server.isLeaseOver() && server.star.isActive()) {
                world.reach(PairGoal.QUEUE_ENDED_ITS_LEASE_ITSELF);
            }
        }
    }

    void changed(PairServer server, StarState to, StarCause cause, boolean voted) {
        check(cause != StarCause.CLIENT_VOTE || voted, "a server takes over for a client that asked it", server);
        if (to == StarState.ACTIVE) {
            check(server.star.mayServe(), "who becomes active has its lease", server);
            switch (cause) {
                case CLIENT_VOTE -> reachVote(server);
                case PEER_PASSIVE -> world.reach(PairGoal.TOOK_OVER_FROM_PASSIVE_PEER);
                case OPERATOR -> world.reach(PairGoal.OPERATOR_PROMOTED);
                case PEER_STARTED -> {
                    // The ordinary way.
                }
                case PEER_ACTIVE, NEWER_EPOCH, SERVICE_ENDED, LEASE_ENDED ->
                    throw new SimViolation("nobody becomes active for this reason: " + cause);
            }
            check(sim.pair.mode != StarMode.MANUAL || cause == StarCause.OPERATOR, "only the operator decides", cause);
        } else if (cause == StarCause.NEWER_EPOCH) {
            world.reach(PairGoal.STEPPED_DOWN_FOR_NEWER_EPOCH);
        } else if (cause == StarCause.LEASE_ENDED) {
            world.reach(PairGoal.LEASE_ENDED);
        }
    }

    private void reachVote(PairServer server) {
        if (!sim.isHealed()) {
            world.reach(activations.size() > 1 ? PairGoal.FAILED_OVER_BY_VOTE : PairGoal.SERVED_ALONE_FROM_START);
        }
        check(
                server.role == Role.PRIMARY || activations.size() > 1 || sim.pair.soloAfterNanos >= 0,
                "a backup serves alone from its start only if it may",
                server);
    }

    void happened(PairServer server, StarLife.Event event) {
        switch (event) {
            case TAKEOVER_ABANDONED -> world.reach(PairGoal.TAKEOVER_ABANDONED);
            case PEER_DEAD -> {
                if (!sim.isHealed()) {
                    world.reach(PairGoal.PEER_KNOWN_DEAD);
                }
                checkDead(server);
            }
            case PEER_SILENT -> {
                world.reach(PairGoal.PEER_SILENT);
                checkSilent(server);
                checkGone(server);
            }
            case DIVERGED -> world.reach(PairGoal.DIVERGED);
            case EPOCH_PROBLEM_ENDED -> world.reach(PairGoal.EPOCH_STORE_RECOVERED);
            case MISCONFIGURED -> throw new SimViolation("a pair that is well configured says so");
            case PEER_SEEN, EPOCH_PROBLEM -> {
                // Nothing to judge.
            }
        }
    }

    /** Nobody listens at the peer, or did not until a moment ago. */
    private void checkDead(PairServer server) {
        long fromNanos = world.now() - 4 * sim.settings.flightNanosMax() - 2 * sim.settings.lagNanosMax();
        PairStar peer = server.peer().star;
        boolean dead =
                !peer.isUp() || peer.resumedAtNanos() - fromNanos >= 0 || server.star.resumedAtNanos() - fromNanos >= 0;
        check(dead, "a peer that is called dead is", server);
    }

    /** The peer has said nothing for the failover time, not counting for how long the server itself stood still. */
    private void checkSilent(PairServer server) {
        long beatNanos = sim.pair.heartbeatNanos;
        long heardAtNanos = server.star.heardAtNanos();
        long stillNanos = server.star.sumOfPausesSince(heardAtNanos, beatNanos / 2, beatNanos / 4);
        long silentNanos = world.now() - heardAtNanos - stillNanos;
        long limitNanos = sim.pair.failoverNanos - sim.pair.failoverNanos / 1_000_000 * sim.pair.driftPpm - 1_000_000;
        check(silentNanos >= limitNanos, "silence lasts for the failover time", server, silentNanos, limitNanos);
    }

    /**
     * Something has happened to one of the two, or to what is between them, that explains why the other is given up; maybe
     * before the failover time, for what others tell of the other one's epoch makes it count as heard.
     */
    private void checkGone(PairServer server) {
        long silentNanos = Math.max(sim.pair.failoverNanos, world.now() - server.star.heardAtNanos());
        long withinNanos = silentNanos + sim.pair.heartbeatNanos;
        long fromNanos = world.now() - withinNanos - 2 * sim.settings.lagNanosMax();
        boolean explained = server.star.wasDisturbedSince(fromNanos)
                || server.peer().star.wasDisturbedSince(fromNanos)
                || server.peer().queue.wasDisturbedSince(fromNanos) // It is silent until its queue stands by.
                || !server.peer().star.star().isStarted()
                || server.peer().star.toPeer().stream().anyMatch(SimPath::isCut);
        check(explained, "a healthy peer is not given up", server);
    }

    void replicates(ReplicationState state) {
        switch (state) {
            case IN_STEP -> world.reach(PairGoal.IN_STEP);
            case ALONE -> world.reach(PairGoal.STREAM_ENDED);
            case OFF, COPYING, FOLLOWING -> {
                // On the way.
            }
        }
    }

    /** Nothing has failed for some time. */
    void checkConverged() {
        PairServer active = sim.primary.star.isActive() ? sim.primary : sim.backup;
        PairServer passive = active.peer();
        check(active.star.isActive() && active.star.mayServe(), "one server is active", active);
        StarState other = passive.star.star().state();
        check(other == StarState.PASSIVE, "the other one stands by", passive, other);
        check(active.queue.stats().active(), "the queue of the active server serves", active);
        check(!passive.queue.stats().active(), "the other queue stands by", passive);
        long epoch = active.star.star().newestEpoch();
        check(activations.get(epoch) == active, "it is active in an epoch of its own", active, epoch);
        check(active.queue.stats().epoch() == epoch, "its queue serves in the same", active, epoch);
        check(passive.star.star().newestEpoch() == epoch, "the other one knows it", passive, epoch);
        check(epoch == newestEpoch(), "it is the newest", active, epoch, newestEpoch());
        if (sim.pair.replicates) {
            ReplicationState state = active.star.star().replication();
            check(state == ReplicationState.IN_STEP, "the other server is told all", active, state);
            check(active.queue.stats().inStep(), "and its queue knows that", active);
            ReplicationState ofOther = passive.star.star().replication();
            check(ofOther == ReplicationState.FOLLOWING, "the other one follows", passive, ofOther);
        }
        if (split) {
            world.reach(PairGoal.SPLIT_BRAIN_HEALED);
        }
    }
}
