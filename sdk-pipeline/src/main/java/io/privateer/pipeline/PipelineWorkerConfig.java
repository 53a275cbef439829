package io.privateer.pipeline;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link PipelineWorker}. Immutable; start from {@link PipelineWorker#builder}. */
public final class PipelineWorkerConfig {

    /** One task at a time. */
    public static final int DEFAULT_CONCURRENCY = 1;

    /** 8192 tasks. */
    public static final int DEFAULT_CREDIT = 8_192;

    /** 16 MiB. */
    public static final long DEFAULT_CREDIT_BYTES = 16L << 20;

    /** 16 MiB. */
    public static final long DEFAULT_RESULT_BYTES_MAX = 16L << 20;

    private static final int CONCURRENCY_MAX = 1_024;
    private static final int CREDIT_MAX = 1 << 20;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Builder from;

    private PipelineWorkerConfig(Builder from) {
        this.from = from;
    }

    TaskHandler handler() {
        return from.handler;
    }

    String name() {
        return from.name;
    }

    String ventilator() {
        return PipelineBuilder.required(from.ventilator, "ventilator");
    }

    String sink() {
        return PipelineBuilder.required(from.sink, "sink");
    }

    int concurrency() {
        return from.concurrency;
    }

    int credit() {
        return from.credit;
    }

    long creditBytes() {
        return from.creditBytes;
    }

    int heartbeatMillis() {
        return from.heartbeatMillis();
    }

    PipelineWorkerSettings settings() {
        return new PipelineWorkerSettings(
                from.credit, from.resultBytesMax, from.messageBytesMax, from.heartbeatNanos(), from.liveness);
    }

    SocketSettings socketSettings() {
        return from.socketSettings(LINGER);
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder extends PipelineBuilder<Builder> {

        private final TaskHandler handler;
        private @Nullable String ventilator;
        private @Nullable String sink;
        private int concurrency = DEFAULT_CONCURRENCY;
        private int credit = DEFAULT_CREDIT;
        private long creditBytes = DEFAULT_CREDIT_BYTES;
        private long resultBytesMax = DEFAULT_RESULT_BYTES_MAX;

        Builder(TaskHandler handler) {
            super("worker");
            this.handler = Objects.requireNonNull(handler, "handler");
        }

        private Builder(Builder other) {
            super(other);
            this.handler = other.handler;
            this.ventilator = other.ventilator;
            this.sink = other.sink;
            this.concurrency = other.concurrency;
            this.credit = other.credit;
            this.creditBytes = other.creditBytes;
            this.resultBytesMax = other.resultBytesMax;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets the ventilator's endpoint, {@code tcp://host:port}. Required. It need not be there yet.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder ventilator(String value) {
            this.ventilator = Settings.connectEndpoint("ventilator", value);
            return this;
        }

        /**
         * Sets the sink's endpoint, {@code tcp://host:port}. Required. It need not be there yet.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder sink(String value) {
            this.sink = Settings.connectEndpoint("sink", value);
            return this;
        }

        /**
         * Sets how many tasks are handled at once, each on a thread of its own. Default {@link #DEFAULT_CONCURRENCY}.
         *
         * @throws IllegalArgumentException if it is below 1 or above 1024
         */
        public Builder concurrency(int value) {
            this.concurrency = Settings.between("concurrency", value, 1, CONCURRENCY_MAX);
            return this;
        }

        /**
         * Sets how many tasks the worker may hold whose outcome the sink has not accepted. The ventilator gives fewer to a
         * worker that is slow. Default {@link #DEFAULT_CREDIT}.
         *
         * <p>At least {@link #concurrency}.
         *
         * @throws IllegalArgumentException if it is below 1 or above 1,048,576
         */
        public Builder credit(int value) {
            this.credit = Settings.between("credit", value, 1, CREDIT_MAX);
            return this;
        }

        /**
         * Sets how many bytes those tasks may have together; one task is always taken. Default {@link #DEFAULT_CREDIT_BYTES}.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder creditBytes(long value) {
            this.creditBytes = Settings.atLeast("creditBytes", value, 1);
            return this;
        }

        /**
         * Sets how many bytes of results may wait for the sink before the worker begins no task any more. Default
         * {@link #DEFAULT_RESULT_BYTES_MAX}. Tasks begun by then may exceed it.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder resultBytesMax(long value) {
            this.resultBytesMax = Settings.atLeast("resultBytesMax", value, 1);
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if a required one is missing, {@code ventilator} and {@code sink} are the same, or
         *     {@code credit} is below {@code concurrency}, so that some handlers would never have anything to do
         */
        public PipelineWorkerConfig build() {
            checkApart("ventilator", required(ventilator, "ventilator"), "sink", required(sink, "sink"));
            Settings.check(credit >= concurrency, "credit", ">= concurrency=" + concurrency, credit);
            return new PipelineWorkerConfig(new Builder(this));
        }
    }
}
