package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link PirateWorker}. Immutable; start from {@link PirateWorker#builder}. */
public final class PirateWorkerConfig {

    /** 1 s doubling to 32 s as in the Guide, with half of each wait left to chance. */
    public static final Backoff DEFAULT_RECONNECT =
            Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(32), 0.5);

    /** One request at a time. */
    public static final int DEFAULT_CONCURRENCY = 1;

    /** A reply that was sent is delivered when the worker closes, if the queue takes it within a second. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Builder from;
    private final String queue;

    private PirateWorkerConfig(Builder from, String queue) {
        this.from = from;
        this.queue = queue;
    }

    WorkerHandler handler() {
        return from.handler;
    }

    String name() {
        return from.name;
    }

    String queue() {
        return queue;
    }

    int concurrency() {
        return from.concurrency;
    }

    long heartbeatNanos() {
        return from.heartbeat.toNanos();
    }

    int liveness() {
        return from.liveness;
    }

    Backoff reconnect() {
        return from.reconnect;
    }

    SocketSettings socketSettings() {
        return SocketSettings.defaults()
                .withMessageBytesMax(from.messageBytesMax)
                .withLinger(LINGER);
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    @Nullable
    Executor executor() {
        return from.executor;
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {
        private final WorkerHandler handler;
        private String name = "worker";
        private @Nullable String queue;
        private int concurrency = DEFAULT_CONCURRENCY;
        private Duration heartbeat = PirateQueueConfig.DEFAULT_HEARTBEAT;
        private int liveness = PirateQueueConfig.DEFAULT_LIVENESS;
        private Backoff reconnect = DEFAULT_RECONNECT;
        private int messageBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        private @Nullable EventLoop loop;
        private @Nullable Executor executor;

        Builder(WorkerHandler handler) {
            this.handler = Objects.requireNonNull(handler, "handler");
        }

        private Builder(Builder from) {
            this.handler = from.handler;
            this.name = from.name;
            this.queue = from.queue;
            this.concurrency = from.concurrency;
            this.heartbeat = from.heartbeat;
            this.liveness = from.liveness;
            this.reconnect = from.reconnect;
            this.messageBytesMax = from.messageBytesMax;
            this.loop = from.loop;
            this.executor = from.executor;
        }

        /** Sets the name that the worker's logs and threads carry. Default {@code worker}. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * Sets the queue's backend, {@code tcp://host:port}. Required. The queue need not be there yet.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder queue(String value) {
            this.queue = Settings.connectEndpoint("queue", value);
            return this;
        }

        /**
         * Sets how many requests are handled at once. A Paranoid Pirate takes one, so the worker registers this many
         * times. Default {@link #DEFAULT_CONCURRENCY}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder concurrency(int value) {
            this.concurrency = Settings.atLeast("concurrency", value, 1);
            return this;
        }

        /**
         * Sets how often the worker beats, and expects the queue to beat. Default
         * {@link PirateQueueConfig#DEFAULT_HEARTBEAT}; the queue needs the same setting.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms
         */
        public Builder heartbeat(Duration value) {
            this.heartbeat = Settings.atLeast("heartbeat", value, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets after how many heartbeats without a word the queue counts as silent, so that an idle worker replaces its
         * socket. Default {@link PirateQueueConfig#DEFAULT_LIVENESS}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder liveness(int value) {
            this.liveness = Settings.atLeast("liveness", value, 1);
            return this;
        }

        /**
         * Sets how much patience each further socket gets while the queue stays away. A socket goes on trying by itself
         * about once a second, so a queue that comes back is found within that time. Default {@link #DEFAULT_RECONNECT}.
         */
        public Builder reconnect(Backoff value) {
            this.reconnect = Objects.requireNonNull(value, "reconnect");
            return this;
        }

        /**
         * Sets the longest frame taken from the queue, in bytes. Default 1 MiB; the queue needs the same setting.
         *
         * @throws IllegalArgumentException if {@code value} is below 256
         */
        public Builder messageBytesMax(int value) {
            this.messageBytesMax = Settings.atLeast("messageBytesMax", value, 256);
            return this;
        }

        /**
         * Makes the worker live on a loop that others share; closing the worker leaves that loop open. Host names are
         * resolved on that loop, which stops meanwhile: where many share one, give addresses.
         */
        public Builder loop(EventLoop value) {
            this.loop = Objects.requireNonNull(value, "loop");
            return this;
        }

        /**
         * Sets what runs the handler; it is never shut down by the worker. It must not reject: a request that it refuses
         * goes back to the queue at once, which counts as one of its deliveries. Default as many threads of the worker's own as
         * its concurrency. {@code Runnable::run} runs the handler on the event loop, which saves two hand-offs per request
         * and stops every heartbeat of that loop while a handler runs: only for handlers that take microseconds.
         */
        public Builder executor(Executor value) {
            this.executor = Objects.requireNonNull(value, "executor");
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if the queue is not set
         */
        public PirateWorkerConfig build() {
            if (queue == null) {
                throw new IllegalArgumentException("queue must be set: null");
            }
            Settings.atLeast("liveness × heartbeat", heartbeat.multipliedBy(liveness), heartbeat);
            return new PirateWorkerConfig(new Builder(this), queue);
        }

        /**
         * Starts a worker with these settings.
         *
         * @throws IllegalArgumentException as {@link #build()} does
         */
        public PirateWorker start() {
            return PirateWorker.start(build());
        }

        /**
         * Starts a worker and waits until it has stopped. When the process is told to end (SIGTERM, Ctrl-C) the worker
         * drains first, for at most 30 s.
         *
         * @throws IllegalArgumentException as {@link #build()} does
         * @throws io.privateer.core.TransportFailedException if the worker's event loop failed
         */
        public void run() {
            start().runUntilStopped();
        }
    }
}
