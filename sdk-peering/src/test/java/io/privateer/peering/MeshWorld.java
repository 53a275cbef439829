package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.pirate.Lending.Credit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Brokers on a network that loses messages, lets them overtake each other, and can be cut in one direction, in virtual time. A
 * listener is connected to a process; when that has ended, or the connection was cut, it connects again and introduces itself.
 */
final class MeshWorld {

    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;

    private static final long RECONNECT = 100 * MILLI;

    final SplittableRandom random;
    final List<Node> nodes = new ArrayList<>();
    double loss;
    long now;
    long published;
    long publishedBytes;
    boolean counts;
    private final PriorityQueue<Event> events =
            new PriorityQueue<>((a, b) -> a.at == b.at ? Long.compare(a.number, b.number) : Long.compare(a.at, b.at));
    private final Set<String> cuts = new HashSet<>();
    private long number;

    private record Event(long at, long number, Runnable action) {}

    MeshWorld(long seed) {
        random = new SplittableRandom(seed);
    }

    /** Adds a broker that is not running yet. */
    Node add() {
        Node node = new Node("n" + nodes.size());
        nodes.add(node);
        return node;
    }

    void cut(Node from, Node to) {
        cuts.add(from.name + to.name);
    }

    void healAll() {
        cuts.clear();
    }

    private boolean passes(Node from, Node to) {
        return !cuts.contains(from.name + to.name);
    }

    void after(long nanos, Runnable action) {
        number++;
        events.add(new Event(now + nanos, number, action));
    }

    void pass(long nanos) {
        long end = now + nanos;
        while (!events.isEmpty() && events.peek().at <= end) {
            Event event = events.remove();
            now = event.at;
            event.action.run();
        }
        now = end;
    }

    /** Returns whether all that run know all others that run as present, in the life that they have. */
    boolean allKnowEachOther() {
        for (Node node : nodes) {
            for (Node other : nodes) {
                if (node != other && node.machine != null && other.machine != null && !node.knows(other)) {
                    return false;
                }
            }
        }
        return true;
    }

    /** One broker, which may run, and what it has told. */
    final class Node implements MembershipPort, MembershipEvents {
        final String name;
        final String endpoint;
        final List<String> told = new ArrayList<>();
        final Map<String, Node> connected = new HashMap<>();
        private final Set<String> listens = new HashSet<>();
        private final Map<String, PeerId> lenders = new HashMap<>();
        private final Set<String> present = new HashSet<>();
        private long resumes;
        private long tickAt;
        PeerId life = new PeerId(0, 0);

        @Nullable
        Membership machine;

        private Node(String name) {
            this.name = name;
            this.endpoint = "tcp://" + name + ":1";
        }

        void start(Node... seeds) {
            life = PeerId.random(random);
            listens.clear();
            connected.clear();
            lenders.clear();
            present.clear();
            PeeringSettings settings = PeeringSettings.of(name, List.of(endpoint), List.of("tcp://" + name + ":2"));
            machine = new Membership(settings, now, this, this);
            PeerId current = life;
            resumes = now;
            tickAt = Long.MAX_VALUE;
            machine.onStart(now, life);
            for (Node seed : seeds) {
                machine.onAddPeer(now, List.of(seed.endpoint));
            }
            tickLater();
            after(RECONNECT, () -> reconnect(current));
        }

        void crash() {
            machine = null;
        }

        void leave() {
            machine().onLeave(now);
            machine = null;
        }

        void pause(long nanos) {
            resumes = Math.max(resumes, now + nanos);
        }

        void local(LocalCapacity capacity) {
            input(life, () -> machine().onLocal(now, capacity));
        }

        Membership machine() {
            return Objects.requireNonNull(machine);
        }

        boolean knows(Node other) {
            return machine().peers(now).stream()
                    .anyMatch(view -> view.incarnation().equals(other.life)
                            && view.liveness() == PeerLiveness.PRESENT
                            && lenders.containsKey(other.name));
        }

        /** What comes while it stands still, waits. */
        private void input(PeerId to, Runnable input) {
            if (machine == null || !life.equals(to)) {
                return;
            }
            if (now < resumes) {
                after(resumes - now, () -> input(to, input));
            } else {
                input.run();
                tickLater();
            }
        }

        private void tickLater() {
            long due = machine().nextDeadlineNanos();
            if (due < tickAt) {
                tickAt = due;
                PeerId current = life;
                after(Math.max(0, due - now), () -> {
                    if (life.equals(current)) {
                        tickAt = Long.MAX_VALUE;
                        input(current, () -> machine().onTick(now));
                    }
                });
            }
        }

        private void reconnect(PeerId current) {
            if (machine != null && life.equals(current)) {
                listens.forEach(this::connect);
                after(RECONNECT, () -> reconnect(current));
            }
        }

        /** A connection that stands still is noticed when its process has ended. */
        private void connect(String at) {
            for (Node other : nodes) {
                boolean reachable = other.machine != null && passes(this, other) && passes(other, this);
                if (other.endpoint.equals(at) && reachable && connected.get(at + other.life) == null) {
                    connected.put(at + other.life, other);
                    Contact self = new Contact(name, List.of(endpoint));
                    deliver(other, () -> other.machine().onIntroduced(now, self));
                }
            }
        }

        private void deliver(Node to, Runnable input) {
            PeerId life = to.life;
            after(MILLI + random.nextLong(4 * MILLI), () -> {
                if (passes(this, to)) {
                    to.input(life, input);
                }
            });
        }

        @Override
        public boolean subscribe(String at) {
            listens.add(at);
            connect(at);
            return true;
        }

        @Override
        public void introduce(String at) {
            connected.keySet().removeIf(it -> it.startsWith(at));
            connect(at);
        }

        @Override
        public void unsubscribe(String at) {
            listens.remove(at);
            connected.keySet().removeIf(it -> it.startsWith(at));
        }

        @Override
        public void publish(CapacityMessage message) {
            if (counts) {
                published++;
                publishedBytes += CapacityCodec.encode(message).length;
            }
            for (Node listener : nodes) {
                boolean hears = listener.machine != null && listener.connected.containsKey(endpoint + life);
                if (hears && random.nextDouble() >= loss) {
                    deliver(listener, () -> listener.machine().onMessage(now, endpoint, message));
                }
            }
        }

        @Override
        public void lenderOpen(String lender, PeerId incarnation, String cloudEndpoint) {
            require(!incarnation.equals(lenders.put(lender, incarnation)), "opened twice " + lender);
        }

        @Override
        public void lenderCredit(String lender, Map<String, Credit> credit) {
            require(lenders.containsKey(lender), "credit of a closed lender " + lender);
        }

        @Override
        public void lenderClose(String lender, boolean drain) {
            require(lenders.remove(lender) != null, "closed twice " + lender);
        }

        @Override
        public void vote(String cloudEndpoint) {
            throw new AssertionError("nobody here is one of a pair");
        }

        @Override
        public void onEntered(Peer peer, PeerId incarnation) {
            require(present.add(peer.name()), "entered twice " + peer.name());
            told.add("enter " + peer.name());
        }

        @Override
        public void onLiveness(Peer peer, PeerLiveness from, PeerLiveness to, long silentNanos) {
            require(present.contains(peer.name()) && from != to, "no news of " + peer.name());
            told.add(peer.name() + " " + to);
        }

        @Override
        public void onExited(Peer peer, PeerLiveness from, ExitCause cause) {
            require(present.remove(peer.name()), "exited twice " + peer.name());
            told.add("exit " + peer.name() + " " + cause);
        }

        @Override
        public void onMisconfigured(PeeringMisconfiguration what, String about, String at) {
            throw new AssertionError(name + " " + what + " " + about + " " + at);
        }

        @Override
        public void onUnknownVersion(String at, int version) {
            throw new AssertionError(name + " version " + version + " at " + at);
        }

        private void require(boolean holds, String what) {
            if (!holds) {
                throw new AssertionError(name + " at " + now + ": " + what);
            }
        }
    }
}
