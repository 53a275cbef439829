package io.privateer.pubsub;

import static io.privateer.pubsub.PubSubLedger.check;

import io.privateer.pirate.SimOutcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A publisher and its subscribers in virtual time, the production machines and codecs, over links that delay, lose and break,
 * with processes that stand still, die and come back. Whatever happens, each subscriber's account of each topic is without a
 * gap, and in the end it is complete.
 */
final class PubSubSim {

    private static final List<String> TOPICS = List.of("a", "ab", "b", "c");
    private static final List<List<String>> PREFIXES =
            List.of(List.of(""), List.of("a"), List.of("a", "b"), List.of("ab", "a"), List.of("c", "x"));
    private static final long MILLI = PubSubWorld.MILLI;
    private static final long HEARTBEAT = 100 * MILLI;
    private static final int LIVENESS = 4;

    final PubSubWorld world;
    final PubSubLedger ledger = new PubSubLedger();
    private final List<SimSubscriber> subscribers = new ArrayList<>();
    private final List<SubscriberMachine.Settings> settings = new ArrayList<>();
    private final PublisherMachine.Settings publisherSettings;
    private final int framesMax;
    private final boolean lastValues;
    private final boolean replay;
    private final boolean gentle;
    private double loss;
    private @Nullable SimPublisher publisher;
    private long incarnation;
    private int peers;
    private boolean faulty = true;
    private boolean underWay;

    private PubSubSim(long seed, boolean tracing) {
        world = new PubSubWorld(seed, tracing);
        replay = world.chance(0.8);
        lastValues = world.chance(0.5);
        gentle = world.chance(0.3); // Nothing may be missed at all.
        framesMax = gentle || world.chance(0.5) ? 1_000 : 2 + world.random.nextInt(6);
        loss = world.chance(0.7) ? 0.1 : 0;
        int history = gentle ? 10_000 : world.random.nextInt(3) == 0 ? 0 : 1 + world.random.nextInt(60);
        publisherSettings = new PublisherMachine.Settings(
                Set.of(), 0, HEARTBEAT, LIVENESS, 100, new History.Bounds(history, 1 << 20, lastValues ? 2 : 0, 1_000));
    }

    /** Lets the world of {@code seed} live, and says how that went. */
    static SimOutcome run(long seed, boolean tracing) {
        PubSubSim sim = new PubSubSim(seed, tracing);
        String failure = "";
        try {
            sim.live();
        } catch (AssertionError | RuntimeException e) {
            StackTraceElement[] stack = e.getStackTrace();
            failure = e + (stack.length > 1 ? " at " + stack[0] + " from " + stack[1] : "");
            sim.world.note("sim", failure);
        }
        return new SimOutcome(failure, sim.world.reached, sim.world.eventsRun(), sim.world.trace);
    }

    private void live() {
        startPublisher();
        int count = 1 + world.random.nextInt(3);
        for (int i = 0; i < count; i++) {
            long heldBytesMax = !gentle && world.chance(0.2) ? 200 : 1 << 20;
            settings.add(new SubscriberMachine.Settings(
                    SimSubscriber.id(world),
                    "s" + i,
                    PREFIXES.get(world.random.nextInt(PREFIXES.size())),
                    10 * MILLI,
                    HEARTBEAT,
                    LIVENESS,
                    replay || gentle,
                    lastValues,
                    100,
                    new Recovery.Bounds(heldBytesMax, gentle ? 60_000 * MILLI : 200 * MILLI)));
            int index = i;
            subscribers.add(null);
            world.in(world.random.nextLong(300 * MILLI), () -> startSubscriber(index));
        }
        scheduleLoad();
        scheduleFault();
        world.runFor(1_200 * MILLI);
        faulty = false;
        loss = 0;
        for (SimSubscriber subscriber : subscribers) {
            if (subscriber != null) {
                subscriber.cutData(true); // The new connection loses nothing.
            }
        }
        world.runFor(3_000 * MILLI);
        SimPublisher last = Objects.requireNonNull(publisher, "the publisher is back");
        TOPICS.forEach(topic -> last.publish(topic, 1));
        last.flush();
        world.runFor(3_000 * MILLI);
        subscribers.forEach(SimSubscriber::checkAll);
        last.drain(5_000 * MILLI);
        world.runFor(6_000 * MILLI);
        check(last.finished && last.finishedComplete, "the publisher ends complete");
        subscribers.forEach(SimSubscriber::checkEnd);
        check(last.unreadable == 0, "what a subscriber says can be read");
    }

    private void startPublisher() {
        incarnation = 1_000L + world.random.nextInt(1_000_000);
        publisher = new SimPublisher(world, ledger, incarnation, publisherSettings);
    }

    private void startSubscriber(int index) {
        subscribers.set(index, new SimSubscriber(this, "s" + index, settings.get(index)));
    }

    private void scheduleLoad() {
        world.in(world.random.nextLong(12 * MILLI), () -> {
            if (publisher != null) {
                String topic = TOPICS.get(world.random.nextInt(TOPICS.size()));
                publisher.publish(topic, 1 + world.random.nextInt(4));
                underWay = true;
            }
            if (faulty) {
                scheduleLoad();
            } else if (publisher != null) {
                publisher.flush();
            }
        });
    }

    private void scheduleFault() {
        world.in(20 * MILLI + world.random.nextLong(200 * MILLI), () -> {
            if (faulty) {
                fault();
                scheduleFault();
            }
        });
    }

    private void fault() {
        SimSubscriber victim = subscribers.get(world.random.nextInt(subscribers.size()));
        if (victim == null) {
            return;
        }
        switch (world.random.nextInt(gentle ? 3 : 5)) {
            case 0 -> {
                victim.cutData(true, world.random.nextLong(world.chance(0.3) ? 400 * MILLI : 20 * MILLI));
                world.reach(PubSubGoal.DATA_CUT);
            }
            case 1 -> {
                victim.cutControl(true);
                world.reach(PubSubGoal.CONTROL_CUT);
            }
            case 2 -> victim.freeze(world.random.nextLong(gentle ? 300 * MILLI : 700 * MILLI));
            case 3 -> crashPublisher();
            default -> {
                world.reach(PubSubGoal.SUBSCRIBER_RESTARTED);
                restart(victim);
            }
        }
    }

    private void crashPublisher() {
        SimPublisher former = publisher;
        if (former == null) {
            return;
        }
        world.note("publisher", "crashes");
        world.reach(PubSubGoal.PUBLISHER_CRASHED);
        former.crash();
        publisher = null;
        for (SimSubscriber subscriber : subscribers) {
            if (subscriber != null) {
                subscriber.cutControl(true);
                subscriber.cutData(true);
            }
        }
        world.in(world.random.nextLong(60 * MILLI), this::startPublisher);
    }

    /** Starts {@code former} anew, a little later, under the same name. */
    void restart(SimSubscriber former) {
        int index = subscribers.indexOf(former);
        if (index < 0) {
            return; // It has been already.
        }
        former.crash();
        SubscriberMachine.Settings old = settings.get(index);
        settings.set(
                index,
                new SubscriberMachine.Settings(
                        SimSubscriber.id(world),
                        old.name(),
                        old.prefixes(),
                        old.probeNanos(),
                        old.heartbeatNanos(),
                        old.liveness(),
                        old.replay(),
                        old.lastValues(),
                        old.topicsMax(),
                        old.recovery()));
        subscribers.set(index, null);
        world.in(world.random.nextLong(40 * MILLI), () -> startSubscriber(index));
    }

    void onMissed(String name, Missed missed) {
        check(!gentle, name + " misses " + missed + " though it could have been had again");
    }

    @Nullable
    SimPublisher publisher() {
        return publisher;
    }

    long incarnation() {
        return incarnation;
    }

    List<String> topicsOf(List<String> prefixes) {
        return TOPICS.stream()
                .filter(topic -> prefixes.stream().anyMatch(topic::startsWith))
                .toList();
    }

    int nextPeer() {
        return peers++;
    }

    int framesMax() {
        return framesMax;
    }

    double loss() {
        return loss;
    }

    boolean lastValues() {
        return lastValues;
    }

    boolean isUnderWay() {
        return underWay;
    }
}
