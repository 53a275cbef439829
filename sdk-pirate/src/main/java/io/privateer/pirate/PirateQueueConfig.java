package io.privateer.pirate;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link PirateQueue}. Immutable; start from {@link PirateQueue#paranoid()} or {@link PirateQueue#simple()}. */
public final class PirateQueueConfig {

    /** 1 s, as in the Guide. */
    public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(1);

    /** 3 missed heartbeats, as in the Guide. */
    public static final int DEFAULT_LIVENESS = 3;

    /** 30 s: longer than most handlers run, shorter than anybody wants to wait for one that hangs. */
    public static final Duration DEFAULT_LEASE = Duration.ofSeconds(30);

    /** 200 ms: twice what libzmq waits before it reconnects. */
    public static final Duration DEFAULT_DISCONNECT_GRACE = Duration.ofMillis(200);

    /** 5 deliveries: enough to outlive crashes that have nothing to do with the request. */
    public static final int DEFAULT_DELIVERIES_MAX = 5;

    /** 10,000 requests. */
    public static final int DEFAULT_PENDING_MAX = 10_000;

    /** 64 MiB. */
    public static final long DEFAULT_PENDING_BYTES_MAX = 64L << 20;

    /** 256 MiB. */
    public static final long DEFAULT_IN_FLIGHT_BYTES_MAX = 256L << 20;

    /** 30 s: longer than a Lazy Pirate client tries with its defaults. */
    public static final Duration DEFAULT_REQUEST_TTL = Duration.ofSeconds(30);

    /** 10,000 workers. */
    public static final int DEFAULT_WORKERS_MAX = 10_000;

    /** 100,000 clients of PRV/1. */
    public static final int DEFAULT_CLIENTS_MAX = 100_000;

    /** 65,536 ends of requests. */
    public static final int DEFAULT_DEDUPE_COUNT_MAX = 65_536;

    /** 64 MiB. */
    public static final long DEFAULT_DEDUPE_BYTES_MAX = 64L << 20;

    /** 2 minutes: longer than clients try. */
    public static final Duration DEFAULT_DEDUPE_WINDOW = Duration.ofMinutes(2);

    /** 100 ms. */
    public static final Duration DEFAULT_RETRY_AFTER = Duration.ofMillis(100);

    /** Messages of PRV/1 have up to 128 KiB, so this is what a peer that does not read costs before it is parked. */
    private static final int HIGH_WATER_MARK = 64;

    /** Replies that were sent are delivered when the queue closes; nobody waits longer for a client that is stuck. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final QueueSetup setup;
    private final QueueSettings settings;

    private PirateQueueConfig(Builder from, String frontend, String backend) {
        SocketSettings socketSettings = SocketSettings.defaults()
                .withMessageBytesMax(from.messageBytesMax)
                .withHighWaterMark(HIGH_WATER_MARK)
                .withLinger(LINGER);
        this.setup = new QueueSetup(
                from.name, frontend, backend, from.listener, from.loop, from.spin, from.standby, socketSettings);
        this.settings = new QueueSettings(
                from.heartbeats,
                from.heartbeat.toNanos(),
                from.liveness,
                from.lease.toNanos(),
                from.disconnectGrace.toNanos(),
                from.deliveriesMax,
                from.pendingMax,
                from.pendingBytesMax,
                from.inFlightBytesMax,
                from.requestTtl.toNanos(),
                from.workersMax,
                from.clientsMax,
                new QueueSettings.Dedupe(from.dedupeCountMax, from.dedupeBytesMax, from.dedupeWindow.toNanos()),
                from.retryAfter.toNanos(),
                from.messageBytesMax);
    }

    /** Returns where and how the queue lives. */
    QueueSetup setup() {
        return setup;
    }

    /** Returns what its machine has to know. */
    QueueSettings settings() {
        return settings;
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {
        private final boolean heartbeats;
        private String name = "queue";
        private @Nullable String frontend;
        private @Nullable String backend;
        private Duration heartbeat = DEFAULT_HEARTBEAT;
        private int liveness = DEFAULT_LIVENESS;
        private Duration lease = DEFAULT_LEASE;
        private Duration disconnectGrace = DEFAULT_DISCONNECT_GRACE;
        private int deliveriesMax = DEFAULT_DELIVERIES_MAX;
        private int pendingMax = DEFAULT_PENDING_MAX;
        private long pendingBytesMax = DEFAULT_PENDING_BYTES_MAX;
        private long inFlightBytesMax = DEFAULT_IN_FLIGHT_BYTES_MAX;
        private Duration requestTtl = DEFAULT_REQUEST_TTL;
        private int workersMax = DEFAULT_WORKERS_MAX;
        private int clientsMax = DEFAULT_CLIENTS_MAX;
        private int messageBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        private int dedupeCountMax = DEFAULT_DEDUPE_COUNT_MAX;
        private long dedupeBytesMax = DEFAULT_DEDUPE_BYTES_MAX;
        private Duration dedupeWindow = DEFAULT_DEDUPE_WINDOW;
        private Duration retryAfter = DEFAULT_RETRY_AFTER;
        private PirateListener listener = new PirateListener() {};
        private @Nullable EventLoop loop;
        private Duration spin = Duration.ZERO;
        private boolean standby;

        Builder(boolean heartbeats) {
            this.heartbeats = heartbeats;
        }

        /** Sets the name that the queue's logs and threads carry. Default {@code queue}. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * Sets where clients connect, {@code tcp://host:port}; {@code *} as the port takes any free one. Required.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder frontend(String value) {
            this.frontend = Settings.bindEndpoint("frontend", value);
            return this;
        }

        /**
         * Sets where workers connect, {@code tcp://host:port}; {@code *} as the port takes any free one. Required.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder backend(String value) {
            this.backend = Settings.bindEndpoint("backend", value);
            return this;
        }

        /**
         * Sets how often the queue beats, and expects workers to beat. Default {@link #DEFAULT_HEARTBEAT}. Workers need
         * the same setting.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms
         */
        public Builder heartbeat(Duration value) {
            this.heartbeat = Settings.atLeast("heartbeat", value, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets after how many heartbeats without a word a worker counts as silent. Default {@link #DEFAULT_LIVENESS}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder liveness(int value) {
            this.liveness = Settings.atLeast("liveness", value, 1);
            return this;
        }

        /**
         * Sets how long a worker may hold a request before it is given to another. It is the only way to notice that a
         * handler hangs, or that a worker which cannot beat while it works has frozen; make it longer than the longest
         * job. Default {@link #DEFAULT_LEASE}.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms
         */
        public Builder lease(Duration value) {
            this.lease = Settings.atLeast("lease", value, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets how long a busy worker that chose its own routing id may take to reconnect before its request is given to
         * another. Others cannot come back under their id, so they are not waited for. Default
         * {@link #DEFAULT_DISCONNECT_GRACE}; zero waits for nobody.
         *
         * @throws IllegalArgumentException if {@code value} is negative
         */
        public Builder disconnectGrace(Duration value) {
            this.disconnectGrace = Settings.atLeast("disconnectGrace", value, Duration.ZERO);
            return this;
        }

        /**
         * Sets how many times a request is delivered before it becomes a dead letter. Default
         * {@link #DEFAULT_DELIVERIES_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder deliveriesMax(int value) {
            this.deliveriesMax = Settings.atLeast("deliveriesMax", value, 1);
            return this;
        }

        /**
         * Sets how many requests may wait for a worker. Default {@link #DEFAULT_PENDING_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder pendingMax(int value) {
            this.pendingMax = Settings.atLeast("pendingMax", value, 1);
            return this;
        }

        /**
         * Sets how many bytes of requests may wait for a worker. Default {@link #DEFAULT_PENDING_BYTES_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder pendingBytesMax(long value) {
            this.pendingBytesMax = Settings.atLeast("pendingBytesMax", value, 1);
            return this;
        }

        /**
         * Sets how many bytes of requests workers may hold together, whatever their credit; what goes beyond waits. One
         * request may be larger than that, alone. Default {@link #DEFAULT_IN_FLIGHT_BYTES_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder inFlightBytesMax(long value) {
            this.inFlightBytesMax = Settings.atLeast("inFlightBytesMax", value, 1);
            return this;
        }

        /**
         * Sets how long after its acceptance a request may still be delivered. Default {@link #DEFAULT_REQUEST_TTL}.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms
         */
        public Builder requestTtl(Duration value) {
            this.requestTtl = Settings.atLeast("requestTtl", value, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets how many workers may be registered at once. Default {@link #DEFAULT_WORKERS_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder workersMax(int value) {
            this.workersMax = Settings.atLeast("workersMax", value, 1);
            return this;
        }

        /**
         * Sets how many clients of PRV/1 are remembered at once, with or without a connection; further ones are turned
         * away until others are forgotten. Default {@link #DEFAULT_CLIENTS_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder clientsMax(int value) {
            this.clientsMax = Settings.atLeast("clientsMax", value, 1);
            return this;
        }

        /**
         * Sets the longest frame taken from a peer, in bytes; who sends a longer one is disconnected. Default 1 MiB.
         *
         * @throws IllegalArgumentException if {@code value} is below 256
         */
        public Builder messageBytesMax(int value) {
            this.messageBytesMax = Settings.atLeast("messageBytesMax", value, SocketSettings.MESSAGE_BYTES_MIN);
            return this;
        }

        /**
         * Sets how much is kept of requests of PRV/1 clients that have ended, so that the same request does not run again
         * when a client repeats it. Clients acknowledge what they have received, which frees it earlier. Defaults
         * {@link #DEFAULT_DEDUPE_COUNT_MAX}, {@link #DEFAULT_DEDUPE_BYTES_MAX}, {@link #DEFAULT_DEDUPE_WINDOW}.
         *
         * @param countMax most ends that are kept; 0 keeps none, so that repeated requests may run again
         * @param bytesMax most bytes of their replies
         * @param window how long one is kept at most
         * @throws IllegalArgumentException if {@code countMax} is negative, {@code bytesMax} below 1, or {@code window}
         *     below 10 ms
         */
        public Builder dedupe(int countMax, long bytesMax, Duration window) {
            this.dedupeCountMax = Settings.atLeast("dedupe.countMax", countMax, 0);
            this.dedupeBytesMax = Settings.atLeast("dedupe.bytesMax", bytesMax, 1);
            this.dedupeWindow = Settings.atLeast("dedupe.window", window, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets after what time a PRV/1 client that was refused is asked to try again. Default
         * {@link #DEFAULT_RETRY_AFTER}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1 ms
         */
        public Builder retryAfter(Duration value) {
            this.retryAfter = Settings.atLeast("retryAfter", value, Duration.ofMillis(1));
            return this;
        }

        /** Sets who hears of changes. Default nobody. */
        public Builder listener(PirateListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** Makes the queue live on a loop that others share; closing the queue leaves that loop open. */
        public Builder loop(EventLoop value) {
            this.loop = Objects.requireNonNull(value, "loop");
            return this;
        }

        /**
         * Makes the queue's own loop go on looking for so long before it sleeps: see {@link EventLoop#open(String,
         * Duration)}. Default zero.
         *
         * @throws IllegalArgumentException if {@code value} is negative
         */
        public Builder spin(Duration value) {
            this.spin = Settings.atLeast("spin", value, Duration.ZERO);
            return this;
        }

        /**
         * Makes the queue stand by from the start: it knows its workers and refuses its clients until {@link
         * PirateQueue#activate} is called, by whoever guards it. Default: it serves at once.
         */
        public Builder standby() {
            this.standby = true;
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if an endpoint is missing, or the grace is not shorter than the lease
         */
        public PirateQueueConfig build() {
            if (frontend == null || backend == null) {
                throw new IllegalArgumentException((frontend == null ? "frontend" : "backend") + " must be set: null");
            }
            Settings.atLeast("liveness × heartbeat", heartbeat.multipliedBy(liveness), heartbeat);
            Settings.check(
                    disconnectGrace.compareTo(lease) < 0,
                    "disconnectGrace",
                    "< lease=" + Settings.text(lease),
                    disconnectGrace);
            return new PirateQueueConfig(this, frontend, backend);
        }

        /**
         * Starts a queue with these settings; returns once both endpoints are bound.
         *
         * @throws IllegalArgumentException as {@link #build()} does
         * @throws io.privateer.core.EndpointException if an endpoint cannot be bound
         */
        public PirateQueue start() {
            return PirateQueue.start(build());
        }
    }
}
