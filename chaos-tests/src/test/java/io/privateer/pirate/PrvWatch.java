package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.internal.Deadlines;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows one life of a queue that has peers of PRV/1, less strictly than {@link QueueModel}: reads what they and the
 * queue say to each other, and compares it with what the queue counts.
 */
final class PrvWatch implements SimWatch {

    private static final int NO_LIMIT = -1;

    private final SimWorld world;
    private final Sim sim;
    private final SimQueue queue;
    private final QueueSettings settings;
    private final RecordReader reader = new RecordReader();
    private final Map<Identity, PeerId> clients = new HashMap<>();
    private final Map<PeerId, Identity> connectionOfClient = new HashMap<>();
    private final Map<PeerId, Map<Long, Asked>> askedBy = new HashMap<>();
    private final Map<String, Asked> askedByText = new HashMap<>();
    private final Map<Identity, PeerId> workers = new HashMap<>();
    private final Map<PeerId, Set<Long>> outstanding = new HashMap<>();

    /** Workers of which not all is known that was meant for them, because their connection was given up. */
    private final Set<PeerId> unknown = new HashSet<>();

    private final PrvCredits credits;
    private boolean draining;
    private boolean drained;
    private long evicted;
    private int turn;
    private int messagesOfTurn;

    /** How many deliveries the READY that is being read may give back. */
    private int givesBackMax = NO_LIMIT;

    PrvWatch(Sim sim, SimQueue queue) {
        this.sim = sim;
        this.world = sim.world;
        this.queue = queue;
        this.settings = sim.settings.queue;
        this.credits = new PrvCredits(world);
    }

    /** What is known of a request of a client of PRV/1. Mutable. */
    private static final class Asked {
        private final boolean once;
        private long expiresAtNanos;
        private final Set<Integer> deliveries = new HashSet<>();
        private int cancelledInTurn = NO_LIMIT;

        Asked(boolean once, long expiresAtNanos) {
            this.once = once;
            this.expiresAtNanos = expiresAtNanos;
        }
    }

    @Override
    public void onClientMessage(Identity peer, byte[][] frames) {
        messagesOfTurn++;
        reader.open(frames);
        while (reader.next()) {
            if (reader.type() == Prv.HELLO) {
                clients.put(peer, reader.peer());
                // The queue knows one connection of a client, its last.
                connectionOfClient.put(reader.peer(), peer);
            }
            PeerId client = clients.get(peer);
            if (client != null && connectionOfClient.containsValue(peer)) {
                onClientRecord(askedBy.computeIfAbsent(client, absent -> new HashMap<>()));
            }
        }
    }

    private void onClientRecord(Map<Long, Asked> asked) {
        if (reader.type() == Prv.REQUEST) {
            long expiresAtNanos = world.now() + reader.ttlMicros() * 1_000;
            Asked request = asked.get(reader.id());
            if (request == null) {
                request = new Asked(reader.isOnce(), expiresAtNanos);
                asked.put(reader.id(), request);
                askedByText.put(SimContent.text(reader.body()), request);
            }
            request.expiresAtNanos = Deadlines.earlier(request.expiresAtNanos, expiresAtNanos) == expiresAtNanos
                    ? request.expiresAtNanos
                    : expiresAtNanos;
            request.cancelledInTurn = NO_LIMIT;
        } else if (reader.type() == Prv.CANCEL) {
            Asked request = asked.get(reader.id());
            if (request != null) {
                request.cancelledInTurn = turn;
                world.reach(SimGoal.PRV_CANCELLED);
            }
        }
    }

    @Override
    public void onWorkerMessage(Identity peer, byte[][] frames) {
        messagesOfTurn++;
        int held = NO_LIMIT;
        boolean readyAlone = true;
        reader.open(frames);
        while (reader.next()) {
            trace("hears", peer);
            if (reader.type() == Prv.READY) {
                workers.values().remove(reader.peer());
                workers.put(peer, reader.peer());
                credits.onReady(reader);
                held = givesBack(reader.peer());
            } else if (reader.type() == Prv.REPLY && workers.containsKey(peer)) {
                outstandingOf(workers.get(peer)).remove(reader.id());
                credits.onReply(workers.get(peer), reader.id());
                readyAlone = false;
            } else if (reader.type() == Prv.CREDIT && workers.containsKey(peer)) {
                credits.onCredit(workers.get(peer), reader.id());
            } else {
                readyAlone &= reader.type() == Prv.HEARTBEAT || reader.type() == Prv.DRAIN;
            }
        }
        // What the queue said to the worker in this turn has not been seen yet.
        givesBackMax = readyAlone && messagesOfTurn == 1 ? held : NO_LIMIT;
    }

    private int givesBack(PeerId worker) {
        Set<Long> lost = new HashSet<>(outstandingOf(worker));
        for (int i = 0; i < reader.heldCount(); i++) {
            if (lost.remove(reader.heldId(i))) {
                world.reach(SimGoal.PRV_RESUMED);
            }
        }
        return unknown.remove(worker) ? NO_LIMIT : lost.size();
    }

    private Set<Long> outstandingOf(@Nullable PeerId worker) {
        return worker == null ? new HashSet<>() : outstanding.computeIfAbsent(worker, absent -> new HashSet<>());
    }

    @Override
    public void sentToWorker(Identity peer, byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            trace("tells", peer);
            if (reader.type() == Prv.REQUEST) {
                outstandingOf(workers.get(peer)).add(reader.id());
                credits.onRequest(workers.get(peer), reader.id());
                check(reader.attempt() <= settings.deliveriesMax(), "no delivery beyond the last", reader.attempt());
                String text = SimContent.text(reader.body());
                Asked request = askedByText.get(text);
                if (request != null) {
                    checkDelivery(text, request);
                }
            }
        }
    }

    private void checkDelivery(String text, Asked request) {
        boolean news = request.deliveries.add(reader.attempt());
        boolean recognises = settings.dedupe().countMax() > 0 && evicted == 0;
        check(news || !recognises, "what is known already is not taken anew", queue.name, text);
        check(
                !request.once || (news && reader.attempt() == 1),
                "what must not run twice is delivered once",
                queue.name,
                text);
        check(reader.isOnce() == request.once, "the worker is told what must not run twice", queue.name, text);
        check(request.expiresAtNanos - world.now() > 0, "what has expired is not delivered", queue.name, text);
        boolean wanted = request.cancelledInTurn == NO_LIMIT || request.cancelledInTurn == turn;
        check(wanted, "what was cancelled is not delivered", queue.name, text);
        if (reader.attempt() > 1) {
            world.reach(SimGoal.PRV_REDELIVERY);
        }
    }

    private void trace(String verb, Identity peer) {
        if (reader.type() != Prv.HEARTBEAT) {
            long id = reader.type() >= Prv.REQUEST ? reader.id() : 0;
            world.trace(queue.name, verb, peer, "type", reader.type(), "id", id);
        }
    }

    @Override
    public void onWorkerLost(WorkerLost event) {
        world.trace(queue.name, "gives up", event);
    }

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        world.trace(queue.name, "takes back", event);
        if (event.cause() != LossCause.GAVE_BACK || messagesOfTurn != 1) {
            credits.onTakenBack(event.workerId());
        }
        if (event.cause() == LossCause.GAVE_BACK && givesBackMax != NO_LIMIT) {
            givesBackMax--;
            check(givesBackMax != NO_LIMIT, "what a worker still holds is not taken from it", queue.name, event);
        }
    }

    @Override
    public void onDrain() {
        draining = true;
    }

    @Override
    public void drained() {
        check(draining && !drained, "drained once, if asked", queue.name);
        drained = true;
    }

    @Override
    public boolean isDrained() {
        return drained;
    }

    @Override
    public void clientCut(Identity peer) {
        clients.remove(peer);
    }

    @Override
    public void workerCut(Identity peer) {
        PeerId worker = workers.remove(peer);
        if (worker != null) {
            unknown.add(worker);
        }
    }

    @Override
    public void turnEnded() {
        turn++;
        messagesOfTurn = 0;
        credits.turnEnded();
    }

    @Override
    public void settled(QueueStats stats) {
        givesBackMax = NO_LIMIT;
        evicted = stats.repliesEvicted();
        long ended = stats.answered() + stats.deadLettered() + stats.expired() + stats.abandoned() + stats.lostOnce();
        check(stats.accepted() == ended + stats.pending() + stats.inFlight(), "every request is somewhere", stats);
        check(stats.redelivered() <= stats.returned(), "only what came back is redelivered", stats);
        check(stats.deliveries() >= stats.returned() + stats.inFlight(), "only what was delivered comes back", stats);
        int creditMax = sim.settings.creditMax() * stats.workers();
        check(stats.inFlight() <= creditMax, "workers hold no more than they will", stats, creditMax);
        check(stats.repliesKept() <= settings.dedupe().countMax(), "no more is kept than allowed", stats);
        reach(stats);
    }

    private void reach(QueueStats stats) {
        reachIf(stats.duplicates() > 0, SimGoal.PRV_DUPLICATE);
        reachIf(stats.replayed() > 0, SimGoal.PRV_REPLAYED);
        reachIf(stats.repliesEvicted() > 0, SimGoal.PRV_EVICTED);
        reachIf(stats.lostOnce() > 0, SimGoal.PRV_LOST_ONCE);
    }

    private void reachIf(boolean reached, SimGoal goal) {
        if (reached) {
            world.reach(goal);
        }
    }
}
