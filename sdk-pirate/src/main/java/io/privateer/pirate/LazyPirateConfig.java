package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link LazyPirateClient}. Immutable; start from {@link LazyPirateClient#builder()}. */
public final class LazyPirateConfig {

    /** 50 ms doubling to 1 s, with half of each wait left to chance. */
    public static final Backoff DEFAULT_BACKOFF =
            Backoff.exponential(Duration.ofMillis(50), Duration.ofSeconds(1), 0.5);

    /** 10 failures in a row. */
    public static final int DEFAULT_BREAKER_FAILURES_MAX = 10;

    /** 1 s. */
    public static final Duration DEFAULT_BREAKER_OPEN_FOR = Duration.ofSeconds(1);

    /** Each is remembered; more would never be reached. */
    private static final int BREAKER_FAILURES_LIMIT = 10_000;

    private final Builder from;

    private LazyPirateConfig(Builder from) {
        this.from = from;
    }

    String name() {
        return from.name;
    }

    List<String> endpoints() {
        return from.endpoints;
    }

    RequestOptions options() {
        return from.options;
    }

    Duration settle() {
        return from.settle;
    }

    Backoff backoff() {
        return from.backoff;
    }

    int breakerFailuresMax() {
        return from.breakerFailuresMax;
    }

    Duration breakerOpenFor() {
        return from.breakerOpenFor;
    }

    SocketSettings socketSettings() {
        return SocketSettings.defaults().withMessageBytesMax(from.messageBytesMax);
    }

    LazyPirateListener listener() {
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
        private RequestOptions options = RequestOptions.defaults();
        private Backoff backoff = DEFAULT_BACKOFF;
        private Duration settle = Duration.ZERO;
        private int breakerFailuresMax = DEFAULT_BREAKER_FAILURES_MAX;
        private Duration breakerOpenFor = DEFAULT_BREAKER_OPEN_FOR;
        private int messageBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        private LazyPirateListener listener = new LazyPirateListener() {};
        private @Nullable EventLoop loop;

        Builder() {}

        private Builder(Builder from) {
            this.name = from.name;
            this.endpoints = from.endpoints;
            this.options = from.options;
            this.backoff = from.backoff;
            this.settle = from.settle;
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
         * Sets the servers, {@code tcp://host:port}, in the order in which they are tried. At least one. The client stays
         * with the one that answers.
         *
         * @throws IllegalArgumentException if one is no such endpoint, or stands there twice
         */
        public Builder endpoints(String... values) {
            this.endpoints = Settings.connectEndpoints("endpoints", values);
            return this;
        }

        /** Sets how requests are tried that do not say it themselves. Default {@link RequestOptions#defaults()}. */
        public Builder options(RequestOptions value) {
            this.options = Objects.requireNonNull(value, "options");
            return this;
        }

        /**
         * Sets how long to wait before an endpoint that failed is tried again for the same request; one that the request
         * has not tried yet is tried at once. Default {@link #DEFAULT_BACKOFF}.
         */
        public Builder backoff(Backoff value) {
            this.backoff = Objects.requireNonNull(value, "backoff");
            return this;
        }

        /**
         * Sets how long to wait before another endpoint is asked than one that was silent. The pairs of the Guide (chapter 4,
         * Binary Star) need it: their passive server is silent too, until it has missed the other one for its failover time,
         * 2 s. A pair of ours answers at once. Default: zero.
         *
         * @throws IllegalArgumentException if {@code value} is negative
         */
        public Builder settle(Duration value) {
            this.settle = Settings.atLeast("settle", value, Duration.ZERO);
            return this;
        }

        /**
         * Sets the circuit breaker of each endpoint: after {@code failuresMax} failed attempts in a row it lets none pass
         * for {@code openFor}, then one to see. A request that finds every breaker open fails at once. Default
         * {@link #DEFAULT_BREAKER_FAILURES_MAX} and {@link #DEFAULT_BREAKER_OPEN_FOR}.
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
         * Sets the longest frame taken from a server, in bytes. Default 1 MiB.
         *
         * @throws IllegalArgumentException if {@code value} is below 256
         */
        public Builder messageBytesMax(int value) {
            this.messageBytesMax = Settings.atLeast("messageBytesMax", value, SocketSettings.MESSAGE_BYTES_MIN);
            return this;
        }

        /** Sets who hears of trouble. Default nobody. */
        public Builder listener(LazyPirateListener value) {
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
        public LazyPirateConfig build() {
            Settings.check(!endpoints.isEmpty(), "endpoints", "at least one", endpoints);
            return new LazyPirateConfig(new Builder(this));
        }

        /**
         * Opens a client with these settings. The servers need not be there yet.
         *
         * @throws IllegalArgumentException as {@link #build()} does
         */
        public LazyPirateClient open() {
            return LazyPirateClient.open(build());
        }
    }
}
