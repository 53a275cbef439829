package io.privateer.pubsub;

import static io.privateer.pubsub.PubSubLedger.check;
import static java.nio.charset.StandardCharsets.US_ASCII;

import io.privateer.core.wire.PeerId;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One life of a subscriber: its machine, and the sockets as JeroMQ would be. */
final class SimSubscriber implements SubscriberPort {

    /** More than is asked for at once of all topics that there are, and less than was published while it was away. */
    private static final int CONTROL_FRAMES_MAX = 24;

    private final PubSubSim sim;
    private final PubSubWorld world;
    private final String name;
    private final SubscriberMachine machine;
    private final PubSubLedger.Account account;
    private final ArrayDeque<byte[]> toSay = new ArrayDeque<>();
    private final ArrayDeque<Runnable> frozen = new ArrayDeque<>();
    private final List<String> prefixes;
    private long thawNanos;
    private boolean isFrozen;
    private boolean dead;
    private boolean armed;
    private long armedNanos;
    private int syncs;
    private int controlPeer = -1;
    private int dataPeer = -1;
    private @Nullable SimLink controlUp;
    private @Nullable SimLink controlDown;
    private @Nullable SimLink dataDown;
    private boolean endTold;
    private long present;

    SimSubscriber(PubSubSim sim, String name, SubscriberMachine.Settings settings) {
        this.sim = sim;
        this.world = sim.world;
        this.name = name;
        this.prefixes = settings.prefixes();
        this.account = sim.ledger.new Account(name);
        this.machine = new SubscriberMachine(settings, this, world.now());
        connectControl();
        connectData();
        input(() -> machine.onTick(world.now()));
    }

    static PeerId id(PubSubWorld world) {
        return PeerId.random(world.random);
    }

    /** Lets the machine take something now, or when it thaws. */
    private void input(Runnable input) {
        if (dead) {
            return;
        }
        if (isFrozen) {
            frozen.add(input);
            return;
        }
        input.run();
        arm();
    }

    private void arm() {
        long next = machine.nextDeadlineNanos();
        if (dead || (armed && next - armedNanos >= 0)) {
            return;
        }
        armed = true;
        armedNanos = next;
        world.in(Math.max(0, next - world.now()), () -> {
            if (!dead && armed && armedNanos == next) {
                armed = false;
                input(() -> machine.onTick(world.now()));
            }
        });
    }

    void freeze(long nanos) {
        isFrozen = true;
        thawNanos = world.now() + nanos;
        world.reach(PubSubGoal.SUBSCRIBER_FROZEN);
        world.in(nanos, () -> {
            if (world.now() - thawNanos >= 0) {
                isFrozen = false;
                for (Runnable input = frozen.poll(); input != null && !dead; input = frozen.poll()) {
                    input.run();
                }
                if (!dead) {
                    arm();
                }
            }
        });
    }

    private void connectControl() {
        world.in(world.random.nextLong(20 * PubSubWorld.MILLI), () -> {
            SimPublisher publisher = sim.publisher();
            if (dead || controlPeer >= 0) {
                return;
            }
            if (publisher == null) {
                connectControl();
                return;
            }
            int peer = sim.nextPeer();
            controlPeer = peer;
            controlUp = new SimLink(world, Integer.MAX_VALUE, 0, frame -> publisher.onControl(peer, frame));
            controlDown = new SimLink(world, CONTROL_FRAMES_MAX, 0, frame -> input(() -> onControl(peer, frame)));
            publisher.onControlConnected(peer, controlDown);
            for (byte[] next = toSay.poll(); next != null; next = toSay.poll()) {
                controlUp.send(next);
            }
        });
    }

    private void onControl(int peer, byte[] frame) {
        if (peer == controlPeer) {
            Control.OfPublisher said =
                    Objects.requireNonNull(Control.decodeOfPublisher(frame), "what a publisher says can be read");
            machine.onSaid(said, world.now());
        }
    }

    private void connectData() {
        connectData(world.random.nextLong(20 * PubSubWorld.MILLI));
    }

    private void connectData(long afterNanos) {
        world.in(afterNanos, () -> {
            SimPublisher publisher = sim.publisher();
            if (dead || dataPeer >= 0) {
                return;
            }
            if (publisher == null) {
                connectData();
                return;
            }
            int peer = sim.nextPeer();
            dataPeer = peer;
            SimLink up = new SimLink(
                    world, Integer.MAX_VALUE, 0, prefix -> publisher.onSubscribed(peer, new String(prefix, US_ASCII)));
            dataDown = new SimLink(world, sim.framesMax(), sim.loss(), frame -> input(() -> onData(peer, frame)));
            publisher.onDataConnected(peer, dataDown);
            prefixes.forEach(prefix -> up.send(prefix.getBytes(US_ASCII)));
        });
    }

    private void onData(int peer, byte[] frame) {
        if (peer == dataPeer) {
            DataFrame read = Objects.requireNonNull(DataFrame.decode(frame), "what is published can be read");
            machine.onData(read, world.now());
        }
    }

    void cutControl(boolean tell) {
        int peer = controlPeer;
        if (peer < 0) {
            return;
        }
        controlPeer = -1;
        cut(controlUp);
        cut(controlDown);
        SimPublisher publisher = sim.publisher();
        if (publisher != null) {
            world.in(world.random.nextLong(50 * PubSubWorld.MILLI), () -> publisher.onControlGone(peer));
        }
        if (tell) {
            input(() -> machine.onControlLost(world.now()));
        }
        connectControl();
    }

    void cutData(boolean tell) {
        cutData(tell, world.random.nextLong(20 * PubSubWorld.MILLI));
    }

    /** There is no connection for data for {@code awayNanos}. */
    void cutData(boolean tell, long awayNanos) {
        int peer = dataPeer;
        if (peer < 0) {
            return;
        }
        dataPeer = -1;
        cut(dataDown);
        SimPublisher publisher = sim.publisher();
        if (publisher != null) {
            publisher.onDataGone(peer);
        }
        if (tell) {
            input(() -> machine.onDataLost(world.now()));
        }
        connectData(awayNanos);
    }

    private static void cut(@Nullable SimLink link) {
        if (link != null) {
            link.cut();
        }
    }

    void crash() {
        dead = true;
        cutControl(false);
        cutData(false);
    }

    void checkAll() {
        check(machine.isSynced(), name + " is synced in the end");
        account.checkAll(sim.incarnation(), sim.topicsOf(prefixes));
        check(machine.recovery().heldBytes() == 0, name + " holds nothing in the end");
    }

    void checkEnd() {
        check(endTold, name + " is told of the orderly end");
    }

    boolean mayHaveMissed() {
        return machine.recovery().missed() > 0;
    }

    @Override
    public boolean say(Control.OfSubscriber message) {
        byte[] frame = Control.encode(message);
        if (controlPeer >= 0 && controlUp != null) {
            controlUp.send(frame);
        } else {
            toSay.add(frame);
        }
        return true;
    }

    @Override
    public void began() {
        // The former has ended by then, which is checked there.
    }

    @Override
    public void deliver(String topic, long incarnation, Run run, long from) {
        check(incarnation == present || present == 0, name + " delivers of one life of the publisher at a time");
        present = incarnation;
        check(prefixes.stream().anyMatch(topic::startsWith), name + " delivers what it wants");
        account.onDelivered(incarnation, topic, run, from);
        if (sim.lastValues() && syncs == 1 && from == run.last() && from > 1) {
            world.reach(PubSubGoal.LAST_VALUE_HAD);
        }
        if (machine.recovery().recovered() > 0) {
            world.reach(PubSubGoal.MESSAGES_RECOVERED);
        }
    }

    @Override
    public void missed(Missed missed) {
        world.note(name, missed.toString());
        check(missed.incarnation() == present || present == 0, name + " reports of one life at a time");
        world.reach(PubSubGoal.MESSAGES_MISSED);
        account.onMissed(missed);
        sim.onMissed(name, missed);
    }

    @Override
    public void topicRefused(String topic) {
        throw new AssertionError(name + " has room for all topics: " + topic);
    }

    @Override
    public void dropped(Missed missed) {
        throw new AssertionError(name + " has room for all topics: " + missed);
    }

    @Override
    public void synced(long incarnation) {
        world.note(name, "synced " + incarnation);
        syncs++;
        if (syncs == 2) {
            world.reach(PubSubGoal.RESYNCED);
        }
        if (syncs == 1 && sim.isUnderWay()) {
            world.reach(PubSubGoal.JOINED_LATE);
        }
        account.onSynced(incarnation, sim.topicsOf(prefixes));
    }

    @Override
    public void unsynced() {
        world.note(name, "unsynced");
    }

    @Override
    public void refused(Control.Refusal refusal) {
        // Its own former life still has the name: a supervisor would start it again.
        world.note(name, "refused " + refusal);
        check(refusal == Control.Refusal.NAME_TAKEN, name + " is refused for its name alone");
        sim.restart(this);
    }

    @Override
    public void ended(long incarnation, boolean complete) {
        world.note(name, "ended " + incarnation + " " + complete);
        if (complete) {
            endTold = true;
            account.checkAll(incarnation, sim.topicsOf(prefixes));
        } else {
            world.reach(PubSubGoal.VANISHED_PUBLISHER_TOLD);
        }
        present = 0;
    }

    @Override
    public void reconnectControl(boolean first) {
        toSay.clear();
        cutControl(false);
    }

    @Override
    public void reconnectData(boolean first) {
        cutData(false);
    }
}
