package io.privateer.pubsub;

import static io.privateer.pubsub.PubSubLedger.check;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** One life of the publisher: its machine, and the sockets as JeroMQ would be. */
final class SimPublisher implements PublisherPort<Integer> {

    private final PubSubWorld world;
    private final PubSubLedger ledger;
    private final Outgoing outgoing;
    private final PublisherMachine<Integer> machine;
    private final Map<Integer, SimLink> control = new LinkedHashMap<>();
    private final Map<Integer, DataPeer> data = new LinkedHashMap<>();
    final long incarnation;
    private long armedNanos;
    private boolean armed;
    private boolean dead;

    /** So many messages towards one subscriber leave no room for a long one. */
    private final int againMax;

    /** How much was dropped because it could not be read. */
    int unreadable;

    boolean finished;
    boolean finishedComplete;

    private static final class DataPeer {
        final SimLink link;
        final Set<String> prefixes = new LinkedHashSet<>();

        DataPeer(SimLink link) {
            this.link = link;
        }
    }

    SimPublisher(PubSubWorld world, PubSubLedger ledger, long incarnation, PublisherMachine.Settings settings) {
        this.world = world;
        this.ledger = ledger;
        this.incarnation = incarnation;
        this.againMax = world.chance(0.5) ? Integer.MAX_VALUE : 1 + world.random.nextInt(4);
        this.outgoing = new Outgoing("publisher", incarnation, 100, 1_000, 1 << 20, 1 + world.random.nextInt(4));
        this.machine = new PublisherMachine<>(settings, incarnation, this, world.now());
        arm();
    }

    /** Publishes {@code count} messages, neighbours of one topic in one frame. */
    void publish(String topic, int count) {
        for (int i = 0; i < count; i++) {
            long number = ledger.newest(incarnation, topic) + 1;
            check(
                    outgoing.add(topic, PubSubLedger.payload(incarnation, topic, number)) == number,
                    "the number of a message");
            ledger.onPublished(incarnation, topic, number);
        }
        if (world.chance(0.7)) {
            flush();
        }
    }

    void flush() {
        ArrayDeque<Outgoing.Frame> frames = new ArrayDeque<>();
        outgoing.take(frames, Integer.MAX_VALUE);
        for (Outgoing.Frame frame : frames) {
            send(frame.topic(), frame.stamped(world.now()));
            machine.onSent(frame.topic(), frame.run());
        }
    }

    private void send(String topic, byte[] frame) {
        for (DataPeer peer : data.values()) {
            if (peer.prefixes.stream().anyMatch(topic::startsWith) && !peer.link.send(frame)) {
                world.reach(PubSubGoal.FRAME_LOST);
            }
        }
    }

    void onDataConnected(int peer, SimLink link) {
        data.put(peer, new DataPeer(link));
    }

    void onSubscribed(int peer, String prefix) {
        DataPeer known = data.get(peer);
        if (known != null && !dead) {
            known.prefixes.add(prefix);
            machine.onSubscribed(prefix);
            endTurn();
        }
    }

    void onDataGone(int peer) {
        data.remove(peer);
    }

    void onControlConnected(int peer, SimLink link) {
        control.put(peer, link);
    }

    void onControl(int peer, byte[] frame) {
        if (!dead && control.containsKey(peer)) {
            Control.OfSubscriber said = Control.decodeOfSubscriber(frame);
            if (said == null) {
                unreadable++;
                return;
            }
            machine.onSaid(peer, said, world.now());
            endTurn();
        }
    }

    void onControlGone(int peer) {
        control.remove(peer);
        if (!dead) {
            machine.onPeerGone(peer);
            endTurn();
        }
    }

    private void endTurn() {
        machine.onEndOfTurn();
        arm();
    }

    private void arm() {
        long next = machine.nextDeadlineNanos();
        if (dead || finished || (armed && next - armedNanos >= 0)) {
            return;
        }
        armed = true;
        armedNanos = next;
        world.in(Math.max(0, next - world.now()), () -> {
            if (!dead && armedNanos == next) {
                armed = false;
                machine.onTick(world.now());
                arm();
            }
        });
    }

    void crash() {
        dead = true;
        data.values().forEach(peer -> peer.link.cut());
        control.values().forEach(SimLink::cut);
    }

    void drain(long nanos) {
        outgoing.close();
        flush();
        machine.close(world.now(), world.now() + nanos);
        arm();
    }

    @Override
    public boolean say(Integer peer, Control.OfPublisher message) {
        SimLink link = control.get(peer);
        if (link == null) {
            return true; // Nobody is there to have room.
        }
        boolean hasRoom = !(message instanceof Control.Again) || link.inFlight() < againMax;
        if (!hasRoom || !link.send(Control.encode(message))) {
            world.reach(PubSubGoal.REPLAY_CUT_SHORT);
            return false;
        }
        return true;
    }

    @Override
    public void announce(DataFrame.Positions list) {
        send(list.prefix(), DataFrame.encode(list));
    }

    @Override
    public void confirmed(String name) {
        world.note("publisher", "confirmed " + name);
    }

    @Override
    public void left(String name, PublisherListener.LeaveCause cause) {
        world.note("publisher", name + " left " + cause);
    }

    @Override
    public void refused(String name, Control.Refusal refusal) {
        world.note("publisher", name + " refused " + refusal);
    }

    @Override
    public void finished(boolean complete) {
        finished = true;
        finishedComplete = complete;
    }
}
