package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.internal.Deadlines;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.BusyBeats;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A {@link QueueMachine} with everything around it written down in words: what it sends in {@link #sent}, what it tells
 * its listener in {@link #told}. Time moves only by {@link #pass}.
 */
final class QueueWorld implements QueuePort, PirateListener {

    private final Map<Long, Long> deliveryIds = new HashMap<>();
    static final int CLIENTS_MAX = 20_000;
    static final PeerId INCARNATION = new PeerId(1, 2);

    static final Duration HEARTBEAT = Duration.ofSeconds(1);
    static final Duration SILENCE = HEARTBEAT.multipliedBy(3);
    static final Duration LEASE = Duration.ofSeconds(30);
    static final Duration GRACE = Duration.ofMillis(200);
    static final Duration TTL = Duration.ofMinutes(1);
    static final int DELIVERIES_MAX = 3;
    static final int PENDING_MAX = 4;
    static final int PENDING_BYTES_MAX = 100;
    static final int IN_FLIGHT_BYTES_MAX = 1_000;
    static final QueueSettings.Dedupe DEDUPE =
            new QueueSettings.Dedupe(4, 10_000, Duration.ofSeconds(10).toNanos());

    final List<String> sent = new ArrayList<>();
    final List<String> told = new ArrayList<>();
    final Set<String> unreachable = new HashSet<>();
    final QueueMachine machine;
    long nowNanos;

    QueueWorld(long originNanos, boolean heartbeats) {
        this(originNanos, heartbeats, DEDUPE);
    }

    QueueWorld(long originNanos, boolean heartbeats, QueueSettings.Dedupe dedupe) {
        this(originNanos, heartbeats, dedupe, PENDING_MAX, PENDING_BYTES_MAX);
    }

    QueueWorld(
            long originNanos, boolean heartbeats, QueueSettings.Dedupe dedupe, int pendingMax, long pendingBytesMax) {
        this(originNanos, heartbeats, dedupe, pendingMax, pendingBytesMax, INCARNATION);
    }

    QueueWorld(
            long originNanos,
            boolean heartbeats,
            QueueSettings.Dedupe dedupe,
            int pendingMax,
            long pendingBytesMax,
            PeerId incarnation) {
        nowNanos = originNanos;
        QueueSettings settings = new QueueSettings(
                heartbeats,
                HEARTBEAT.toNanos(),
                3,
                LEASE.toNanos(),
                GRACE.toNanos(),
                DELIVERIES_MAX,
                pendingMax,
                pendingBytesMax,
                IN_FLIGHT_BYTES_MAX,
                TTL.toNanos(),
                5,
                CLIENTS_MAX,
                dedupe,
                Duration.ofMillis(100).toNanos(),
                1 << 20);
        machine = new QueueMachine(settings, incarnation, this, this, originNanos);
    }

    /** Lets time pass, ticking the machine whenever it asks for it. */
    void pass(Duration time) {
        long untilNanos = nowNanos + time.toNanos();
        while (untilNanos - machine.nextDeadlineNanos() >= 0) {
            nowNanos = Deadlines.earlier(untilNanos, machine.nextDeadlineNanos());
            machine.onTick(nowNanos);
        }
        nowNanos = untilNanos;
        machine.onTick(nowNanos);
    }

    /** Lets time pass while the queue itself stands still. */
    void standStill(Duration time) {
        nowNanos += time.toNanos();
    }

    void request(String client, String text) {
        machine.onRequest(nowNanos, id(client), new byte[][] {}, new byte[][] {text.getBytes(StandardCharsets.UTF_8)});
    }

    void clientGone(String client) {
        machine.onClientGone(nowNanos, id(client));
    }

    void ready(String worker) {
        machine.onReady(nowNanos, id(worker), worker.startsWith("simple") ? Dialect.SIMPLE : Dialect.PARANOID);
    }

    void beat(String worker) {
        machine.onHeartbeat(nowNanos, id(worker), worker.startsWith("ours"));
    }

    void reply(String worker, long deliveryId, String text) {
        long id = deliveryIds.getOrDefault(deliveryId, deliveryId);
        machine.onReply(nowNanos, id(worker), id, new byte[][] {text.getBytes(StandardCharsets.UTF_8)});
    }

    void workerGone(String worker) {
        machine.onWorkerGone(nowNanos, id(worker));
    }

    QueueStats stats() {
        return machine.stats(new QueueCounters.OfShell(0, 0, 0, 0, 0, 0, 0));
    }

    void assertNothingIsLost() {
        QueueStats stats = stats();
        assertThat(stats.accepted())
                .isEqualTo(stats.answered()
                        + stats.deadLettered()
                        + stats.expired()
                        + stats.abandoned()
                        + stats.lostOnce()
                        + stats.stoodDown()
                        + stats.turnedBack()
                        + stats.pending()
                        + stats.inFlight());
    }

    /** Returns what was sent since the last call, heartbeats left out. */
    List<String> takeSent() {
        List<String> taken = sent.stream().filter(it -> !it.startsWith("beat")).toList();
        sent.clear();
        return taken;
    }

    List<String> takeTold() {
        List<String> taken = List.copyOf(told);
        told.clear();
        return taken;
    }

    /** Names beginning with "anon" get an identity made up by the socket, "ours" one of a worker of ours. */
    static Identity id(String name) {
        if (name.startsWith("anon")) {
            return Identity.wrap(("\0" + name).getBytes(StandardCharsets.UTF_8));
        }
        if (name.startsWith("ours")) {
            return Identity.wrap(BusyBeats.newIdentity(new SplittableRandom(name.hashCode())));
        }
        return Identity.wrap(name.getBytes(StandardCharsets.UTF_8));
    }

    private static String name(Identity identity) {
        if (BusyBeats.isMarked(identity.bytes())) {
            for (int i = 1; i < 10; i++) {
                if (id("ours" + i).equals(identity)) {
                    return "ours" + i;
                }
            }
        }
        return new String(identity.bytes(), StandardCharsets.UTF_8).replace("\0", "");
    }

    private static String name(String workerId) {
        for (String candidate : List.of("w1", "w2", "w3", "w4", "w5", "w6", "ours1", "ours2", "simple1", "anon-w1")) {
            if (id(candidate).toString().equals(workerId)) {
                return candidate;
            }
        }
        return PrvWorld.workerName(workerId);
    }

    @Override
    public boolean deliver(Identity worker, Dialect dialect, long deliveryId, byte[][] body) {
        // Ids grow, but not by one: a test counts deliveries from 1.
        long number = deliveryIds.size() + 1L;
        deliveryIds.put(number, deliveryId);
        if (unreachable.contains(name(worker))) {
            return false;
        }
        sent.add("deliver " + number + " to " + name(worker) + ": " + text(body));
        return true;
    }

    @Override
    public void reply(Identity client, byte[][] returnAddress, byte[][] body) {
        sent.add("reply to " + name(client) + ": " + text(body));
    }

    @Override
    public void beat(Identity worker, boolean whileBusy) {
        sent.add("beat" + (whileBusy ? "WhileBusy " : " ") + name(worker));
    }

    @Override
    public void drained() {
        told.add("drained");
    }

    @Override
    public void onWorkerJoined(WorkerJoined event) {
        told.add("joined " + name(event.workerId()));
    }

    @Override
    public void onWorkerLost(WorkerLost event) {
        told.add("lost " + name(event.workerId()) + " " + event.cause());
    }

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        told.add("returned " + event.requestId() + " from " + name(event.workerId()) + " " + event.cause());
    }

    @Override
    public void onDeadLetter(DeadLetter event) {
        told.add("dead letter " + event.requestId() + " after " + event.deliveries() + ": "
                + event.body().text());
    }

    @Override
    public void onRequestDropped(RequestDropped event) {
        told.add("dropped " + event.requestId() + " " + event.cause());
    }

    @Override
    public void onIntakeClosed(IntakeClosed event) {
        told.add("intake closed " + event.cause());
    }

    @Override
    public void onIntakeOpened() {
        told.add("intake opened");
    }

    private static String text(byte[][] body) {
        return new String(body[0], StandardCharsets.UTF_8);
    }
}
