package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link PirateClient}. Immutable; start from {@link PirateClient#builder()}. */
public final class PirateClientConfig {

    /** 50 ms doubling to 1 s, with half of each wait left to chance. */
    public static final Backoff DEFAULT_BACKOFF = LazyPirateConfig.DEFAULT_BACKOFF;

    /** 3 missed heartbeats, as in the Guide. */
    public static final int DEFAULT_LIVENESS = 3;

    /** 2 s. */
    public static final Duration DEFAULT_WELCOME_TIMEOUT = Duration.ofSeconds(2);

    /** 10,000 calls. */
    public static final int DEFAULT_IN_FLIGHT_MAX = 10_000;

    /** 64 MiB. */
    public static final long DEFAULT_IN_FLIGHT_BYTES_MAX = 64L << 20;

    /** One retry for ten requests. */
    public static final double DEFAULT_RETRY_BUDGET = 0.1;

    /** 10 failed connections in a row. */
    public static final int DEFAULT_BREAKER_FAILURES_MAX = 10;

    /** 1 s. */
    public static final Duration DEFAULT_BREAKER_OPEN_FOR = Duration.ofSeconds(1);

    /** What a request takes in a frame besides service, headers and body, rounded up. */
    static final int RECORD_BYTES = 64;

    private static final int BREAKER_FAILURES_LIMIT = 10_000;

    /** A goodbye is worth that; nobody waits longer for a server that is gone. */
    private static final Duration LINGER = Duration.ofMillis(100);

    private final Builder from;

    private PirateClientConfig(Builder from) {
        this.from = from;
    }

    /** What becomes of a call when too many are open. */
    public enum OnFull {
        /** It ends at once, with {@link io.privateer.core.OverloadedException}. */
        REJECT,
        /** Its caller waits for room, until the call's deadline; a caller on the client's own loop is rejected. */
        BLOCK
    }

    String name() {
        return from.name;
    }

    List<String> endpoints() {
        return from.endpoints;
    }

    CallOptions options() {
        return from.options;
    }

    int liveness() {
        return from.liveness;
    }

    Duration welcomeTimeout() {
        return from.welcomeTimeout;
    }

    Backoff backoff() {
        return from.backoff;
    }

    double retryBudget() {
        return from.retryBudget;
    }

    int inFlightMax() {
        return from.inFlightMax;
    }

    long inFlightBytesMax() {
        return from.inFlightBytesMax;
    }

    OnFull onFull() {
        return from.onFull;
    }

    int breakerFailuresMax() {
        return from.breakerFailuresMax;
    }

    Duration breakerOpenFor() {
        return from.breakerOpenFor;
    }

    SocketSettings socketSettings() {
        return SocketSettings.defaults()
                .withMessageBytesMax(from.messageBytesMax)
                .withLinger(LINGER);
    }

    PirateClientListener listener() {
        return from.listener;
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {
        private String name = "client";
        private List<String> endpoints = List.of();
        private CallOptions options = CallOptions.defaults();
        private int liveness = DEFAULT_LIVENESS;
        private Duration welcomeTimeout = DEFAULT_WELCOME_TIMEOUT;
        private Backoff backoff = DEFAULT_BACKOFF;
        private double retryBudget = DEFAULT_RETRY_BUDGET;
        private int inFlightMax = DEFAULT_IN_FLIGHT_MAX;
        private long inFlightBytesMax = DEFAULT_IN_FLIGHT_BYTES_MAX;
        private OnFull onFull = OnFull.REJECT;
        private int breakerFailuresMax = DEFAULT_BREAKER_FAILURES_MAX;
        private Duration breakerOpenFor = DEFAULT_BREAKER_OPEN_FOR;
        private int messageBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        private PirateClientListener listener = new PirateClientListener() {};
        private @Nullable EventLoop loop;

        Builder() {}

        private Builder(Builder from) {
            this.name = from.name;
            this.endpoints = from.endpoints;
            this.options = from.options;
            this.liveness = from.liveness;
            this.welcomeTimeout = from.welcomeTimeout;
            this.backoff = from.backoff;
            this.retryBudget = from.retryBudget;
            this.inFlightMax = from.inFlightMax;
            this.inFlightBytesMax = from.inFlightBytesMax;
            this.onFull = from.onFull;
            this.breakerFailuresMax = from.breakerFailuresMax;
            this.breakerOpenFor = from.breakerOpenFor;
            this.messageBytesMax = from.messageBytesMax;
            this.listener = from.listener;
            this.loop = from.loop;
        }

        /** Sets the name that the client's logs and threads carry. Default {@code client}. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * Sets the queues, {@code tcp://host:port}, in the order in which they are tried. At least one. The client stays
         * with the one that works.
         *
         * @throws IllegalArgumentException if one is no such endpoint, or stands there twice
         */
        public Builder endpoints(String... values) {
            this.endpoints = Settings.connectEndpoints("endpoints", values);
            return this;
        }

        /** Sets how requests are tried that do not say it themselves. Default {@link CallOptions#defaults()}. */
        public Builder options(CallOptions value) {
            this.options = Objects.requireNonNull(value, "options");
            return this;
        }

        /**
         * Sets after how many missed heartbeats a server counts as gone. How often it beats, it says itself. Default
         * {@link #DEFAULT_LIVENESS}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder liveness(int value) {
            this.liveness = Settings.atLeast("liveness", value, 1);
            return this;
        }

        /**
         * Sets how long a new connection may take until the server has answered, before the next endpoint is tried.
         * Default {@link #DEFAULT_WELCOME_TIMEOUT}.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms
         */
        public Builder welcomeTimeout(Duration value) {
            this.welcomeTimeout = Settings.atLeast("welcomeTimeout", value, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets how long to wait before a request is sent again to a server that did not answer or was busy, unless the
         * server asks for more, and before a server that failed is connected to again. Default {@link #DEFAULT_BACKOFF}.
         */
        public Builder backoff(Backoff value) {
            this.backoff = Objects.requireNonNull(value, "backoff");
            return this;
        }

        /**
         * Sets how many times requests may be sent again, all together, per request made. The first ten are free, and
         * paid for by the first requests. A call that may not be sent again yet is not given up: it waits for later
         * requests to pay, for a late reply, or for its deadline. When a connection was replaced, open calls go out again
         * on credit. Default {@link #DEFAULT_RETRY_BUDGET}; 0 is no retries.
         *
         * @throws IllegalArgumentException if {@code value} is not between 0 and 10
         */
        public Builder retryBudget(double value) {
            this.retryBudget = Settings.between("retryBudget", value, 0, 10);
            return this;
        }

        /**
         * Sets how many calls may be open at a time. Default {@link #DEFAULT_IN_FLIGHT_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is not between 1 and 4,194,304
         */
        public Builder inFlightMax(int value) {
            this.inFlightMax = Settings.between("inFlightMax", value, 1, CallBounds.COUNT_LIMIT);
            return this;
        }

        /**
         * Sets how many bytes the open requests may have together, and so a single one. Default
         * {@link #DEFAULT_IN_FLIGHT_BYTES_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is not between 256 and 256 GiB
         */
        public Builder inFlightBytesMax(long value) {
            this.inFlightBytesMax = Settings.between("inFlightBytesMax", value, 256, CallBounds.BYTES_LIMIT);
            return this;
        }

        /** Sets what becomes of a call when too many are open. Default {@link OnFull#REJECT}. */
        public Builder onFull(OnFull value) {
            this.onFull = Objects.requireNonNull(value, "onFull");
            return this;
        }

        /**
         * Sets the circuit breaker of each endpoint: after {@code failuresMax} connections in a row to which the server
         * did not answer it lets none pass for {@code openFor}, then one to see. A request that finds every breaker open
         * fails at once. Slow answers do not count. Default {@link #DEFAULT_BREAKER_FAILURES_MAX} and
         * {@link #DEFAULT_BREAKER_OPEN_FOR}.
         *
         * @throws IllegalArgumentException if {@code failuresMax} is not between 1 and 10,000, or {@code openFor} below 1 ms
         */
        public Builder circuitBreaker(int failuresMax, Duration openFor) {
            this.breakerFailuresMax =
                    Settings.between("circuitBreaker.failuresMax", failuresMax, 1, BREAKER_FAILURES_LIMIT);
            this.breakerOpenFor = Settings.atLeast("circuitBreaker.openFor", openFor, Duration.ofMillis(1));
            return this;
        }

        /**
         * Sets the longest frame taken from a server or sent to one, in bytes. Default 1 MiB.
         *
         * @throws IllegalArgumentException if {@code value} is below 256
         */
        public Builder messageBytesMax(int value) {
            this.messageBytesMax = Settings.atLeast("messageBytesMax", value, SocketSettings.MESSAGE_BYTES_MIN);
            return this;
        }

        /** Sets who hears of trouble. Default nobody. */
        public Builder listener(PirateClientListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Makes the client live on a loop that others share; closing the client leaves that loop open. Host names are
         * resolved on that loop, which stops meanwhile: where many share one, give addresses.
         */
        public Builder loop(EventLoop value) {
            this.loop = Objects.requireNonNull(value, "loop");
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if there is no endpoint
         */
        public PirateClientConfig build() {
            Settings.check(!endpoints.isEmpty(), "endpoints", "at least one", endpoints);
            return new PirateClientConfig(new Builder(this));
        }

        /**
         * Opens a client with these settings. The servers need not be there yet.
         *
         * @throws IllegalArgumentException as {@link #build()} does
         */
        public PirateClient open() {
            return PirateClient.open(build());
        }
    }
}
