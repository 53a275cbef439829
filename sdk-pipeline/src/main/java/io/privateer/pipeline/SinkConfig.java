package io.privateer.pipeline;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Sink}. Immutable; start from {@link Sink#builder}. */
public final class SinkConfig {

    /** 30 s. */
    public static final Duration DEFAULT_OVERDUE_AFTER = Duration.ofSeconds(30);

    /** 10,000 batches. */
    public static final int DEFAULT_BATCHES_MAX = 10_000;

    /** 16 MiB. */
    public static final long DEFAULT_COMPACT_BYTES_MIN = 16L << 20;

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final Duration OVERDUE_MIN = Duration.ofMillis(10);
    private static final Duration OVERDUE_MAX = Duration.ofDays(24);

    private final Builder from;

    private SinkConfig(Builder from) {
        this.from = from;
    }

    ResultHandler handler() {
        return from.handler;
    }

    String name() {
        return from.name;
    }

    String endpoint() {
        return PipelineBuilder.required(from.endpoint, "endpoint");
    }

    @Nullable
    Path journal() {
        return from.journal;
    }

    boolean collectResults() {
        return from.collectResults;
    }

    long compactBytesMin() {
        return from.compactBytesMin;
    }

    SinkSettings settings() {
        return new SinkSettings(
                from.heartbeatNanos(),
                from.liveness,
                from.overdueAfter.toNanos(),
                from.batchesMax,
                from.messageBytesMax);
    }

    SocketSettings socketSettings() {
        return from.socketSettings(LINGER);
    }

    SinkListener listener() {
        return from.listener;
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder extends PipelineBuilder<Builder> {

        private final ResultHandler handler;
        private @Nullable String endpoint;
        private @Nullable Path journal;
        private boolean collectResults;
        private Duration overdueAfter = DEFAULT_OVERDUE_AFTER;
        private int batchesMax = DEFAULT_BATCHES_MAX;
        private long compactBytesMin = DEFAULT_COMPACT_BYTES_MIN;
        private SinkListener listener = new SinkListener() {};

        Builder(ResultHandler handler) {
            super("sink");
            this.handler = Objects.requireNonNull(handler, "handler");
        }

        private Builder(Builder other) {
            super(other);
            this.handler = other.handler;
            this.endpoint = other.endpoint;
            this.journal = other.journal;
            this.collectResults = other.collectResults;
            this.overdueAfter = other.overdueAfter;
            this.batchesMax = other.batchesMax;
            this.compactBytesMin = other.compactBytesMin;
            this.listener = other.listener;
        }

        @Override
        Builder self() {
            return this;
        }

        /**
         * Sets where workers and the ventilator connect, {@code tcp://host:port}; {@code *} as the port takes any free one.
         * Required. A successor takes the same address.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder endpoint(String value) {
            this.endpoint = Settings.bindEndpoint("endpoint", value);
            return this;
        }

        /**
         * Keeps what is accepted in a file, so that a successor has it. It is made if it is not there; its folder must be. A file
         * that is there must be empty or a journal; any other is refused at the start and stays as it is. One sink at a time can
         * have it. Default: none, and a batch does not outlive the sink that accepted a part of it.
         *
         * @throws IllegalArgumentException if its name ends in {@code .lock} or {@code .new}, as those of files beside a journal
         */
        public Builder journal(Path value) {
            String name = Objects.requireNonNull(value, "journal").toString();
            Settings.check(
                    !name.endsWith(JournalFile.LOCK) && !name.endsWith(JournalFile.BESIDE),
                    "journal",
                    "a file whose name does not end in " + JournalFile.LOCK + " or " + JournalFile.BESIDE,
                    value);
            this.journal = value;
            return this;
        }

        /**
         * Keeps the results of each batch in memory until it is done, for {@link BatchOutcome#results()}. Default: false, and
         * only the {@link ResultHandler} gets them.
         */
        public Builder collectResults(boolean value) {
            this.collectResults = value;
            return this;
        }

        /**
         * Sets how long a worker may have a task before the ventilator is asked to give it to another. Set it above what the
         * longest task takes with all that the worker does before it. Default {@link #DEFAULT_OVERDUE_AFTER}.
         *
         * @throws IllegalArgumentException if it is below 10 ms or above 24 days
         */
        public Builder overdueAfter(Duration value) {
            Settings.atLeast("overdueAfter", value, OVERDUE_MIN);
            Settings.check(value.compareTo(OVERDUE_MAX) <= 0, "overdueAfter", "<= 24 d", value);
            this.overdueAfter = value;
            return this;
        }

        /**
         * Sets how many batches may have begun and not be done. Others wait, first come, first served, until one is done; no
         * worker gets a task of theirs before. What had begun when a sink is started again comes on top. Default {@link #DEFAULT_BATCHES_MAX}.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder batchesMax(int value) {
            this.batchesMax = Settings.atLeast("batchesMax", value, 1);
            return this;
        }

        /**
         * Sets how many bytes of the journal must be about batches that are done before it is written anew without them.
         * Default {@link #DEFAULT_COMPACT_BYTES_MIN}. While it is, the sink does nothing else.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder compactBytesMin(long value) {
            this.compactBytesMin = Settings.atLeast("compactBytesMin", value, 1);
            return this;
        }

        /** Sets who hears what happens. Default: nobody. */
        public Builder listener(SinkListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if a required one is missing
         */
        public SinkConfig build() {
            required(endpoint, "endpoint");
            return new SinkConfig(new Builder(this));
        }
    }
}
