package io.privateer.pubsub;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A message that was published. It shares the frame it came in with its neighbours; {@link #payload()} copies it out. Immutable.
 */
public final class Received {

    private final String topic;
    private final long incarnation;
    private final long number;
    private final long conflated;
    private final byte[] frame;
    private final int at;

    /** @param at where the length of the payload stands in {@code frame} */
    Received(String topic, long incarnation, long number, long conflated, byte[] frame, int at) {
        this.topic = topic;
        this.incarnation = incarnation;
        this.number = number;
        this.conflated = conflated;
        this.frame = frame;
        this.at = at;
    }

    /** Returns the topic that it was published on. */
    public String topic() {
        return topic;
    }

    /** Returns which life of the publisher numbered it. */
    public long incarnation() {
        return incarnation;
    }

    /** Returns its number among the messages of its topic in that life, from 1. */
    public long number() {
        return number;
    }

    /** Returns how many messages of this topic just before it were left out because this subscriber was too slow. */
    public long conflated() {
        return conflated;
    }

    /** Returns the length of the payload in bytes. */
    public int size() {
        return (int) Run.INT.get(frame, at);
    }

    /** Returns a copy of the payload. */
    public byte[] payload() {
        int from = at + Run.LENGTH_BYTES;
        return Arrays.copyOfRange(frame, from, from + size());
    }

    /** Returns the payload without copying it, to be read only. */
    public ByteBuffer view() {
        return ByteBuffer.wrap(frame, at + Run.LENGTH_BYTES, size()).slice().asReadOnlyBuffer();
    }

    /** Returns the payload as text in UTF-8. */
    public String text() {
        return new String(frame, at + Run.LENGTH_BYTES, size(), StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
        return "Received[topic=" + topic + ", number=" + number + ", bytes=" + size() + "]";
    }
}
