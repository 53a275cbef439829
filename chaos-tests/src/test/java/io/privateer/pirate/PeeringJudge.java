package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.peering.PeerLife;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges what brokers do with each other by what nobody in their world could see: what each was told, and in which order it was said. */
final class PeeringJudge {

    /** Loans are counted from 1; ids of deliveries to workers are above this. */
    private static final long LOANS_MAX = 1L << 24;

    private final PeeringSim sim;
    private final SimWorld world;
    private final RecordReader reader = new RecordReader();
    private final Map<PeerId, Long> lives = new HashMap<>();
    private final Map<SimBroker, Map<String, Newest>> newest = new HashMap<>();

    /** How far each life of others had come by what the present life of a broker has heard. */
    private final Map<SimBroker, Map<PeerId, Long>> lastHeard = new HashMap<>();

    /** The ids of what the present life of a broker has lent. */
    private final Map<SimBroker, Set<Long>> lent = new HashMap<>();

    PeeringJudge(PeeringSim sim) {
        this.sim = sim;
        this.world = sim.world;
    }

    /** The newest that a broker was told by another. */
    private record Newest(long life, PeerLife.Heard heard, long atNanos, long leavingSinceNanos) {}

    /** A broker's process begins, and knows nothing. */
    void begins(SimBroker broker) {
        newest.put(broker, new HashMap<>());
        lastHeard.put(broker, new HashMap<>());
        lent.put(broker, new HashSet<>());
    }

    void lives(SimBroker broker, PeerId life) {
        world.trace(broker.name, "lives as", life);
        lives.put(life, (long) lives.size());
    }

    /** A broker is told something, of which it knows already if it is old. */
    void heard(SimBroker broker, PeerLife.Heard heard) {
        long life = Objects.requireNonNull(lives.get(heard.life()), "nobody speaks for another");
        lastHeardBy(broker).merge(heard.life(), heard.sequence(), Math::max);
        Newest known = newestOf(broker, heard.name());
        world.trace(broker.name, "hears", heard);
        if (known == null || life > known.life()) {
            put(broker, life, heard);
        } else if (life < known.life()) {
            world.reach(PeeringGoal.STATE_OF_A_FORMER_LIFE);
        } else if (Long.compareUnsigned(heard.sequence(), known.heard().sequence()) > 0) {
            put(broker, life, heard);
        } else {
            world.reach(PeeringGoal.STATE_WAS_OLD);
        }
    }

    /** Whether a broker has heard that, or what was said after it. */
    boolean isOld(SimBroker broker, PeerLife.Heard heard) {
        return heard.sequence() <= lastHeardBy(broker).getOrDefault(heard.life(), 0L);
    }

    private void put(SimBroker broker, long life, PeerLife.Heard heard) {
        Newest known = newestOf(broker, heard.name());
        boolean stillLeaving =
                known != null && known.life() == life && known.heard().leaving();
        long leavingSinceNanos = known != null && stillLeaving ? known.leavingSinceNanos() : world.now();
        of(broker).put(heard.name(), new Newest(life, heard, world.now(), leavingSinceNanos));
    }

    private Map<PeerId, Long> lastHeardBy(SimBroker broker) {
        return lastHeard.computeIfAbsent(broker, absent -> new HashMap<>());
    }

    private Set<Long> lentBy(SimBroker broker) {
        return lent.computeIfAbsent(broker, absent -> new HashSet<>());
    }

    private Map<String, Newest> of(SimBroker broker) {
        return newest.computeIfAbsent(broker, absent -> new HashMap<>());
    }

    private @Nullable Newest newestOf(SimBroker broker, String peer) {
        return of(broker).get(peer);
    }

    /** A broker credits another with what that has said last, or with nothing. */
    void credits(SimBroker broker, String peer, Map<String, Lending.Credit> credit) {
        Newest known = newestOf(broker, peer);
        boolean isTrue = known != null && credit.equals(known.heard().credit());
        check(credit.isEmpty() || isTrue, "credit is what the peer has said last", broker, peer, credit, known);
        if (credit.isEmpty() && known != null && !known.heard().credit().isEmpty()) {
            world.reach(PeeringGoal.CREDIT_EXPIRED);
        }
    }

    /** A broker says something to a lender. */
    void sentToLender(SimBroker broker, SimBroker lender, byte[][] frames) {
        reader.open(frames);
        while (reader.next()) {
            if (reader.type() == Prv.REQUEST) {
                String text = SimContent.text(reader.body());
                world.trace(broker.name, "lends", reader.id(), "x" + reader.attempt(), text, "to", lender);
                boolean own = broker.watch().wasAskedHere(text);
                check(own, "what is borrowed is not lent on", broker, lender, text);
                if (reader.attempt() == 1) {
                    checkMayHave(broker, lender, text);
                } else {
                    world.reach(PeeringGoal.LENT_AGAIN);
                }
                boolean takes = SimContent.frameBytesMax(reader.body()) <= sim.frameBytesMax(lender);
                check(takes, "a lender gets what it takes", broker, lender, text);
                lentBy(broker).add(reader.id());
                world.reach(reader.isOnce() ? PeeringGoal.LENT_ONCE : PeeringGoal.LENT);
            } else if (reader.type() == Prv.CANCEL) {
                check(reader.id() < LOANS_MAX, "what is cancelled has the id of a loan", broker, lender, reader.id());
            }
        }
    }

    private void checkMayHave(SimBroker broker, SimBroker lender, String text) {
        Newest known = newestOf(broker, lender.name);
        check(known != null, "who is lent something has said that it is there", broker, lender, text);
        if (known != null) {
            // What is sent when a turn ends was decided at any moment of it.
            boolean leaves = known.heard().leaving() && known.leavingSinceNanos() - world.now() < 0;
            check(!leaves, "who leaves gets nothing", broker, lender, text);
            long silentNanos = world.now() - known.atNanos() - broker.queue.stoppedNanosSince(known.atNanos());
            long slackNanos = sim.shape.beatNanos() + 3 * sim.settings.lagNanosMax();
            check(
                    silentNanos <= sim.shape.capacityTtlNanos + slackNanos,
                    "capacity counts for its time only",
                    broker,
                    lender,
                    silentNanos);
        }
    }

    void happened(SimBroker broker, PeerLife.Event event, String peer) {
        switch (event) {
            case EVASIVE -> world.reach(PeeringGoal.PEER_EVASIVE);
            case SILENT -> world.reach(PeeringGoal.PEER_SILENT);
            case RETURNED -> world.reach(PeeringGoal.PEER_RETURNED);
            case RESTARTED -> world.reach(PeeringGoal.PEER_RESTARTED);
            case LEFT -> world.reach(PeeringGoal.PEER_LEFT);
            case EXPIRED -> world.reach(PeeringGoal.PEER_EXPIRED);
            case REMOVED -> world.reach(PeeringGoal.PEER_REMOVED);
            case MISCONFIGURED -> throw new SimViolation("brokers that are well configured say so: " + broker + peer);
            case ENTERED -> {
                // The ordinary way.
            }
        }
    }

    boolean isConverged() {
        return missing().isEmpty();
    }

    void checkConverged() {
        check(isConverged(), "everybody knows everybody", missing());
    }

    /** Returns what keeps the brokers from being all of one mind, or nothing. */
    private String missing() {
        List<SimBroker> present = sim.brokers.stream()
                .filter(it -> it.queue.isUp() && !it.isLeaving())
                .toList();
        for (SimBroker broker : present) {
            Map<String, PeerLife.Known> known = new HashMap<>();
            broker.peers().forEach(peer -> known.put(peer.name(), peer));
            if (known.size() != present.size() - 1) {
                return broker + " knows " + known.keySet();
            }
            for (SimBroker other : present) {
                PeerLife.Known view = known.get(other.name);
                if (other != broker
                        && (view == null || !view.present() || !view.life().equals(other.self()))) {
                    return broker + " knows " + view + " as " + other;
                }
                if (other != broker && !broker.lending().isWelcomeAt(other)) {
                    return broker + " is not welcome at " + other;
                }
            }
        }
        return "";
    }
}
