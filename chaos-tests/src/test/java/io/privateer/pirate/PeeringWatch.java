package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Watches one life of a broker's queue: what its clients and its borrowers asked, and what became of that. */
final class PeeringWatch implements SimWatch {

    private final PeeringSim sim;
    private final SimQueue queue;
    private final RecordReader reader = new RecordReader();
    private final Asked clients = new Asked();
    private final Asked borrowers = new Asked();
    private final Set<String> askedHere = new HashSet<>();
    private final Set<String> delivered = new HashSet<>();
    private boolean drained;

    PeeringWatch(PeeringSim sim, SimQueue queue) {
        this.sim = sim;
        this.queue = queue;
    }

    /** What came over one socket, by who asked and the id of that. */
    private static final class Asked {
        private final Map<Identity, PeerId> peers = new HashMap<>();

        /** A queue knows one connection of each, its last. */
        private final Map<PeerId, Identity> connections = new HashMap<>();

        private final Map<PeerId, Map<Long, Integer>> unanswered = new HashMap<>();
        private final Map<PeerId, Map<Long, String>> open = new HashMap<>();

        /** What came on these before may be read yet. */
        private final Set<Identity> gone = new HashSet<>();

        void hello(Identity connection, PeerId peer) {
            Identity former = connections.put(peer, connection);
            if (former != null && !former.equals(connection)) {
                peers.remove(former);
            }
            peers.put(connection, peer);
        }

        void request(Identity connection, long id, String text) {
            PeerId peer = peers.get(connection);
            if (peer != null) {
                unanswered.computeIfAbsent(peer, absent -> new HashMap<>()).merge(id, 1, Integer::sum);
                if (!gone.contains(connection)) {
                    open.computeIfAbsent(peer, absent -> new HashMap<>()).put(id, text);
                }
            }
        }

        /** Returns whether there was something to reply to. */
        boolean reply(Identity connection, long id) {
            PeerId peer = peers.get(connection);
            if (peer == null || !unanswered.containsKey(peer)) {
                return peer == null; // Gone in this turn.
            }
            open.computeIfAbsent(peer, absent -> new HashMap<>()).remove(id);
            return unanswered.computeIfAbsent(peer, absent -> new HashMap<>()).merge(id, -1, Integer::sum) >= 0;
        }

        void gone(Identity connection) {
            PeerId peer = peers.get(connection);
            gone.add(connection);
            if (peer != null) {
                open.remove(peer);
            }
        }
    }

    @Override
    public void onClientMessage(Identity client, byte[][] frames) {
        read(clients, client, frames);
    }

    void onBorrowerMessage(Identity borrower, byte[][] frames) {
        read(borrowers, borrower, frames);
    }

    private void read(Asked asked, Identity peer, byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            trace("hears", peer);
            if (reader.type() == Prv.HELLO) {
                asked.hello(peer, reader.peer());
            } else if (reader.type() == Prv.REQUEST) {
                String text = SimContent.text(reader.body());
                asked.request(peer, reader.id(), text);
                if (asked == clients) {
                    askedHere.add(text);
                }
            } else if (reader.type() == Prv.CANCEL && asked == borrowers) {
                sim.world.reach(PeeringGoal.CANCELLED_AT_LENDER);
            }
        }
    }

    private void trace(String verb, Identity peer) {
        if (reader.type() != Prv.HEARTBEAT) {
            long id = reader.type() >= Prv.REQUEST ? reader.id() : 0;
            sim.world.trace(queue.name, verb, peer, "type", reader.type(), "id", id);
        }
    }

    /** Whether a client of its own has asked that. */
    boolean wasAskedHere(String text) {
        return askedHere.contains(text);
    }

    @Override
    public void sentToWorker(Identity worker, byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            if (reader.type() == Prv.REQUEST) {
                String text = SimContent.text(reader.body());
                sim.world.trace(queue.name, "delivers", reader.id(), text);
                delivered.add(text);
            }
        }
    }

    @Override
    public void sentToClient(Identity client, byte[][] frames) {
        checkReplies(clients, client, frames);
    }

    void sentToBorrower(Identity borrower, byte[][] frames) {
        checkReplies(borrowers, borrower, frames);
    }

    private void checkReplies(Asked asked, Identity peer, byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            if (reader.type() == Prv.REPLY) {
                sim.world.trace(queue.name, "replies", reader.id(), reader.status(), "to", peer);
                check(asked.reply(peer, reader.id()), "nothing is answered twice", queue.name, peer, reader.id());
            } else if (reader.type() == Prv.GOODBYE) {
                asked.gone(peer); // What a stranger has asked is not heard.
            }
        }
    }

    void onBorrowerGone(Identity borrower) {
        borrowers.gone(borrower);
    }

    @Override
    public void clientCut(Identity client) {
        clients.gone(client);
    }

    /** What is borrowed is worked on, or turned back. A small queue may hold it back from a free worker. */
    void checkNobodyWaits() {
        if (!sim.settings.faults.contains(SimFault.OVERLOAD)) {
            borrowers.open.forEach((borrower, requests) -> requests.forEach((id, text) -> check(
                    delivered.contains(text),
                    "what is borrowed does not wait",
                    queue.name,
                    borrower,
                    id,
                    text,
                    queue.stats())));
        }
    }

    @Override
    public void drained() {
        check(!drained, "drained once", queue.name);
        drained = true;
        sim.world.reach(PeeringGoal.BROKER_DRAINED);
    }

    @Override
    public boolean isDrained() {
        return drained;
    }

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        sim.world.trace(queue.name, "takes back", event);
    }

    @Override
    public void settled(QueueStats stats) {
        long ended = stats.answered() + stats.deadLettered() + stats.expired() + stats.abandoned() + stats.lostOnce();
        long left = stats.stoodDown() + stats.turnedBack();
        int now = stats.pending() + stats.inFlight();
        check(stats.accepted() == ended + left + now, "every request is somewhere", queue.name, stats);
        check(stats.redelivered() <= stats.returned(), "only what came back is redelivered", queue.name, stats);
        reachIf(stats.refusedByLenders() > 0, PeeringGoal.REFUSED_BY_LENDER);
        reachIf(stats.turnedBack() > 0, PeeringGoal.TURNED_BACK);
    }

    private void reachIf(boolean reached, PeeringGoal goal) {
        if (reached) {
            sim.world.reach(goal);
        }
    }
}
