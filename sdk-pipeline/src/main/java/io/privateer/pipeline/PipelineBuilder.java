package io.privateer.pipeline;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The settings that ventilators, workers and sinks share. Not thread-safe; each setter checks its value at once.
 *
 * @param <B> the builder itself
 */
public abstract sealed class PipelineBuilder<B extends PipelineBuilder<B>>
        permits VentilatorConfig.Builder, PipelineWorkerConfig.Builder, SinkConfig.Builder {

    /** 1 s. */
    public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(1);

    /** 3 beats. */
    public static final int DEFAULT_LIVENESS = 3;

    private static final Duration HEARTBEAT_MIN = Duration.ofMillis(10);
    private static final Duration HEARTBEAT_MAX = Duration.ofHours(1);
    private static final int FRAMES_QUEUED_MAX = 10_000;

    String name;
    Duration heartbeat = DEFAULT_HEARTBEAT;
    int liveness = DEFAULT_LIVENESS;
    int messageBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;

    @Nullable
    EventLoop loop;

    PipelineBuilder(String name) {
        this.name = name;
    }

    PipelineBuilder(PipelineBuilder<B> other) {
        this.name = other.name;
        this.heartbeat = other.heartbeat;
        this.liveness = other.liveness;
        this.messageBytesMax = other.messageBytesMax;
        this.loop = other.loop;
    }

    abstract B self();

    /** Sets the name that logs and threads carry. Default: the role. */
    public B name(String value) {
        this.name = Objects.requireNonNull(value, "name");
        return self();
    }

    /**
     * Sets how often this side gives a sign of life. Default {@link #DEFAULT_HEARTBEAT}. Each side waits for the slower of
     * itself and the other.
     *
     * @throws IllegalArgumentException if it is below 10 ms or above 1 h
     */
    public B heartbeat(Duration value) {
        Settings.atLeast("heartbeat", value, HEARTBEAT_MIN);
        Settings.check(value.compareTo(HEARTBEAT_MAX) <= 0, "heartbeat", "<= 1 h", value);
        this.heartbeat = value;
        return self();
    }

    /**
     * Sets after how many heartbeats without a word the other side is given up. Default {@link #DEFAULT_LIVENESS}.
     *
     * @throws IllegalArgumentException if it is below 2 or above 1000
     */
    public B liveness(int value) {
        this.liveness = Settings.between("liveness", value, 2, 1_000);
        return self();
    }

    /**
     * Sets the longest task, and the longest result, in bytes. Default 1 MiB. The same on all sides: a task that is longer than
     * the workers take, and a result that is longer than the sink takes, is a failure of that task.
     *
     * @throws IllegalArgumentException if it is below 256 or above 1 GiB
     */
    public B messageBytesMax(int value) {
        this.messageBytesMax = Settings.between("messageBytesMax", value, SocketSettings.MESSAGE_BYTES_MIN, 1 << 30);
        return self();
    }

    /** Puts this side on a loop that others use too. Default: a loop of its own. */
    public B loop(EventLoop value) {
        this.loop = Objects.requireNonNull(value, "loop");
        return self();
    }

    final long heartbeatNanos() {
        return heartbeat.toNanos();
    }

    final int heartbeatMillis() {
        return (int) heartbeat.toMillis();
    }

    /** A frame holds many short messages, or a long one. */
    final SocketSettings socketSettings(Duration linger) {
        return SocketSettings.defaults()
                .withMessageBytesMax(Math.max(Pln.FRAME_BYTES, messageBytesMax) + Pln.OVERHEAD)
                .withHighWaterMark(FRAMES_QUEUED_MAX)
                .withLinger(linger);
    }

    static <T> T required(@Nullable T value, String setting) {
        if (value == null) {
            throw new IllegalArgumentException(setting + " must be set: null");
        }
        return value;
    }

    /** Checks that two endpoints are not one: who is there would speak with itself, or with one of its own kind. */
    static void checkApart(String setting, String value, String otherSetting, String otherValue) {
        Settings.check(!value.equals(otherValue), otherSetting, "another than " + setting + "=" + value, otherValue);
    }
}
