package io.privateer.pubsub;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link Forwarder}. Immutable; start from {@link Forwarder#builder}. */
public final class ForwarderConfig {

    /** 1,000 messages queued for, or from, one peer. */
    public static final int DEFAULT_HIGH_WATER_MARK = 1_000;

    /** 1,000 different prefixes. */
    public static final int DEFAULT_SUBSCRIPTIONS_MAX = 1_000;

    private static final Duration LINGER = Duration.ofSeconds(1);
    private static final int FRAME_ROOM_BYTES = 1_024;

    private final Builder from;

    private ForwarderConfig(Builder from) {
        this.from = from;
    }

    String name() {
        return from.name;
    }

    String frontend() {
        return from.frontend;
    }

    List<String> upstreams() {
        return from.upstreams;
    }

    String backend() {
        return from.backend;
    }

    @Nullable
    String control() {
        return from.control;
    }

    int subscriptionsMax() {
        return from.subscriptionsMax;
    }

    ForwarderListener listener() {
        return from.listener;
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    SocketSettings socketSettings() {
        return SocketSettings.defaults()
                .withMessageBytesMax(from.messageBytesMax + FRAME_ROOM_BYTES)
                .withHighWaterMark(from.highWaterMark)
                .withLinger(LINGER);
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {
        private final String backend;
        private String name = "forwarder";
        private String frontend = "";
        private List<String> upstreams = List.of();
        private @Nullable String control;
        private int messageBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        private int highWaterMark = DEFAULT_HIGH_WATER_MARK;
        private int subscriptionsMax = DEFAULT_SUBSCRIPTIONS_MAX;
        private ForwarderListener listener = new ForwarderListener() {};
        private @Nullable EventLoop loop;

        Builder(String backend) {
            this.backend = Settings.bindEndpoint("backend", backend);
        }

        private Builder(Builder from) {
            this.backend = from.backend;
            this.name = from.name;
            this.frontend = from.frontend;
            this.upstreams = from.upstreams;
            this.control = from.control;
            this.messageBytesMax = from.messageBytesMax;
            this.highWaterMark = from.highWaterMark;
            this.subscriptionsMax = from.subscriptionsMax;
            this.listener = from.listener;
            this.loop = from.loop;
        }

        /** Sets the name that logs and threads carry. Default {@code forwarder}. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * Sets where publishers connect. This, or {@link #upstream}, or both are required.
         *
         * @throws IllegalArgumentException if it is no endpoint to bind
         */
        public Builder frontend(String value) {
            this.frontend = Settings.bindEndpoint("frontend", value);
            return this;
        }

        /**
         * Sets the publishers to connect to, that of a {@link SyncedPublisher}'s data for example. They need not be there yet.
         *
         * @throws IllegalArgumentException if one is no endpoint to connect to, or there twice
         */
        public Builder upstream(String... values) {
            this.upstreams = Settings.connectEndpoints("upstream", values);
            return this;
        }

        /**
         * Sets where commands are taken, from a REQ or DEALER socket: {@code PAUSE}, {@code RESUME}, {@code TERMINATE} and
         * {@code STATISTICS}. Whoever can connect there can stop the forwarder: bind it to a loopback address. Default nowhere.
         *
         * @throws IllegalArgumentException if it is no endpoint to bind
         */
        public Builder control(String value) {
            this.control = Settings.bindEndpoint("control", value);
            return this;
        }

        /**
         * Sets the longest frame, in bytes; a publisher that sends a longer one is disconnected. Default 1 MiB, and always some
         * more for what a {@link SyncedPublisher} puts before its payloads.
         *
         * @throws IllegalArgumentException if {@code value} is not between 256 and 512 MiB
         */
        public Builder messageBytesMax(int value) {
            this.messageBytesMax =
                    Settings.between("messageBytesMax", value, SocketSettings.MESSAGE_BYTES_MIN, 512 << 20);
            return this;
        }

        /**
         * Sets how many messages may be queued for one subscriber, and from one publisher. Default
         * {@link #DEFAULT_HIGH_WATER_MARK}.
         *
         * @throws IllegalArgumentException if {@code value} is below 2
         */
        public Builder highWaterMark(int value) {
            this.highWaterMark = Settings.atLeast("highWaterMark", value, 2);
            return this;
        }

        /**
         * Sets how many different prefixes may be subscribed to. They are queued like messages when a publisher comes, so they
         * cannot be more than those. Default {@link #DEFAULT_SUBSCRIPTIONS_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder subscriptionsMax(int value) {
            this.subscriptionsMax = Settings.atLeast("subscriptionsMax", value, 1);
            return this;
        }

        /** Sets who hears what happens. Default nobody. */
        public Builder listener(ForwarderListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** Sets an event loop to share. Default one of its own. */
        public Builder loop(EventLoop value) {
            this.loop = Objects.requireNonNull(value, "loop");
            return this;
        }

        /**
         * Starts a forwarder with these settings.
         *
         * @throws IllegalArgumentException if there is neither a frontend nor an upstream, if {@code subscriptionsMax} is above
         *     {@code highWaterMark}, or if two endpoints are one: a forwarder must not hear what it says
         * @throws io.privateer.core.EndpointException if an endpoint cannot be bound, or the host of an upstream has no address; it
         *     names the setting
         * @throws io.privateer.core.ClosedException if the event loop to share is closed
         */
        public Forwarder start() {
            Settings.check(!frontend.isEmpty() || !upstreams.isEmpty(), "frontend", "given, or upstream", "neither is");
            Settings.check(
                    subscriptionsMax <= highWaterMark,
                    "subscriptionsMax",
                    "<= highWaterMark=" + highWaterMark,
                    subscriptionsMax);
            checkEndpoints();
            return Forwarder.start(new ForwarderConfig(new Builder(this)));
        }

        private void checkEndpoints() {
            for (String each : upstreams) {
                Endpoints.checkDiffer("upstream", each, "backend", backend);
            }
            if (!frontend.isEmpty()) {
                Endpoints.checkDiffer("frontend", frontend, "backend", backend);
                for (String each : upstreams) {
                    Endpoints.checkDiffer("upstream", each, "frontend", frontend);
                }
            }
            String commands = control;
            if (commands != null) {
                Endpoints.checkDiffer("control", commands, "backend", backend);
                if (!frontend.isEmpty()) {
                    Endpoints.checkDiffer("control", commands, "frontend", frontend);
                }
            }
        }
    }
}
