package io.privateer.chaos.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the processes have written: {@code S name incarnation} synced; {@code I name incarnation pid} the first message of that;
 * {@code R} and {@code M name incarnation topic from to} received and missed; {@code E name incarnation complete} its publisher's
 * end; {@code N pid topic count} and {@code D pid complete} what a publisher has published, and how it ended; {@code W} a message
 * that is another than its number says.
 */
final class PubSubAccounts {

    private final List<String[]> lines;

    /** Messages of one topic in one life of the publisher. */
    private record Range(String kind, long from, long to) {}

    private PubSubAccounts(List<String[]> lines) {
        this.lines = lines;
    }

    /** Reads the whole lines of {@code log}. */
    static PubSubAccounts read(Path log) throws IOException {
        String text = Files.exists(log) ? Files.readString(log, US_ASCII) : "";
        int end = text.lastIndexOf('\n');
        return new PubSubAccounts(text.substring(0, Math.max(0, end))
                .lines()
                .map(line -> line.split(" ", -1))
                .toList());
    }

    private List<String[]> lines(String... words) {
        return lines.stream()
                .filter(line -> line.length >= words.length && Arrays.equals(Arrays.copyOf(line, words.length), words))
                .toList();
    }

    /** Returns the lives of the publisher of which {@code name} has received something, oldest first, by the publisher's pid. */
    Map<String, String> lives(String name) {
        Map<String, String> lives = new LinkedHashMap<>();
        lines("I", name).forEach(line -> lives.put(line[3], line[2]));
        return lives;
    }

    /** Returns how many messages of all topics {@code name} has received. */
    long received(String name) {
        return count(lines("R", name));
    }

    /** Returns how many messages {@code name} was told that it has missed. */
    long missed(String name) {
        return count(lines("M", name));
    }

    private static long count(List<String[]> ranges) {
        return ranges.stream()
                .mapToLong(line -> Long.parseLong(line[5]) - Long.parseLong(line[4]) + 1)
                .sum();
    }

    /** Returns how often {@code name} was synced. */
    int syncs(String name) {
        return lines("S", name).size();
    }

    /** Returns whether {@code name} was told so of the end of that life. */
    boolean isEndTold(String name, String incarnation, boolean complete) {
        return !lines("E", name, incarnation, Boolean.toString(complete)).isEmpty();
    }

    /** Returns how many messages publisher {@code pid} has published on each topic, if it has ended. */
    Map<String, Long> published(String pid) {
        Map<String, Long> counts = new TreeMap<>();
        lines("N", pid).forEach(line -> counts.put(line[2], Long.parseLong(line[3])));
        return counts;
    }

    /** Returns the last publisher's pid, if it has ended complete. */
    String ended() {
        List<String[]> ends = lines("D");
        return ends.isEmpty() ? "" : ends.get(ends.size() - 1)[1];
    }

    /**
     * Checks that each message of each topic, from the first one known to the last, was received or reported as missed, once, and
     * what was received in order. Behind the first life that {@code name} has joined, the first one is number 1.
     *
     * @return up to which number it accounts for each topic of life {@code incarnation}
     */
    Map<String, Long> check(String name, String incarnation, boolean isFirst) {
        assertThat(lines("W")).isEmpty();
        Map<String, Long> accounted = new TreeMap<>();
        for (String topic : topics(name, incarnation)) {
            List<Range> ranges = new ArrayList<>();
            long received = 0;
            for (String[] line : lines) {
                boolean isMeant = (line[0].equals("R") || line[0].equals("M"))
                        && line[1].equals(name)
                        && line[2].equals(incarnation)
                        && line[3].equals(topic);
                if (isMeant) {
                    Range range = new Range(line[0], Long.parseLong(line[4]), Long.parseLong(line[5]));
                    ranges.add(range);
                    if (range.kind().equals("R")) {
                        assertThat(range.from())
                                .as("%s %s in order", name, topic)
                                .isGreaterThan(received);
                        received = range.to();
                    }
                }
            }
            ranges.sort(Comparator.comparingLong(Range::from));
            long next = isFirst ? ranges.get(0).from() : 1;
            for (Range range : ranges) {
                assertThat(range.from())
                        .as("%s %s %s: %s", name, incarnation, topic, range)
                        .isEqualTo(next);
                next = range.to() + 1;
            }
            accounted.put(topic, next - 1);
        }
        return accounted;
    }

    private Set<String> topics(String name, String incarnation) {
        Set<String> topics = new LinkedHashSet<>();
        lines("R", name, incarnation).forEach(line -> topics.add(line[3]));
        lines("M", name, incarnation).forEach(line -> topics.add(line[3]));
        return topics;
    }
}
