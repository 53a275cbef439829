package io.privateer.chaos.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.privateer.chaos.process.ChildJvm;
import io.privateer.pubsub.Forwarder;
import io.privateer.pubsub.Missed;
import io.privateer.pubsub.Received;
import io.privateer.pubsub.SubscriberListener;
import io.privateer.pubsub.SyncedPublisher;
import io.privateer.pubsub.SyncedSubscriber;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/**
 * The main class of a publisher, a forwarder and subscribers in processes of their own, which write what happens to them into one
 * file, a line at a time, see {@link PubSubAccounts}.
 */
final class PubSubProcess {

    static final int TOPICS = 5;

    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final int BURST_MESSAGES = 20;
    private static final long PAUSE_NANOS = 5_000_000;
    private static final long RANGE_MAX = 200;

    /** Where all of them are, and what they share. */
    record Place(String data, String sync, String backend, Path log) {

        /** It publishes until {@link #endPublisher}, and ends in order then. */
        ChildJvm publisher() throws IOException {
            return start("publisher", "");
        }

        void endPublisher() throws IOException {
            Files.createFile(end());
        }

        private Path end() {
            return log.resolveSibling("end");
        }

        ChildJvm forwarder() throws IOException {
            return start("forwarder", "");
        }

        ChildJvm subscriber(String name, boolean isBehindForwarder) throws IOException {
            return start("subscriber", name + " " + (isBehindForwarder ? backend : data));
        }

        private ChildJvm start(String role, String more) throws IOException {
            return ChildJvm.start(PubSubProcess.class, role, data, sync, backend, log.toString(), more);
        }
    }

    private record Key(long incarnation, String topic) {}

    private record Range(long from, long to) {}

    private final Place place;
    private final FileChannel log;
    private final long pid = ProcessHandle.current().pid();

    private PubSubProcess(Place place) throws IOException {
        this.place = place;
        this.log = FileChannel.open(
                place.log(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Runs until it is killed, or a publisher shall end. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.dieWithParent();
        PubSubProcess process =
                new PubSubProcess(new Place(arguments[1], arguments[2], arguments[3], Path.of(arguments[4])));
        switch (arguments[0]) {
            case "publisher" -> process.publish();
            case "forwarder" -> process.forward();
            case "subscriber" -> process.subscribe(arguments[5].split(" ", -1));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private synchronized void append(String line) {
        try {
            log.write(ByteBuffer.wrap((line + "\n").getBytes(US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String payload(long publisher, String topic, long number) {
        return publisher + "/" + topic + "/" + number;
    }

    private void publish() {
        SyncedPublisher publisher = SyncedPublisher.builder(place.data(), place.sync())
                .heartbeat(HEARTBEAT)
                .start();
        long[] counts = new long[TOPICS];
        while (!Files.exists(place.end())) {
            for (int i = 0; i < BURST_MESSAGES; i++) {
                int topic = i % TOPICS;
                counts[topic]++;
                String name = "t" + topic;
                publisher.publish(name, payload(pid, name, counts[topic]).getBytes(US_ASCII));
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        for (int topic = 0; topic < TOPICS; topic++) {
            append("N " + pid + " t" + topic + " " + counts[topic]);
        }
        append("D " + pid + " " + publisher.drain(Duration.ofSeconds(30)).join());
    }

    private void forward() throws InterruptedException {
        Forwarder.builder(place.backend()).upstream(place.data()).start();
        new CountDownLatch(1).await();
    }

    private void subscribe(String[] words) {
        String name = words[0];
        SyncedSubscriber subscriber = SyncedSubscriber.builder(name, words[1], place.sync())
                .subscribe("t")
                .listener(new Reporter(name))
                .start();
        Map<Key, Range> ranges = new HashMap<>();
        Map<Long, String> publishers = new HashMap<>();
        while (true) {
            Received next = subscriber.receive(HEARTBEAT);
            if (next == null) {
                ranges.forEach((key, range) -> appendReceived(name, key, range));
                ranges.clear();
                continue;
            }
            String publisher = publishers.computeIfAbsent(next.incarnation(), first -> {
                String of = next.text().substring(0, next.text().indexOf('/'));
                append("I " + name + " " + first + " " + of);
                return of;
            });
            if (!next.text().equals(payload(Long.parseLong(publisher), next.topic(), next.number()))) {
                append("W " + name + " " + next + " " + next.text());
            }
            take(name, ranges, new Key(next.incarnation(), next.topic()), next.number());
        }
    }

    private void take(String name, Map<Key, Range> ranges, Key key, long number) {
        Range before = ranges.remove(key);
        boolean follows = before != null && before.to() + 1 == number && number - before.from() < RANGE_MAX;
        if (before != null && !follows) {
            appendReceived(name, key, before);
        }
        ranges.put(key, new Range(follows ? before.from() : number, number));
    }

    private void appendReceived(String name, Key key, Range range) {
        append("R " + name + " " + key.incarnation() + " " + key.topic() + " " + range.from() + " " + range.to());
    }

    private final class Reporter implements SubscriberListener {
        private final String name;

        Reporter(String name) {
            this.name = name;
        }

        @Override
        public void onSynced(long incarnation) {
            append("S " + name + " " + incarnation);
        }

        @Override
        public void onMissed(Missed missed) {
            append("M " + name + " " + missed.incarnation() + " " + missed.topic() + " " + missed.from() + " "
                    + missed.to());
        }

        @Override
        public void onPublisherEnded(long incarnation, boolean complete) {
            append("E " + name + " " + incarnation + " " + complete);
        }
    }
}
