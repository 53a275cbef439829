package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A {@link QueueWorld} whose queue has peers of PRV/1 too, which say and hear bytes. A connection is named after its peer:
 * {@code c1} and {@code c1-again} are connections of client 1, {@code p2} is one of worker 2.
 */
final class PrvWorld {

    static final int MESSAGE_BYTES_MAX = 1 << 20;
    static final int FIRST = 1;
    private static final long CLIENTS = 9;

    final QueueWorld queue;
    final List<String> malformed = new ArrayList<>();

    /** Connections that take nothing any more. */
    final Set<String> stuck = new HashSet<>();

    /** What the last request to a worker had left to live. */
    long ttlMicros;

    private final PrvLinks clients;
    private final PrvLinks workers;
    private final Map<Long, Long> deliveryIds = new HashMap<>();
    private boolean flushPlanned;

    PrvWorld() {
        this(new QueueWorld(Long.MAX_VALUE - Duration.ofSeconds(20).toNanos(), true));
    }

    PrvWorld(QueueWorld queue) {
        this.queue = queue;
        this.clients = new PrvLinks(queue.machine, new Port());
        this.workers = new PrvLinks(queue.machine, new Port());
    }

    static PeerId client(String connection) {
        return new PeerId(CLIENTS, connection.charAt(1));
    }

    static PeerId worker(String connection) {
        return new PeerId(0, connection.charAt(1));
    }

    /** Returns the short name of a worker that events name in hexadecimal. */
    static String workerName(String workerId) {
        for (String name : List.of("p1", "p2", "p3")) {
            if (worker(name).toString().equals(workerId)) {
                return name;
            }
        }
        return workerId;
    }

    /** What the messages of peers carry. */
    long epochOfPeers;

    /** What the last message of the queue carried. */
    long epochOfQueue;

    /** Lets a client send one message. */
    void fromClient(String connection, Consumer<Outbox> records) {
        messages(records).forEach(frames -> clients.onClientMessage(queue.nowNanos, id(connection), frames));
        endTurn();
    }

    /** Lets a worker send one message. */
    void fromWorker(String connection, Consumer<Outbox> records) {
        messages(records).forEach(frames -> workers.onWorkerMessage(queue.nowNanos, id(connection), frames));
        endTurn();
    }

    void rawFromClient(String connection, byte[]... frames) {
        clients.onClientMessage(queue.nowNanos, id(connection), frames);
        endTurn();
    }

    void rawFromWorker(String connection, byte[]... frames) {
        workers.onWorkerMessage(queue.nowNanos, id(connection), frames);
        endTurn();
    }

    List<byte[][]> messages(Consumer<Outbox> records) {
        List<byte[][]> messages = new ArrayList<>();
        Outbox outbox = new Outbox(messages::add, () -> epochOfPeers);
        records.accept(outbox);
        outbox.flush();
        return messages;
    }

    void hello(String connection) {
        fromClient(connection, it -> it.hello(client(connection), MESSAGE_BYTES_MAX));
    }

    void request(String connection, long requestId, String text) {
        request(connection, requestId, FIRST, 0, Prv.NO_TTL, "", text);
    }

    void request(
            String connection, long requestId, int attempt, int flags, long ttlMicros, String service, String text) {
        fromClient(connection, it -> request(it, requestId, attempt, flags, ttlMicros, service, text));
    }

    static void request(
            Outbox outbox, long requestId, int attempt, int flags, long ttlMicros, String service, String text) {
        outbox.request(requestId, attempt, flags, ttlMicros, bytes(service), new byte[0], body(text));
    }

    void once(String connection, long requestId, int attempt, String text) {
        request(connection, requestId, attempt, Prv.ONCE, Prv.NO_TTL, "", text);
    }

    void ready(String connection, int credit, long... heldDeliveries) {
        readyFor("", connection, credit, heldDeliveries);
    }

    void readyFor(String service, String connection, int credit, long... heldDeliveries) {
        long[] held = new long[heldDeliveries.length];
        for (int i = 0; i < held.length; i++) {
            held[i] = deliveryId(heldDeliveries[i]);
        }
        fromWorker(connection, it -> it.ready(worker(connection), credit, MESSAGE_BYTES_MAX, service, held));
    }

    /** Answers a queue that has taken over; the deliveries are named as the queue before named them. */
    void takenOver(String connection, int credit, long... heldIds) {
        fromWorker(connection, it -> it.ready(worker(connection), credit, 0, MESSAGE_BYTES_MAX, "", true, heldIds));
    }

    void reply(String connection, long delivery, String text) {
        reply(connection, delivery, Status.OK, text);
    }

    void reply(String connection, long delivery, Status status, String text) {
        fromWorker(connection, it -> it.reply(deliveryId(delivery), status, 0, 0, body(text)));
    }

    void beat(String connection) {
        fromWorker(connection, Outbox::heartbeat);
    }

    void clientGone(String connection) {
        clients.onPeerGone(queue.nowNanos, id(connection));
        endTurn();
    }

    void workerGone(String connection) {
        workers.onPeerGone(queue.nowNanos, id(connection));
        endTurn();
    }

    void pass(Duration time) {
        queue.pass(time);
        endTurn();
    }

    /** Lets time pass in which the peers on these connections say now and then that they are there. */
    void passBeating(Duration time, String... connections) {
        for (Duration left = time; !left.isNegative() && !left.isZero(); left = left.minus(QueueWorld.HEARTBEAT)) {
            pass(left.compareTo(QueueWorld.HEARTBEAT) < 0 ? left : QueueWorld.HEARTBEAT);
            for (String connection : connections) {
                if (connection.startsWith("c")) {
                    fromClient(connection, Outbox::heartbeat);
                } else {
                    beat(connection);
                }
            }
        }
    }

    void endTurn() {
        while (flushPlanned) {
            flushPlanned = false;
            clients.flush(queue.nowNanos);
            workers.flush(queue.nowNanos);
        }
    }

    List<String> takeSent() {
        return queue.takeSent();
    }

    QueueStats stats() {
        return queue.stats();
    }

    static byte[][] body(String text) {
        return new byte[][] {bytes(text)};
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Identity id(String connection) {
        return Identity.wrap(bytes(connection));
    }

    /** Tests count deliveries from 1. */
    long deliveryId(long number) {
        return deliveryIds.getOrDefault(number, number);
    }

    int deliveriesSeen() {
        return deliveryIds.size();
    }

    private long number(long deliveryId) {
        for (Map.Entry<Long, Long> known : deliveryIds.entrySet()) {
            if (known.getValue() == deliveryId) {
                return known.getKey();
            }
        }
        deliveryIds.put(deliveryIds.size() + 1L, deliveryId);
        return deliveryIds.size();
    }

    private String describe(RecordReader record) {
        return switch (record.type()) {
            case Prv.WELCOME ->
                "WELCOME" + (record.isStandby() ? ", stands by" : "") + (record.isTakeover() ? ", takes over" : "");
            case Prv.ACKNOWLEDGE -> "ACKNOWLEDGE " + record.id();
            case Prv.DRAIN -> "DRAIN";
            case Prv.CANCEL -> "CANCEL " + number(record.id());
            case Prv.GOODBYE -> "GOODBYE " + record.status();
            case Prv.REQUEST -> {
                ttlMicros = record.ttlMicros();
                yield "REQUEST " + number(record.id()) + " x" + record.attempt() + (record.isOnce() ? " once" : "")
                        + (record.service().isEmpty() ? "" : " for " + record.service()) + text(record);
            }
            case Prv.REPLY ->
                "REPLY " + record.id() + " " + record.status() + " x" + record.attempts()
                        + (record.retryAfterMillis() == 0 ? "" : " retry after " + record.retryAfterMillis())
                        + text(record);
            default -> throw new AssertionError("a queue does not say " + record.type());
        };
    }

    private static String text(RecordReader record) {
        byte[] first = record.body()[0];
        return first.length == 0 ? "" : ": " + new String(first, StandardCharsets.UTF_8);
    }

    private final class Port implements PrvLinks.Port {
        @Override
        public boolean send(Identity peer, byte[][] frames) {
            String connection = new String(peer.bytes(), StandardCharsets.UTF_8);
            if (stuck.contains(connection)) {
                return false;
            }
            RecordReader reader = new RecordReader();
            reader.open(frames);
            epochOfQueue = reader.epoch();
            while (reader.next()) {
                queue.sent.add(
                        reader.type() == Prv.HEARTBEAT ? "beat " + connection : connection + " " + describe(reader));
            }
            if (reader.problem() != null) {
                throw new AssertionError(reader.problem());
            }
            return true;
        }

        @Override
        public void flushLater() {
            flushPlanned = true;
        }

        @Override
        public void malformed(Identity peer, String problem) {
            malformed.add(problem);
        }
    }
}
