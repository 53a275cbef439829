package io.privateer.benchmarks;

import io.privateer.core.Settings;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Synchronized publish-subscribe beside plain PUB and SUB, in turns, in this process and over TCP. */
@Command(
        name = "pubsub",
        description = "Synchronized publish-subscribe against plain PUB-SUB: messages a second from the first that is"
                + " published to the last that is received.")
final class PublishBench implements Callable<Integer> {

    /** What all topics begin with, and what is subscribed to. */
    static final String TOPIC = "weather";

    /** What is published last; all others are longer. */
    private static final byte[] END = TOPIC.getBytes(StandardCharsets.UTF_8);

    private static final int TOPICS_MAX = 1_000;

    /** Longer than any topic. */
    private static final int BYTES_MIN = 16;

    private static final double RATIO_MIN = 0.85;

    /** So many messages a publisher is ahead of its slowest subscriber at most, for neither side slows its publisher down. */
    private static final int AHEAD_MAX = 50_000;

    private static final int AHEAD_BYTES_MAX = 32 << 20;
    private static final int CHECK_EVERY = 256;
    private static final long PAUSE_NANOS = 20_000;

    /** Both, one after the other. */
    private record Round(double raw, long lost, double synced, long missed) {

        double ratio() {
            return synced / raw;
        }
    }

    @Option(
            names = "--bytes",
            split = ",",
            defaultValue = "64,1024",
            description = "lengths of the messages (default ${DEFAULT-VALUE})")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--messages",
            defaultValue = "2000000",
            description = "messages of a round (default ${DEFAULT-VALUE})")
    private int messages;

    @Option(
            names = "--topics",
            defaultValue = "1",
            description = "topics, one after the other with each message (default ${DEFAULT-VALUE})")
    private int topics;

    @Option(names = "--subscribers", defaultValue = "1", description = "subscribers (default ${DEFAULT-VALUE})")
    private int subscribers;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "rounds of each, after one to warm up (default ${DEFAULT-VALUE})")
    private int rounds;

    @Mixin
    private Report report = new Report();

    /** What the slowest subscriber has not got in the last measurement. */
    private long lost;

    @Override
    public Integer call() throws InterruptedException {
        Settings.check(messages >= 1_000 && messages <= 100_000_000, "--messages", "from 1000 to 100000000", messages);
        Settings.check(subscribers >= 1 && subscribers <= 100, "--subscribers", "from 1 to 100", subscribers);
        Settings.check(rounds >= 1 && rounds <= 1_000, "--rounds", "from 1 to 1000", rounds);
        Settings.check(topics >= 1 && topics <= TOPICS_MAX, "--topics", "from 1 to " + TOPICS_MAX, topics);
        for (int size : sizes) {
            Settings.check(size >= BYTES_MIN && size <= 1 << 20, "--bytes", "from " + BYTES_MIN + " to 1048576", size);
        }
        report.checkWritable();
        List<List<String>> rows = new ArrayList<>();
        boolean pass = true;
        for (int size : sizes) {
            List<Round> all = measure(size);
            double ratio = Report.median(all, Round::ratio);
            long lostInAll = all.stream().mapToLong(Round::lost).sum();
            long missed = all.stream().mapToLong(Round::missed).sum();
            pass &= topics > 1 || ratio >= RATIO_MIN;
            rows.add(List.of(
                    Integer.toString(size),
                    Report.format("%.0f", Report.median(all, Round::raw)),
                    Long.toString(lostInAll),
                    Report.format("%.0f", Report.median(all, Round::synced)),
                    Long.toString(missed),
                    Report.format("%.2f", ratio)));
            report.with("bytes" + size, all);
        }
        report.print(List.of("bytes", "plain/s", "lost", "synchronized/s", "missed", "ratio"), rows);
        String asked = Report.format("at least %.2f of plain PUB-SUB", RATIO_MIN);
        if (topics > 1) {
            System.out.println("no verdict: " + asked + " is asked of one topic");
        } else {
            System.out.println((pass ? "PASS " : "FAIL ") + asked);
        }
        report.with("benchmark", "pubsub")
                .with("messages", messages)
                .with("subscribers", subscribers)
                .with("topics", topics)
                .with("pass", pass)
                .write();
        return pass ? 0 : 1;
    }

    private List<Round> measure(int size) throws InterruptedException {
        int ahead = Math.min(AHEAD_MAX, AHEAD_BYTES_MAX / size);
        List<Round> all = new ArrayList<>();
        for (int round = 0; round <= rounds; round++) {
            try (PubSubPeer raw = new RawPubSub(subscribers, 2 * ahead);
                    PubSubPeer synced = new SyncedPubSub(subscribers, 2 * ahead)) {
                double rawRate = rate(raw, size, ahead);
                long rawLost = lost;
                double syncedRate = rate(synced, size, ahead);
                if (round > 0) {
                    all.add(new Round(rawRate, rawLost, syncedRate, synced.missed()));
                }
            }
        }
        return all;
    }

    /** Returns how many messages a second its slowest subscriber has received. */
    private double rate(PubSubPeer peer, int size, int ahead) throws InterruptedException {
        AtomicLongArray received = new AtomicLongArray(subscribers);
        CountDownLatch done = new CountDownLatch(subscribers);
        for (int i = 0; i < subscribers; i++) {
            int subscriber = i;
            Thread receiver = new Thread(() -> receive(peer, subscriber, received, done), "receiver-" + subscriber);
            receiver.setDaemon(true);
            receiver.start();
        }
        String[] names = new String[topics];
        byte[][] payloads = new byte[topics][];
        for (int i = 0; i < topics; i++) {
            names[i] = TOPIC + i;
            payloads[i] = Arrays.copyOf(names[i].getBytes(StandardCharsets.UTF_8), size);
        }
        long beganNanos = System.nanoTime();
        for (int i = 0; i < messages; i++) {
            if (i % CHECK_EVERY == 0) {
                keepUp(received, i - ahead, done);
            }
            peer.publish(names[i % topics], payloads[i % topics]);
        }
        do { // Plain PUB-SUB may lose any.
            peer.publish(TOPIC, END);
        } while (!done.await(1, TimeUnit.MILLISECONDS));
        long tookNanos = System.nanoTime() - beganNanos;
        long least = LongStream.range(0, subscribers)
                .map(i -> received.get((int) i))
                .min()
                .orElseThrow();
        if (least < messages / 2) {
            throw new IllegalStateException("a subscriber received only " + least + " of " + messages);
        }
        lost = messages - least;
        return least * (double) TimeUnit.SECONDS.toNanos(1) / tookNanos;
    }

    private static void receive(PubSubPeer peer, int subscriber, AtomicLongArray received, CountDownLatch done) {
        long count = 0;
        for (int length = peer.receive(subscriber); length > END.length; length = peer.receive(subscriber)) {
            received.lazySet(subscriber, ++count);
        }
        done.countDown();
    }

    /** Waits until every subscriber has received so many, or has given up. */
    private void keepUp(AtomicLongArray received, long atLeast, CountDownLatch done) {
        for (int i = 0; i < subscribers; i++) {
            while (received.get(i) < atLeast && done.getCount() > 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }
}
