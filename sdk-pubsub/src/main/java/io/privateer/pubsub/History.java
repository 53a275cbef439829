package io.privateer.pubsub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The newest messages of a publisher, of all topics together bounded by number and bytes, the oldest going first; and the last
 * one of each topic where asked for, bounded likewise. Not thread-safe: belongs to one machine.
 */
final class History {

    private final Bounds bounds;
    private final Map<String, Topic> topics = new HashMap<>();
    /** In the order of creation. */
    private final List<Topic> all = new ArrayList<>();
    /** Whose the oldest run is, then the next. */
    private final ArrayDeque<Topic> order = new ArrayDeque<>();

    private final Shelf.Pages pages = new Shelf.Pages();

    private long messages;
    private long bytes;
    private int lastValues;
    private long lastValueBytes;
    private long lastValuesDropped;

    /** How much is kept: messages and bytes of frames, and how many topics' last values, and their bytes. */
    record Bounds(long messagesMax, long bytesMax, int lastValuesMax, long lastValueBytesMax) {}

    /** What is kept of one topic. */
    private static final class Topic {
        final String name;
        final Shelf runs;

        @Nullable
        Run lastValue;

        long newest;
        /** The newest number that was in a list of positions. */
        long told;

        Topic(String name, Shelf.Pages pages) {
            this.name = name;
            this.runs = new Shelf(pages);
        }
    }

    History(Bounds bounds) {
        this.bounds = bounds;
    }

    /** Takes what was just sent. */
    void add(String name, Run run) {
        Topic topic = topics.get(name);
        if (topic == null) {
            topic = new Topic(name, pages);
            topics.put(name, topic);
            all.add(topic);
        }
        forgetLastValue(topic);
        topic.newest = run.last();
        topic.runs.add(run);
        order.add(topic);
        messages += run.count();
        bytes += run.frame().length;
        while (messages > bounds.messagesMax || bytes > bounds.bytesMax) {
            forgetOldest();
        }
    }

    private void forgetOldest() {
        Topic topic = order.remove();
        Shelf runs = topic.runs;
        messages -= runs.count(0);
        bytes -= runs.frameBytes(0);
        if (runs.size() == 1 && bounds.lastValuesMax > 0) {
            keepLastValue(topic, runs.get(0));
        }
        runs.remove();
    }

    private void keepLastValue(Topic topic, Run run) {
        byte[] record = Arrays.copyOfRange(run.frame(), run.offsetOf(run.last()), run.frame().length);
        if (lastValues == bounds.lastValuesMax || lastValueBytes + record.length > bounds.lastValueBytesMax) {
            lastValuesDropped++;
            return;
        }
        topic.lastValue = new Run(run.last(), 1, record, 0, run.stampNanos());
        lastValues++;
        lastValueBytes += record.length;
    }

    private void forgetLastValue(Topic topic) {
        Run value = topic.lastValue;
        if (value != null) {
            lastValues--;
            lastValueBytes -= value.frame().length;
            topic.lastValue = null;
        }
    }

    /**
     * Hands over what is kept of {@code from} to {@code to} of a topic, and perhaps more behind it, in order, until that is
     * more than {@code bytesMax}.
     *
     * @return up to which number all was handed over that there is
     */
    long replay(String name, long from, long to, long bytesMax, Consumer<Run> receiver) {
        Topic topic = topics.get(name);
        if (topic == null) {
            return to;
        }
        long handedOver = 0;
        Shelf runs = topic.runs;
        for (int i = 0; i < runs.size(); i++) {
            if (runs.last(i) < from) {
                continue;
            }
            if (runs.first(i) > to) {
                return to;
            }
            if (handedOver > 0 && handedOver + runs.bytes(i) > bytesMax) {
                return runs.first(i) - 1;
            }
            handedOver += runs.bytes(i);
            receiver.accept(behind(runs.get(i), from));
        }
        Run value = topic.lastValue;
        if (value != null && value.first() >= from && value.first() <= to) {
            receiver.accept(value);
        }
        return to;
    }

    private static Run behind(Run run, long from) {
        if (run.first() >= from) {
            return run;
        }
        int skipped = (int) (from - run.first());
        return new Run(from, run.count() - skipped, run.frame(), run.offsetOf(from), run.stampNanos());
    }

    /** Returns the positions of all topics that begin with {@code prefix}. */
    List<DataFrame.Position> positions(String prefix) {
        List<DataFrame.Position> positions = new ArrayList<>();
        for (Topic topic : all) {
            if (topic.name.startsWith(prefix)) {
                positions.add(new DataFrame.Position(topic.name, topic.newest));
            }
        }
        return positions;
    }

    /**
     * Returns the positions of the topics that have changed since the last call, and of {@code others} more from
     * {@code cursor} on. What was returned counts as told, though its list may be lost for some: who got it nobody says. The
     * others make up for that, as each topic's turn comes.
     */
    List<DataFrame.Position> changes(int cursor, int others) {
        List<DataFrame.Position> positions = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Topic topic = all.get(i);
            boolean isNext = Math.floorMod(i - cursor, all.size()) < others;
            if (isNext || topic.told != topic.newest) {
                topic.told = topic.newest;
                positions.add(new DataFrame.Position(topic.name, topic.newest));
            }
        }
        return positions;
    }

    int topics() {
        return all.size();
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    int lastValues() {
        return lastValues;
    }

    long lastValuesDropped() {
        return lastValuesDropped;
    }
}
