package io.privateer.pubsub;

import io.privateer.core.ClosedException;
import io.privateer.core.OverloadedException;
import io.privateer.core.Settings;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Messages on their way from the threads that publish to the loop's thread: numbered, and gathered in frames while that thread
 * has something else to do. The order of all messages is kept, so only neighbours of one topic share a frame. Thread-safe.
 */
final class Outgoing {

    /** Messages of one topic share a frame up to so many bytes: more gains little, and takes its time on the wire. */
    static final int FRAME_BYTES_MAX = 32 << 10;

    /** What {@link #add} returns where there is no room now. */
    static final long NO_ROOM = 0;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition room = lock.newCondition();
    private final Map<String, Topic> topics = new HashMap<>();
    private final ArrayDeque<Frame> sealed = new ArrayDeque<>();
    private final byte[] open = new byte[FRAME_BYTES_MAX];
    private final String publisher;
    private final long incarnation;
    private final int topicsMax;
    private final int payloadBytesMax;
    private final long bytesMax;
    private final int messagesPerFrameMax;

    private @Nullable Topic openTopic;
    private int openBytes;
    private int openCount;
    private long openFirst;
    private long bytes;
    private boolean closed;

    /** A topic and what has been published on it. */
    private static final class Topic {
        final String name;
        final byte[] nameBytes;
        long newest;

        Topic(String name) {
            this.name = name;
            this.nameBytes = Topics.checkedTopic(name);
        }

        int headerBytes() {
            return nameBytes.length + DataFrame.CONTENT_AT;
        }
    }

    /** A frame to be sent. */
    record Frame(String topic, Run run) {

        /** Writes into it when it is sent, and returns it. */
        byte[] stamped(long nowNanos) {
            Run.LONG.set(run.frame(), run.from() - DataFrame.CONTENT_AT + DataFrame.STAMP_AT, nowNanos);
            return run.frame();
        }
    }

    /** @param publisher its name, for errors */
    Outgoing(
            String publisher,
            long incarnation,
            int topicsMax,
            int payloadBytesMax,
            long bytesMax,
            int messagesPerFrameMax) {
        this.publisher = publisher;
        this.incarnation = incarnation;
        this.topicsMax = topicsMax;
        this.payloadBytesMax = payloadBytesMax;
        this.bytesMax = bytesMax;
        this.messagesPerFrameMax = messagesPerFrameMax;
    }

    /**
     * Takes a message.
     *
     * @return its number among those of its topic, from 1, or {@link #NO_ROOM}
     * @throws IllegalArgumentException if {@code name} is no topic or {@code payload} too long
     * @throws OverloadedException if there are too many topics
     * @throws ClosedException once closed
     */
    long add(String name, byte[] payload) {
        if (payload.length > payloadBytesMax) { // No text is made for nothing, with each message.
            String rule = "of at most payloadBytesMax=" + payloadBytesMax + " bytes";
            Settings.check(false, "payload", rule, payload.length);
        }
        lock.lock();
        try {
            if (closed) {
                throw closed();
            }
            Topic topic = topics.get(name);
            if (topic == null) {
                topic = create(name);
            }
            int cost = Run.LENGTH_BYTES + payload.length;
            if (bytes > 0 && bytes + cost > bytesMax) {
                return NO_ROOM;
            }
            bytes += cost;
            topic.newest++;
            append(topic, payload);
            return topic.newest;
        } finally {
            lock.unlock();
        }
    }

    private ClosedException closed() {
        return new ClosedException("publisher " + publisher + " is closed", List.of());
    }

    private Topic create(String name) {
        Topic topic = new Topic(name);
        if (topics.size() >= topicsMax) {
            throw new OverloadedException("no more topics than topicsMax=" + topicsMax, List.of());
        }
        topics.put(name, topic);
        return topic;
    }

    private void append(Topic topic, byte[] payload) {
        int cost = Run.LENGTH_BYTES + payload.length;
        if (openTopic != topic || openBytes + cost > open.length || openCount == messagesPerFrameMax) {
            seal();
            if (topic.headerBytes() + cost > open.length) {
                byte[] frame = new byte[topic.headerBytes() + cost];
                begin(frame, topic, topic.newest);
                put(frame, topic.headerBytes(), payload);
                sealed.add(frame(topic, topic.newest, 1, frame));
                return;
            }
            begin(open, topic, topic.newest);
            openTopic = topic;
            openFirst = topic.newest;
            openBytes = topic.headerBytes();
        }
        openBytes = put(open, openBytes, payload);
        openCount++;
    }

    private void begin(byte[] frame, Topic topic, long first) {
        byte[] name = topic.nameBytes;
        System.arraycopy(name, 0, frame, 0, name.length);
        frame[name.length] = Topics.END;
        DataFrame.writeHeader(frame, name.length, DataFrame.KIND_MESSAGES, incarnation, first);
    }

    private static int put(byte[] frame, int at, byte[] payload) {
        Run.INT.set(frame, at, payload.length);
        System.arraycopy(payload, 0, frame, at + Run.LENGTH_BYTES, payload.length);
        return at + Run.LENGTH_BYTES + payload.length;
    }

    private void seal() {
        Topic topic = openTopic;
        if (topic != null) {
            sealed.add(frame(topic, openFirst, openCount, Arrays.copyOf(open, openBytes)));
            openTopic = null;
            openCount = 0;
        }
    }

    private static Frame frame(Topic topic, long first, int count, byte[] bytes) {
        return new Frame(topic.name, new Run(first, count, bytes, topic.headerBytes(), 0));
    }

    /** Moves up to {@code framesMax} frames to {@code target}; what is still being filled is the last. */
    void take(ArrayDeque<Frame> target, int framesMax) {
        lock.lock();
        try {
            for (int i = 0; i < framesMax; i++) {
                if (sealed.isEmpty()) {
                    seal();
                }
                Frame next = sealed.poll();
                if (next == null) {
                    break;
                }
                bytes -= next.run().bytes();
                target.add(next);
            }
            if (lock.hasWaiters(room)) {
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Waits until there may be room, or the end. */
    void awaitRoom() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed && bytes >= bytesMax / 2) {
                room.await();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Takes no more messages; those that were taken are still to be had. */
    void close() {
        lock.lock();
        try {
            closed = true;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
