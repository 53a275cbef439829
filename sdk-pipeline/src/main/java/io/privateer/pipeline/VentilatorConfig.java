package io.privateer.pipeline;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Ventilator}. Immutable; start from {@link Ventilator#builder}. */
public final class VentilatorConfig {

    /** 65,536 tasks. */
    public static final int DEFAULT_WINDOW_TASKS = 65_536;

    /** 64 MiB. */
    public static final long DEFAULT_WINDOW_BYTES = 64L << 20;

    /** 5 deliveries. */
    public static final int DEFAULT_DELIVERIES_MAX = 5;

    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Builder from;

    private VentilatorConfig(Builder from) {
        this.from = from;
    }

    String name() {
        return from.name;
    }

    String endpoint() {
        return PipelineBuilder.required(from.endpoint, "endpoint");
    }

    String sink() {
        return PipelineBuilder.required(from.sink, "sink");
    }

    int windowTasks() {
        return from.windowTasks;
    }

    long windowBytes() {
        return from.windowBytes;
    }

    int messageBytesMax() {
        return from.messageBytesMax;
    }

    int heartbeatMillis() {
        return from.heartbeatMillis();
    }

    VentilatorSettings settings() {
        return new VentilatorSettings(from.heartbeatNanos(), from.liveness, from.deliveriesMax, from.messageBytesMax);
    }

    SocketSettings socketSettings() {
        return from.socketSettings(LINGER);
    }

    VentilatorListener listener() {
        return from.listener;
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder extends PipelineBuilder<Builder> {

        private @Nullable String endpoint;
        private @Nullable String sink;
        private int windowTasks = DEFAULT_WINDOW_TASKS;
        private long windowBytes = DEFAULT_WINDOW_BYTES;
        private int deliveriesMax = DEFAULT_DELIVERIES_MAX;
        private VentilatorListener listener = new VentilatorListener() {};

        Builder() {
            super("ventilator");
        }

        private Builder(Builder other) {
            super(other);
            this.endpoint = other.endpoint;
            this.sink = other.sink;
            this.windowTasks = other.windowTasks;
            this.windowBytes = other.windowBytes;
            this.deliveriesMax = other.deliveriesMax;
            this.listener = other.listener;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets where workers connect, {@code tcp://host:port}; {@code *} as the port takes any free one. Required. A successor
         * takes the same address, so that workers find it.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder endpoint(String value) {
            this.endpoint = Settings.bindEndpoint("endpoint", value);
            return this;
        }

        /**
         * Sets the sink's endpoint, {@code tcp://host:port}. Required. The sink need not be there yet.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder sink(String value) {
            this.sink = Settings.connectEndpoint("sink", value);
            return this;
        }

        /**
         * Sets how many tasks, of all batches that have begun, may be given whose outcome the sink has not accepted yet. Whoever
         * gives another waits. Batches that wait for their place at the sink take what is left of as many. Default {@link #DEFAULT_WINDOW_TASKS}.
         *
         * @throws IllegalArgumentException if it is below 1 or above 16,777,216
         */
        public Builder windowTasks(int value) {
            this.windowTasks = Settings.between("windowTasks", value, 1, TaskSet.SPAN_MAX);
            return this;
        }

        /**
         * Sets how many bytes those tasks may have together. One task is always taken. Default {@link #DEFAULT_WINDOW_BYTES}.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder windowBytes(long value) {
            this.windowBytes = Settings.atLeast("windowBytes", value, 1);
            return this;
        }

        /**
         * Sets how often a task is given to a worker at most. One whose handler threw, whose worker was lost, or that was
         * overdue that often, is reported as failed. Default {@link #DEFAULT_DELIVERIES_MAX}. Below 3, tasks that a killed
         * worker only happened to hold may be reported as failed.
         *
         * @throws IllegalArgumentException if it is below 1 or above 1000
         */
        public Builder deliveriesMax(int value) {
            this.deliveriesMax = Settings.between("deliveriesMax", value, 1, 1_000);
            return this;
        }

        /** Sets who hears what happens. Default: nobody. */
        public Builder listener(VentilatorListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if a required one is missing, or {@code endpoint} and {@code sink} are the same
         */
        public VentilatorConfig build() {
            checkApart("endpoint", required(endpoint, "endpoint"), "sink", required(sink, "sink"));
            return new VentilatorConfig(new Builder(this));
        }
    }
}
