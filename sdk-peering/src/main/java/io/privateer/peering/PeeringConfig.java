package io.privateer.peering;

import io.privateer.core.Settings;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateQueueConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link PeeringBroker}. Immutable; start from {@link PeeringBroker#builder}. */
public final class PeeringConfig {

    /** 1 s: all that a broker knows is said at least that often. */
    public static final Duration DEFAULT_STATE_INTERVAL = Duration.ofSeconds(1);

    /** 20 ms: what changes is said at most 50 times a second. */
    public static final Duration DEFAULT_STATE_MIN_INTERVAL = Duration.ofMillis(20);

    /** 3 s: so long counts what a peer has said of its workers. */
    public static final Duration DEFAULT_CAPACITY_TTL = Duration.ofSeconds(3);

    /** 3 s without a word, and a peer is evasive. */
    public static final Duration DEFAULT_EVASIVE_AFTER = Duration.ofSeconds(3);

    /** 10 s without a word, and what a peer has is taken back, if the lost connection has not brought that about before. */
    public static final Duration DEFAULT_SILENT_AFTER = Duration.ofSeconds(10);

    /** 30 s without a word, and a peer is forgotten. */
    public static final Duration DEFAULT_EXPIRE_AFTER = Duration.ofSeconds(30);

    private static final Duration MILLI = Duration.ofMillis(1);

    private static final int PEERS_MAX = 64;

    private static final String LONGEST_PORT = ":65535";

    /** A broker speaks this many times where everything is said once. */
    private static final int BEATS = 4;

    private final String name;
    private final String cloud;
    private final String state;
    private final @Nullable String advertisedHost;
    private final @Nullable Partner partner;
    private final List<String> peers;
    private final PirateQueueConfig.Builder queue;
    private final Times times;
    private final PeeringListener listener;

    private record Partner(String cloud, String state) {}

    private record Times(
            Duration stateMinInterval,
            Duration stateInterval,
            Duration capacityTtl,
            Duration evasiveAfter,
            Duration silentAfter,
            Duration expireAfter) {}

    private PeeringConfig(Builder from, String name, String cloud, String state, PirateQueueConfig.Builder queue) {
        this.name = name;
        this.cloud = cloud;
        this.state = state;
        this.advertisedHost = from.advertisedHost;
        this.partner = from.partner;
        this.peers = from.peers;
        this.queue = queue;
        this.times = new Times(
                from.stateMinInterval,
                from.stateInterval,
                from.capacityTtl,
                from.evasiveAfter,
                from.silentAfter,
                from.expireAfter);
        this.listener = from.listener;
    }

    String name() {
        return name;
    }

    String cloud() {
        return cloud;
    }

    String state() {
        return state;
    }

    List<String> peers() {
        return peers;
    }

    /** Returns the settings of the queue inside, which wants a loop yet. */
    PirateQueueConfig.Builder queue() {
        return queue;
    }

    PeeringListener listener() {
        return listener;
    }

    /** Returns what the membership has to know once the cloud endpoint is bound. */
    PeeringSettings settings(String boundCloud) {
        List<String> stateEndpoints = new ArrayList<>(List.of(advertised(state)));
        List<String> cloudEndpoints = new ArrayList<>(List.of(advertised(boundCloud)));
        if (partner != null) {
            stateEndpoints.add(partner.state);
            cloudEndpoints.add(partner.cloud);
        }
        return new PeeringSettings(
                name,
                stateEndpoints,
                cloudEndpoints,
                times.stateMinInterval.toNanos(),
                times.stateInterval.toNanos(),
                times.capacityTtl.toNanos(),
                times.evasiveAfter.toNanos(),
                times.silentAfter.toNanos(),
                times.expireAfter.toNanos());
    }

    private String advertised(String endpoint) {
        return advertised(advertisedHost, endpoint);
    }

    private static String advertised(@Nullable String host, String endpoint) {
        return host == null ? endpoint : "tcp://" + host + endpoint.substring(endpoint.lastIndexOf(':'));
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {

        private final String name;
        private @Nullable String localFrontend;
        private @Nullable String localBackend;
        private @Nullable String cloud;
        private @Nullable String state;
        private @Nullable String advertisedHost;
        private @Nullable Partner partner;
        private List<String> peers = List.of();
        private UnaryOperator<PirateQueueConfig.Builder> queueSettings = UnaryOperator.identity();
        private Duration stateMinInterval = DEFAULT_STATE_MIN_INTERVAL;
        private Duration stateInterval = DEFAULT_STATE_INTERVAL;
        private Duration capacityTtl = DEFAULT_CAPACITY_TTL;
        private Duration evasiveAfter = DEFAULT_EVASIVE_AFTER;
        private Duration silentAfter = DEFAULT_SILENT_AFTER;
        private Duration expireAfter = DEFAULT_EXPIRE_AFTER;
        private PeeringListener listener = new PeeringListener() {};

        Builder(String name) {
            Settings.check(Names.isName(name), "name", "1 to 63 of A-Z a-z 0-9 . _ -", name);
            this.name = name;
        }

        /**
         * Sets localfe: where the cluster's own clients connect, {@code tcp://host:port}; {@code *} as the port takes any free
         * one. Required.
         *
         * @throws IllegalArgumentException if it is no such endpoint
         */
        public Builder localFrontend(String value) {
            this.localFrontend = Settings.bindEndpoint("localFrontend", value);
            return this;
        }

        /**
         * Sets localbe: where the cluster's own workers connect. Required.
         *
         * @throws IllegalArgumentException if it is no {@code tcp://host:port}
         */
        public Builder localBackend(String value) {
            this.localBackend = Settings.bindEndpoint("localBackend", value);
            return this;
        }

        /**
         * Sets cloudfe: where other brokers send requests, which their cloudbe connects to. Required.
         *
         * @throws IllegalArgumentException if it is no {@code tcp://host:port}
         */
        public Builder cloud(String value) {
            this.cloud = Settings.bindEndpoint("cloud", value);
            return this;
        }

        /**
         * Sets statebe: where other brokers hear how this one stands, which their statefe connects to. Required.
         *
         * @throws IllegalArgumentException if it is no {@code tcp://host:port}
         */
        public Builder state(String value) {
            this.state = Settings.bindEndpoint("state", value);
            return this;
        }

        /**
         * Sets the host by which other brokers reach {@code cloud} and {@code state}; the ports stay. Default: the hosts that
         * those name, so it is required where one is bound to all interfaces.
         *
         * @throws IllegalArgumentException if it is no host
         */
        public Builder advertisedHost(String value) {
            Settings.check(
                    Names.isEndpoint("tcp://" + value + LONGEST_PORT),
                    "advertisedHost",
                    "a host, without a port, of visible ASCII that leaves an endpoint at most "
                            + Names.ENDPOINT_BYTES_MAX + " bytes",
                    value);
            this.advertisedHost = value;
            return this;
        }

        /**
         * Names the other server of the pair, where Binary Star guards this broker's queue: other brokers then know both. Both
         * have the same {@code name}. Default: there is none.
         *
         * @param cloudEndpoint its cloud, as others reach it
         * @param stateEndpoint its state, as others reach it
         * @throws IllegalArgumentException if one is no {@code tcp://host:port} of visible ASCII and at most 255 bytes
         */
        public Builder partner(String cloudEndpoint, String stateEndpoint) {
            this.partner = new Partner(
                    sayable("partner.cloudEndpoint", Settings.connectEndpoint("partner.cloudEndpoint", cloudEndpoint)),
                    sayable("partner.stateEndpoint", Settings.connectEndpoint("partner.stateEndpoint", stateEndpoint)));
            return this;
        }

        /**
         * Names brokers to begin with, by where their state is heard; one is enough, for brokers introduce each other. Default
         * none: others may name this one.
         *
         * @throws IllegalArgumentException if one is no {@code tcp://host:port}, two are the same, or there are more than 64
         */
        public Builder peers(String... stateEndpoints) {
            List<String> checked = Settings.connectEndpoints("peers", stateEndpoints);
            Settings.check(checked.size() <= PEERS_MAX, "peers", "at most " + PEERS_MAX, checked.size());
            this.peers = checked;
            return this;
        }

        /**
         * Sets what the queue inside goes by, from {@link PirateQueue#paranoid()} on: its lease, its bounds, its listener. Name,
         * endpoints and loop are the broker's to set.
         */
        public Builder queue(UnaryOperator<PirateQueueConfig.Builder> value) {
            this.queueSettings = Objects.requireNonNull(value, "queue");
            return this;
        }

        /**
         * Sets how often everything is said that is known, and how often what has changed may be said. Defaults {@link
         * #DEFAULT_STATE_INTERVAL}, {@link #DEFAULT_STATE_MIN_INTERVAL}.
         *
         * @throws IllegalArgumentException if {@code atMost} is below 1 ms, or {@code atLeast} below four times that
         */
        public Builder stateEvery(Duration atMost, Duration atLeast) {
            this.stateMinInterval = Settings.atLeast("stateEvery.atMost", atMost, MILLI);
            this.stateInterval = Settings.atLeast("stateEvery.atLeast", atLeast, atMost.multipliedBy(BEATS));
            return this;
        }

        /**
         * Sets for how long what a peer has said of its workers counts. Default {@link #DEFAULT_CAPACITY_TTL}.
         *
         * @throws IllegalArgumentException if it is below 10 ms
         */
        public Builder capacityTtl(Duration value) {
            this.capacityTtl = Settings.atLeast("capacityTtl", value, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets after which silence a peer counts as evasive, as silent, and as gone. Defaults {@link #DEFAULT_EVASIVE_AFTER},
         * {@link #DEFAULT_SILENT_AFTER}, {@link #DEFAULT_EXPIRE_AFTER}.
         *
         * @throws IllegalArgumentException if one is below 10 ms, or not longer than the one before
         */
        public Builder silence(Duration evasive, Duration silent, Duration expire) {
            this.evasiveAfter = Settings.atLeast("silence.evasive", evasive, Duration.ofMillis(10));
            this.silentAfter = Settings.atLeast("silence.silent", silent, evasive.plus(MILLI));
            this.expireAfter = Settings.atLeast("silence.expire", expire, silent.plus(MILLI));
            return this;
        }

        /** Sets who hears of peers. Default nobody. */
        public Builder listener(PeeringListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if an endpoint is missing; if {@code cloud} or {@code state} is bound to all interfaces
         *     and no host is advertised, or what is advertised is not of visible ASCII and at most 255 bytes; if the broker is
         *     named as its own peer or partner; or if what a peer says would be out of date before it is said again
         */
        public PeeringConfig build() {
            String frontend = required("localFrontend", localFrontend);
            String backend = required("localBackend", localBackend);
            String boundCloud = required("cloud", cloud);
            String boundState = required("state", state);
            checkAdvertised("cloud", boundCloud);
            checkAdvertised("state", boundState);
            Settings.check(
                    advertisedHost == null || !boundState.endsWith(":*"),
                    "state",
                    "bound to a port of your choice where advertisedHost is set",
                    boundState);
            Settings.check(!peers.contains(boundState), "peers", "without the broker's own state endpoint", peers);
            if (partner != null) {
                checkPartner("partner.cloudEndpoint", partner.cloud, boundCloud);
                checkPartner("partner.stateEndpoint", partner.state, boundState);
            }
            Settings.atLeast("capacityTtl", capacityTtl, stateInterval);
            Settings.atLeast("silence.evasive", evasiveAfter, stateInterval);
            PirateQueueConfig.Builder queue = queueSettings.apply(PirateQueue.paranoid());
            queue.name(name).frontend(frontend).backend(backend);
            return new PeeringConfig(this, name, boundCloud, boundState, queue);
        }

        private void checkAdvertised(String setting, String bound) {
            Settings.check(
                    advertisedHost != null || !isAllInterfaces(bound),
                    setting,
                    "bound to one interface, or advertisedHost set",
                    bound);
            sayable(setting, advertised(advertisedHost, bound));
        }

        /** Two equal endpoints make a message that every peer drops. */
        private void checkPartner(String setting, String endpoint, String own) {
            Settings.check(
                    !endpoint.equals(own) && !endpoint.equals(advertised(advertisedHost, own)),
                    setting,
                    "that of another server than this one",
                    endpoint);
        }

        /** Checks that a message can say {@code endpoint}, whose port may be {@code *} yet. */
        private static String sayable(String setting, String endpoint) {
            Settings.check(
                    Names.isEndpoint(endpoint.replaceFirst(":\\*$", LONGEST_PORT)),
                    setting,
                    "of visible ASCII and at most " + Names.ENDPOINT_BYTES_MAX + " bytes",
                    endpoint);
            return endpoint;
        }

        private static String required(String setting, @Nullable String value) {
            if (value == null) {
                throw new IllegalArgumentException(setting + " must be set: null");
            }
            return value;
        }

        private static boolean isAllInterfaces(String endpoint) {
            return endpoint.startsWith("tcp://*:")
                    || endpoint.startsWith("tcp://0.0.0.0:")
                    || endpoint.contains("[::]");
        }

        /**
         * Starts a broker with these settings; returns once its endpoints are bound.
         *
         * @throws IllegalArgumentException as {@link #build()} does
         * @throws io.privateer.core.EndpointException if an endpoint cannot be bound
         */
        public PeeringBroker start() {
            return PeeringBroker.start(build());
        }
    }
}
