package io.privateer.binarystar;

import io.privateer.core.Guarded;
import io.privateer.core.Randomness;
import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The checked settings of one {@link BinaryStarServer}. Immutable; made by {@link Builder}. */
public final class BinaryStarConfig {

    /** 1 s. */
    public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(1);

    /** The failover time is this many heartbeats unless it is set; so is the lease. */
    static final int FAILOVER_BEATS = 2;

    private static final Duration HEARTBEAT_MIN = Duration.ofMillis(10);
    private static final int LINKS_MAX = 4;

    /** The rates of two clocks differ by less: a thousandth. */
    private static final int DRIFT_PPM = 1_000;

    private static final long NEVER = -1;

    private final Builder from;
    private final StarSettings settings;

    private BinaryStarConfig(Builder from) {
        this.from = from;
        this.settings = new StarSettings(
                from.pair,
                from.role,
                from.mode(),
                PeerId.random(Randomness.system()),
                from.heartbeat.toNanos(),
                from.failover().toNanos(),
                from.mode() == StarMode.PAIR_WITH_WITNESS ? from.failover().toNanos() : 0,
                DRIFT_PPM,
                from.soloAfter == null ? NEVER : from.soloAfter.toNanos(),
                from.states.size(),
                from.frontend,
                from.witness == null ? "" : from.witness);
    }

    StarSettings settings() {
        return settings;
    }

    String name() {
        return from.name == null ? settings.role().name().toLowerCase(Locale.ROOT) : from.name;
    }

    List<String> states() {
        return from.states;
    }

    List<String> peerStates() {
        return from.peerStates;
    }

    @Nullable
    String witness() {
        return from.witness;
    }

    BinaryStarListener listener() {
        return from.listener;
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    /** Returns whether the other server is to know what the service does. */
    boolean replicates() {
        return from.replication;
    }

    /** Returns whether the peer runs the Guide's program, and speaks its protocol. */
    boolean hasGuidePeer() {
        return from.guidePeer;
    }

    /** Returns where the epoch is kept; a file is opened by whoever loads it. */
    EpochStore epochs() {
        return from.epochFile == null ? new VolatileEpochs() : EpochFile.at(from.epochFile, settings.role());
    }

    boolean keepsEpochs() {
        return from.epochFile != null;
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {
        private final Role role;
        private String pair = "pair";
        private @Nullable String name;
        private List<String> states = List.of();
        private List<String> peerStates = List.of();
        private @Nullable String witness;
        private boolean manual;
        private boolean guidePeer;
        private boolean replication;
        private Duration heartbeat = DEFAULT_HEARTBEAT;
        private @Nullable Duration failover;
        private @Nullable Duration soloAfter;
        private @Nullable Path epochFile;
        private String frontend = "";
        private BinaryStarListener listener = new BinaryStarListener() {};
        private @Nullable EventLoop loop;

        Builder(Role role) {
            this.role = role;
        }

        private Builder(Builder from) {
            this.role = from.role;
            this.pair = from.pair;
            this.name = from.name;
            this.states = from.states;
            this.peerStates = from.peerStates;
            this.witness = from.witness;
            this.manual = from.manual;
            this.guidePeer = from.guidePeer;
            this.replication = from.replication;
            this.heartbeat = from.heartbeat;
            this.failover = from.failover;
            this.soloAfter = from.soloAfter;
            this.epochFile = from.epochFile;
            this.frontend = from.frontend;
            this.listener = from.listener;
            this.loop = from.loop;
        }

        private StarMode mode() {
            if (manual) {
                return StarMode.MANUAL;
            }
            return witness == null ? StarMode.PAIR : StarMode.PAIR_WITH_WITNESS;
        }

        private Duration failover() {
            return failover == null ? heartbeat.multipliedBy(FAILOVER_BEATS) : failover;
        }

        /** Sets the name that logs and threads carry. Default {@code primary} or {@code backup}. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * Sets the name of the pair, by which a witness tells several apart, and a server a peer that is another pair's;
         * both servers need the same. Default {@code pair}.
         *
         * @throws IllegalArgumentException if it is empty or longer than 255 bytes of UTF-8
         */
        public Builder pair(String value) {
            int bytes = Objects.requireNonNull(value, "pair").getBytes(StandardCharsets.UTF_8).length;
            Settings.check(bytes >= 1 && bytes <= LeaseCodec.PAIR_BYTES_MAX, "pair", "1 to 255 bytes long", value);
            this.pair = value;
            return this;
        }

        /**
         * Sets where the peer finds this server, {@code tcp://host:port}. Required. Better on a network of its own, and
         * better still two on two networks: as long as one of them works, each server knows that the other is there.
         *
         * @throws IllegalArgumentException if there are more than four, or one is no such endpoint
         */
        public Builder state(String... values) {
            List<String> checked = List.of(values);
            checked.forEach(value -> Settings.bindEndpoint("state", value));
            Settings.between("state.length", checked.size(), 1, LINKS_MAX);
            this.states = checked;
            return this;
        }

        /**
         * Sets where this server finds the peer: what that has as {@link #state}, in the same order. Required.
         *
         * @throws IllegalArgumentException if there are more than four, two are the same, or one is no such endpoint
         */
        public Builder peerState(String... values) {
            List<String> checked = Settings.connectEndpoints("peerState", values);
            Settings.between("peerState.length", checked.size(), 1, LINKS_MAX);
            this.peerStates = checked;
            return this;
        }

        /**
         * Sets where the witness is, {@code tcp://host:port}, and with it {@link StarMode#PAIR_WITH_WITNESS}. Both servers
         * need the same, letter for letter, so that they can tell by it that they ask the same one. Default none.
         *
         * @throws IllegalArgumentException if it is no such endpoint, or longer than 1024 bytes of UTF-8
         */
        public Builder witness(String value) {
            this.witness = endpoint("witness", value);
            return this;
        }

        /** Leaves it to an operator who serves: {@link StarMode#MANUAL}. Both servers need the same. */
        public Builder manual() {
            this.manual = true;
            return this;
        }

        /**
         * Sets whether the other server is told what the service does, which must be a {@link io.privateer.core.Replicated}
         * one, as a queue is. Then nothing runs again after a takeover that has run, or runs, on a worker that lives, as far
         * as {@code docs/guarantees.md} says. Both servers need the same; where only one does it, nothing is replicated, and
         * both warn of that. Default off: it costs throughput, and each request waits until the other server knows it.
         */
        public Builder replication(boolean on) {
            this.replication = on;
            return this;
        }

        /**
         * Speaks the protocol of the Guide's programs in C and Python with the peer, which is one of them: PUB and SUB, and a
         * digit for the state. Such a peer knows no epochs, promises nothing and cannot be asked to hand over, so much less
         * is promised of the pair; {@code docs/guarantees.md} says what. Its heartbeat, 1 s unless somebody changed it, must
         * be this server's. Default: the peer is a server of ours.
         */
        public Builder guidePeer() {
            this.guidePeer = true;
            return this;
        }

        /**
         * Sets how often the server says that it is there; it does so twice in this time. Both servers need the same.
         * Default {@link #DEFAULT_HEARTBEAT}.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms, or no whole number of milliseconds
         */
        public Builder heartbeat(Duration value) {
            this.heartbeat = told("heartbeat", value);
            return this;
        }

        /**
         * Sets after what silence the peer counts as gone, and how long a lease lasts where there is a witness. Both
         * servers need the same. Default twice the heartbeat.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms, or no whole number of milliseconds
         */
        public Builder failover(Duration value) {
            this.failover = told("failover", value);
            return this;
        }

        /** Returns a time that others are told in milliseconds: a fraction would be known to this server alone. */
        private static Duration told(String setting, Duration value) {
            Settings.atLeast(setting, value, HEARTBEAT_MIN);
            Settings.check(value.equals(Duration.ofMillis(value.toMillis())), setting, "whole milliseconds", value);
            return value;
        }

        /**
         * Lets a backup serve although it has never heard of its primary, once so much time has passed since its start.
         * Only if you know that a primary that cannot be seen does not serve either. Default: never.
         *
         * @throws IllegalArgumentException if {@code value} is negative
         */
        public Builder soloAfter(Duration value) {
            this.soloAfter = Settings.atLeast("soloAfter", value, Duration.ZERO);
            return this;
        }

        /**
         * Sets where the epoch is kept, in a file that {@link EpochFile#create} has made. Without it a server that starts
         * anew has to learn its epoch from its peer and clients, and may use one twice if nobody is there to tell it.
         */
        public Builder epochFile(Path value) {
            this.epochFile = Objects.requireNonNull(value, "epochFile");
            return this;
        }

        /**
         * Sets where clients find the service of this server; the peer names it to those that it turns away. Default: they
         * are told nothing.
         *
         * @throws IllegalArgumentException if it is no endpoint that clients can connect to, or longer than 1024 bytes of
         *     UTF-8
         */
        public Builder clientsAt(String value) {
            this.frontend = endpoint("clientsAt", value);
            return this;
        }

        /** Returns an endpoint that fits into a state message. */
        private static String endpoint(String setting, String value) {
            Settings.connectEndpoint(setting, value);
            int bytes = value.getBytes(StandardCharsets.UTF_8).length;
            Settings.check(bytes <= StateCodec.ENDPOINT_BYTES_MAX, setting, "at most 1024 bytes long", value);
            return value;
        }

        /** Sets who hears of changes. Default nobody. */
        public Builder listener(BinaryStarListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** Makes the server live on a loop that others share; closing it leaves that loop open. */
        public Builder loop(EventLoop value) {
            this.loop = Objects.requireNonNull(value, "loop");
            return this;
        }

        /**
         * Returns the settings.
         *
         * @throws IllegalArgumentException if an endpoint is missing, the two sides have different numbers of links, the peer or
         *     the clients are to find at a state endpoint of this server what is not there, the
         *     failover time is shorter than the heartbeat, a primary is to serve solo, there are a witness and an operator, or
         *     one of them, a second link or replication with a peer that runs the Guide's program
         */
        public BinaryStarConfig build() {
            Settings.check(!states.isEmpty(), "state", "set", "null");
            Settings.check(!peerStates.isEmpty(), "peerState", "set", "null");
            Settings.check(states.size() == peerStates.size(), "peerState", "as many as state=" + states, peerStates);
            for (String own : states) {
                for (String other : peerStates) {
                    checkOther("peerState", "the peer's", own, other);
                }
                checkOther("clientsAt", "the service's", own, frontend);
                checkOther("witness", "the witness's", own, witness == null ? "" : witness);
            }
            Settings.check(
                    failover().compareTo(heartbeat) >= 0,
                    "failover",
                    ">= heartbeat=" + Settings.text(heartbeat),
                    failover());
            Settings.check(
                    witness == null || failover().compareTo(Witness.LEASE_MAX) <= 0,
                    "failover",
                    "<= " + Settings.text(Witness.LEASE_MAX) + " where there is a witness",
                    failover());
            Settings.check(soloAfter == null || role == Role.BACKUP, "soloAfter", "set only for a backup", role);
            Settings.check(
                    !manual || witness == null, "witness", "unset where the mode is manual", String.valueOf(witness));
            Settings.check(
                    !guidePeer || mode() == StarMode.PAIR,
                    "guidePeer",
                    "unset where there is a witness or the mode is manual",
                    mode());
            Settings.check(!guidePeer || states.size() == 1, "state", "one where the peer is the Guide's", states);
            Settings.check(!guidePeer || !replication, "replication", "off where the peer is the Guide's", "on");
            return new BinaryStarConfig(new Builder(this));
        }

        private static void checkOther(String setting, String whose, String own, String other) {
            Settings.check(
                    other.isEmpty() || !OwnEndpoints.isSame(own, other),
                    setting,
                    whose + " endpoint, not this server's state=" + own,
                    other);
        }

        /**
         * Starts a server that guards {@code service}; returns once its endpoints are bound.
         *
         * @throws IllegalArgumentException as {@link #build()} does, and if the service cannot be replicated and shall be
         * @throws io.privateer.core.EndpointException if an endpoint cannot be bound
         */
        public BinaryStarServer guard(Guarded service) {
            return BinaryStarServer.start(build(), service);
        }
    }
}
