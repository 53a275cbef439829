package io.privateer.pirate;

import io.privateer.core.EndpointException;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending.Credit;
import io.privateer.pirate.PirateListener.LossCause;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Clusters that lend each other workers, each a {@link PrvWorld}, over a network that loses what it is told to lose. Nothing
 * moves by itself but in {@link #settle}, which every step of a test ends with.
 */
final class LendingWorld {

    private static final Duration STEP = Duration.ofMillis(50);

    /** Each life of a cluster is another incarnation. */
    private int lives;

    private final Map<String, Cluster> clusters = new LinkedHashMap<>();
    private final ArrayDeque<Runnable> onTheWay = new ArrayDeque<>();

    /** Clusters that cannot be reached: a connection to them stays without an answer. */
    final Set<String> unreachable = new HashSet<>();

    /** Clusters that hear nothing of their borrowers, and are heard. */
    final Set<String> deaf = new HashSet<>();

    /** Clusters to which connections are made later: what is said on one waits, and goes with it if it is given up. */
    final Set<String> unconnected = new HashSet<>();

    private final Map<String, List<Runnable>> waiting = new LinkedHashMap<>();

    /** Clusters of which even the address is not known. */
    final Set<String> unknown = new HashSet<>();

    /** Of what every cluster draws lots by. */
    private final long seed;

    LendingWorld() {
        this(1);
    }

    LendingWorld(long seed) {
        this.seed = seed;
    }

    Cluster cluster(String name) {
        return clusters.computeIfAbsent(name, Cluster::new);
    }

    /** Forgets a cluster, as if its process had been killed; the next of that name is another life of it. */
    void kill(String name) {
        Cluster dead = Objects.requireNonNull(clusters.remove(name));
        for (Cluster other : clusters.values()) {
            other.loseLender(name);
        }
        dead.connections.forEach((lender, connection) -> {
            Cluster other = clusters.get(lender.endpoint);
            if (other != null) {
                other.borrowers.onPeerGone(other.now(), identity(connection));
            }
        });
        dead.connections.clear();
        settle();
    }

    /** Ends the connections between two clusters; whoever asks again gets another, unless one is {@link #unreachable}. */
    void disconnect(String borrower, String lender) {
        Objects.requireNonNull(clusters.get(borrower)).loseLender(lender);
        settle();
    }

    /** Makes all connections; those of closed sockets too, which linger. */
    void connect() {
        unconnected.clear();
        waiting.values().forEach(onTheWay::addAll);
        waiting.clear();
        settle();
    }

    void settle() {
        boolean quiet = false;
        while (!quiet) {
            clusters.values().forEach(Cluster::endTurn);
            quiet = onTheWay.isEmpty();
            for (Runnable next = onTheWay.poll(); next != null; next = onTheWay.poll()) {
                next.run();
            }
        }
    }

    /** Lets time pass; the workers that are told of beat meanwhile. */
    void pass(Duration time) {
        Duration left = time;
        while (!left.isNegative() && !left.isZero()) {
            Duration step = left.compareTo(STEP) < 0 ? left : STEP;
            for (Cluster cluster : List.copyOf(clusters.values())) {
                cluster.beating.forEach(cluster.world::beat);
                cluster.world.fromClient("c1", Outbox::heartbeat);
                cluster.world.pass(step);
            }
            settle();
            left = left.minus(step);
        }
    }

    /** One cluster: its queue, the connections of its borrowers, and its own to its lenders. */
    final class Cluster implements LenderPort {

        final String name;
        final PrvWorld world;
        final List<String> told = new ArrayList<>();
        final Set<String> beating = new HashSet<>();
        final Map<Lender, String> connections = new HashMap<>();
        private final PrvLinks borrowers;
        private final LenderReader reader;
        private int dialled;
        private boolean flushPlanned;

        Cluster(String name) {
            this.name = name;
            long originNanos = Long.MAX_VALUE - Duration.ofSeconds(20).toNanos();
            this.world = new PrvWorld(new QueueWorld(
                    originNanos,
                    true,
                    new QueueSettings.Dedupe(100, 10_000, Duration.ofSeconds(10).toNanos()),
                    100,
                    10_000,
                    new PeerId(name.hashCode(), ++lives)));
            this.borrowers = new PrvLinks(machine(), new BorrowerPort(), true);
            this.reader = new LenderReader(lenders(), this);
            lenders().begin(this, new SplittableRandom(seed));
            world.hello("c1");
            world.takeSent();
        }

        QueueMachine machine() {
            return world.queue.machine;
        }

        Lenders lenders() {
            return machine().lenders;
        }

        long now() {
            return world.queue.nowNanos;
        }

        void borrows(String lender, int credit) {
            opens(lender, 1);
            credit(lender, credit);
        }

        /** Hears that there is this life of a lender. */
        void opens(String lender, int life) {
            lenders().open(now(), lender, new PeerId(0, life), lender);
            settle();
        }

        void credit(String lender, int credit) {
            lenders().credit(now(), lender, Map.of("", new Credit(credit, credit)));
            settle();
        }

        void hasWorker(String connection, int credit) {
            world.ready(connection, credit);
            beating.add(connection);
            settle();
            world.takeSent();
        }

        void request(long id) {
            world.request("c1", id, "r" + id);
            settle();
        }

        void reply(String worker, long delivery, String text) {
            world.reply(worker, delivery, text);
            settle();
        }

        List<String> sent() {
            return world.takeSent();
        }

        void endTurn() {
            world.endTurn();
            if (flushPlanned) {
                flushPlanned = false;
                borrowers.flush(now());
            }
            for (Lender lender : List.copyOf(connections.keySet())) {
                if (lender.link != null) {
                    lender.link.flush();
                }
            }
        }

        void loseLender(String lenderName) {
            Lender lender = lenders().get(lenderName);
            if (lender != null) {
                lenders().onDisconnected(now(), lender);
            }
        }

        @Override
        public PrvLink dial(Lender lender) {
            if (unknown.contains(lender.endpoint)) {
                throw new EndpointException("endpoint is not known: " + lender.endpoint, null);
            }
            dialled++;
            String connection = name + "#" + dialled;
            connections.put(lender, connection);
            PrvLink link = new PrvLink(
                    identity(connection), (it, frames) -> toLender(lender, connection, frames), it -> {}, () -> 0);
            link.hello(new PeerId(42, name.hashCode()), PrvWorld.MESSAGE_BYTES_MAX);
            return link;
        }

        private void toLender(Lender lender, String connection, byte[][] frames) {
            send(lender, connection, () -> {
                Cluster there = clusters.get(lender.endpoint);
                if (there != null
                        && !deaf.contains(lender.endpoint)
                        && !unreachable.contains(lender.endpoint)
                        && !unreachable.contains(name)) {
                    there.borrowers.onClientMessage(there.now(), identity(connection), frames);
                }
            });
        }

        private void send(Lender lender, String connection, Runnable message) {
            if (unconnected.contains(lender.endpoint) || waiting.containsKey(connection)) {
                waiting.computeIfAbsent(connection, absent -> new ArrayList<>()).add(message);
            } else {
                onTheWay.add(message);
            }
        }

        @Override
        public void hangUp(Lender lender, boolean inOrder) {
            if (lender.link != null && inOrder) {
                lender.link.flush();
            }
            String connection = Objects.requireNonNull(connections.remove(lender));
            if (!inOrder) {
                waiting.remove(connection);
            }
            send(lender, connection, () -> {
                Cluster there = clusters.get(lender.endpoint);
                if (there != null && !deaf.contains(lender.endpoint) && !unreachable.contains(lender.endpoint)) {
                    there.borrowers.onPeerGone(there.now(), identity(connection));
                }
            });
        }

        @Override
        public void welcomed(Lender lender) {
            told.add("welcomed by " + lender.name);
        }

        @Override
        public void malformed(Lender lender, String problem) {
            told.add(lender.name + ": " + problem);
        }

        @Override
        public void lost(Lender lender, LossCause cause) {
            told.add("lost " + lender.name + " " + cause);
        }

        private final class BorrowerPort implements PrvLinks.Port {
            @Override
            public boolean send(Identity peer, byte[][] frames) {
                String connection = new String(peer.bytes(), StandardCharsets.UTF_8);
                onTheWay.add(() -> {
                    Cluster there = clusters.get(connection.substring(0, connection.indexOf('#')));
                    if (there == null || unreachable.contains(name) || unreachable.contains(there.name)) {
                        return;
                    }
                    for (Map.Entry<Lender, String> known : List.copyOf(there.connections.entrySet())) {
                        if (known.getValue().equals(connection)) {
                            there.reader.onMessage(there.now(), known.getKey(), frames);
                        }
                    }
                });
                return true;
            }

            @Override
            public void flushLater() {
                flushPlanned = true;
            }

            @Override
            public void malformed(Identity peer, String problem) {
                told.add("borrower: " + problem);
            }
        }
    }

    private static Identity identity(String connection) {
        return Identity.wrap(connection.getBytes(StandardCharsets.UTF_8));
    }
}
