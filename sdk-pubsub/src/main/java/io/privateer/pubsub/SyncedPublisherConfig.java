package io.privateer.pubsub;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link SyncedPublisher}. Immutable; start from {@link SyncedPublisher#builder}. */
public final class SyncedPublisherConfig {

    /** 1 s. */
    public static final Duration DEFAULT_HEARTBEAT = Duration.ofSeconds(1);

    /** 5 beats. */
    public static final int DEFAULT_LIVENESS = 5;

    /** 100 ms. */
    public static final Duration DEFAULT_PATIENCE = Duration.ofMillis(100);

    /** 2 s. */
    public static final Duration DEFAULT_CLOSE_TIMEOUT = Duration.ofSeconds(2);

    /** 100,000 messages. */
    public static final int DEFAULT_HISTORY_MESSAGES = 100_000;

    /** 32 MiB. */
    public static final long DEFAULT_HISTORY_BYTES = 32L << 20;

    /** 16 MiB. */
    public static final long DEFAULT_PENDING_BYTES = 16L << 20;

    /** 10,000 topics. */
    public static final int DEFAULT_TOPICS_MAX = 10_000;

    /** 256 frames, each of up to 32 KiB or one message. */
    public static final int DEFAULT_HIGH_WATER_MARK = 256;

    private static final int SUBSCRIBERS_MAX = 10_000;
    private static final int SUBSCRIPTIONS_MAX = 10_000;
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Builder from;

    private SyncedPublisherConfig(Builder from) {
        this.from = from;
    }

    String name() {
        return from.name;
    }

    String data() {
        return from.data;
    }

    String sync() {
        return from.sync;
    }

    long patienceNanos() {
        return from.patience.toNanos();
    }

    Duration closeTimeout() {
        return from.closeTimeout;
    }

    long pendingBytesMax() {
        return from.pendingBytesMax;
    }

    int topicsMax() {
        return from.topicsMax;
    }

    int payloadBytesMax() {
        return from.payloadBytesMax;
    }

    int messagesPerFrameMax() {
        return from.messagesPerFrameMax;
    }

    int subscriptionsMax() {
        return from.subscriptionsMax;
    }

    PublisherListener listener() {
        return from.listener;
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    PublisherMachine.Settings machineSettings() {
        History.Bounds history = new History.Bounds(
                from.historyMessagesMax, from.historyBytesMax, from.lastValuesMax, from.lastValueBytesMax);
        return new PublisherMachine.Settings(
                Set.copyOf(from.expected),
                from.quorum,
                from.heartbeat.toNanos(),
                from.liveness,
                from.subscribersMax,
                history);
    }

    SocketSettings dataSettings() {
        return SocketSettings.defaults().withHighWaterMark(from.highWaterMark).withLinger(LINGER);
    }

    /** Its queue has room for all that a subscriber asks for at once, see {@link Recovery#QUESTIONS_MAX}. */
    static SocketSettings syncSettings() {
        return SocketSettings.defaults().withHighWaterMark(512).withLinger(LINGER);
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {
        private final String data;
        private final String sync;
        private String name = "publisher";
        private final Set<String> expected = new TreeSet<>();
        private int quorum;
        private Duration heartbeat = DEFAULT_HEARTBEAT;
        private int liveness = DEFAULT_LIVENESS;
        private Duration patience = DEFAULT_PATIENCE;
        private Duration closeTimeout = DEFAULT_CLOSE_TIMEOUT;
        private int historyMessagesMax = DEFAULT_HISTORY_MESSAGES;
        private long historyBytesMax = DEFAULT_HISTORY_BYTES;
        private int lastValuesMax;
        private long lastValueBytesMax;
        private long pendingBytesMax = DEFAULT_PENDING_BYTES;
        private int topicsMax = DEFAULT_TOPICS_MAX;
        private int payloadBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        private int messagesPerFrameMax = Integer.MAX_VALUE;
        private int subscribersMax = SUBSCRIBERS_MAX;
        private int subscriptionsMax = SUBSCRIPTIONS_MAX;
        private int highWaterMark = DEFAULT_HIGH_WATER_MARK;
        private PublisherListener listener = new PublisherListener() {};
        private @Nullable EventLoop loop;

        Builder(String data, String sync) {
            this.data = Settings.bindEndpoint("data", data);
            this.sync = Settings.bindEndpoint("sync", sync);
        }

        private Builder(Builder from) {
            this.data = from.data;
            this.sync = from.sync;
            this.name = from.name;
            this.expected.addAll(from.expected);
            this.quorum = from.quorum;
            this.heartbeat = from.heartbeat;
            this.liveness = from.liveness;
            this.patience = from.patience;
            this.closeTimeout = from.closeTimeout;
            this.historyMessagesMax = from.historyMessagesMax;
            this.historyBytesMax = from.historyBytesMax;
            this.lastValuesMax = from.lastValuesMax;
            this.lastValueBytesMax = from.lastValueBytesMax;
            this.pendingBytesMax = from.pendingBytesMax;
            this.topicsMax = from.topicsMax;
            this.payloadBytesMax = from.payloadBytesMax;
            this.messagesPerFrameMax = from.messagesPerFrameMax;
            this.subscribersMax = from.subscribersMax;
            this.subscriptionsMax = from.subscriptionsMax;
            this.highWaterMark = from.highWaterMark;
            this.listener = from.listener;
            this.loop = from.loop;
        }

        /** Sets the name that logs and threads carry. Default {@code publisher}. */
        public Builder name(String value) {
            this.name = Objects.requireNonNull(value, "name");
            return this;
        }

        /**
         * Adds names of subscribers that {@link SyncedPublisher#awaitSubscribers} waits for.
         *
         * @throws IllegalArgumentException if a name is empty, longer than 255 bytes in UTF-8 or has a NUL
         */
        public Builder expect(String... names) {
            for (String value : Objects.requireNonNull(names, "expect")) {
                Objects.requireNonNull(value, "expect");
                Settings.check(!value.isEmpty(), "expect", "of at least 1 character", value);
                Topics.checked("expect", value);
                expected.add(value);
            }
            return this;
        }

        /**
         * Sets how many subscribers {@link SyncedPublisher#awaitSubscribers} waits for: of those expected where names are given,
         * and of any otherwise. Default: all that are expected.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder expectQuorum(int value) {
            this.quorum = Settings.atLeast("expectQuorum", value, 1);
            return this;
        }

        /**
         * Sets how often subscribers are told how far the topics are, which is also how soon the loss of a last message is
         * noticed. Subscribers beat as often. Default {@link #DEFAULT_HEARTBEAT}.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms or above 1 min
         */
        public Builder heartbeat(Duration value) {
            Settings.atLeast("heartbeat", value, Duration.ofMillis(10));
            Settings.check(value.compareTo(Duration.ofMinutes(1)) <= 0, "heartbeat", "<= 1 min", value);
            this.heartbeat = value;
            return this;
        }

        /**
         * Sets after how many beats without a word a subscriber is given up. Default {@link #DEFAULT_LIVENESS}.
         *
         * @throws IllegalArgumentException if {@code value} is below 2 or above 1000
         */
        public Builder liveness(int value) {
            this.liveness = Settings.between("liveness", value, 2, 1_000);
            return this;
        }

        /**
         * Sets how long the publisher waits, with everybody, for a subscriber whose queue is full, before it goes on without
         * it; what is lost to that subscriber then it notices, and may ask for again. Once for each half of a queue, so that a
         * subscriber that reads slowly slows everybody down by this much; zero never waits. Default {@link #DEFAULT_PATIENCE}.
         *
         * @throws IllegalArgumentException if {@code value} is negative or above 1 min
         */
        public Builder patience(Duration value) {
            Settings.atLeast("patience", value, Duration.ZERO);
            Settings.check(value.compareTo(Duration.ofMinutes(1)) <= 0, "patience", "<= 1 min", value);
            this.patience = value;
            return this;
        }

        /**
         * Sets how long {@link SyncedPublisher#close} waits until all subscribers have what was published. Default
         * {@link #DEFAULT_CLOSE_TIMEOUT}.
         *
         * @throws IllegalArgumentException if {@code value} is negative or above 365 days
         */
        public Builder closeTimeout(Duration value) {
            this.closeTimeout = Settings.atLeast("closeTimeout", value, Duration.ZERO);
            return this;
        }

        /**
         * Sets how much is kept for subscribers that have lost something: messages and bytes of frames, of all topics together.
         * Zero keeps nothing. Default {@link #DEFAULT_HISTORY_MESSAGES} and {@link #DEFAULT_HISTORY_BYTES}.
         *
         * @throws IllegalArgumentException if one is negative
         */
        public Builder history(int messagesMax, long bytesMax) {
            this.historyMessagesMax = Settings.atLeast("history.messagesMax", messagesMax, 0);
            this.historyBytesMax = Settings.atLeast("history.bytesMax", bytesMax, 0);
            return this;
        }

        /**
         * Keeps the last message of so many topics for late joiners, also when their history is gone. Default none.
         *
         * @throws IllegalArgumentException if one is below 1
         */
        public Builder lastValues(int topicsMax, long bytesMax) {
            this.lastValuesMax = Settings.atLeast("lastValues.topicsMax", topicsMax, 1);
            this.lastValueBytesMax = Settings.atLeast("lastValues.bytesMax", bytesMax, 1);
            return this;
        }

        /**
         * Sets how many bytes may wait for the event loop; {@link SyncedPublisher#publish} waits while there are more. Up
         * to 256 frames that are about to be sent, or wait for a subscriber with room, come on top. Default {@link #DEFAULT_PENDING_BYTES}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder pendingBytesMax(long value) {
            this.pendingBytesMax = Settings.atLeast("pendingBytesMax", value, 1);
            return this;
        }

        /**
         * Sets how many topics there may be. Each takes some hundred bytes for as long as the publisher lives. Default
         * {@link #DEFAULT_TOPICS_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is not between 1 and 1,000,000
         */
        public Builder topicsMax(int value) {
            this.topicsMax = Settings.between("topicsMax", value, 1, 1_000_000);
            return this;
        }

        /**
         * Sets the longest payload, in bytes. Default 1 MiB; subscribers must be told when it is more.
         *
         * @throws IllegalArgumentException if {@code value} is not between 1 and 512 MiB
         */
        public Builder payloadBytesMax(int value) {
            this.payloadBytesMax = Settings.between("payloadBytesMax", value, 1, 512 << 20);
            return this;
        }

        /**
         * Sets how many messages of one topic may share a frame while the event loop is busy, up to 32 KiB. 1 is for plain
         * subscribers that shall find one payload in each frame. Default as many as fit.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder messagesPerFrameMax(int value) {
            this.messagesPerFrameMax = Settings.atLeast("messagesPerFrameMax", value, 1);
            return this;
        }

        /**
         * Sets how many subscribers there may be. Default 10,000.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder subscribersMax(int value) {
            this.subscribersMax = Settings.atLeast("subscribersMax", value, 1);
            return this;
        }

        /**
         * Sets how many different prefixes may be subscribed to, by whomever. Where there are more, all connections for data
         * are ended; honest subscribers come back. Default 10,000.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder subscriptionsMax(int value) {
            this.subscriptionsMax = Settings.atLeast("subscriptionsMax", value, 1);
            return this;
        }

        /**
         * Sets how many frames may be queued for one subscriber. Default {@link #DEFAULT_HIGH_WATER_MARK}.
         *
         * @throws IllegalArgumentException if {@code value} is below 2
         */
        public Builder highWaterMark(int value) {
            this.highWaterMark = Settings.atLeast("highWaterMark", value, 2);
            return this;
        }

        /** Sets who hears what happens. Default nobody. */
        public Builder listener(PublisherListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** Sets an event loop to share. Default one of its own. */
        public Builder loop(EventLoop value) {
            this.loop = Objects.requireNonNull(value, "loop");
            return this;
        }

        /**
         * Starts a publisher with these settings.
         *
         * @throws IllegalArgumentException if the quorum is more than are expected, or {@code data} and {@code sync} are one endpoint
         * @throws io.privateer.core.EndpointException if an endpoint cannot be bound; it names the setting
         * @throws io.privateer.core.ClosedException if the event loop to share is closed
         */
        public SyncedPublisher start() {
            Settings.check(
                    expected.isEmpty() || quorum <= expected.size(),
                    "expectQuorum",
                    "at most the number of names in expect=" + expected,
                    quorum);
            Endpoints.checkDiffer("sync", sync, "data", data);
            return SyncedPublisher.start(new SyncedPublisherConfig(new Builder(this)));
        }
    }
}
