package io.privateer.pubsub;

import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Settings of a {@link SyncedSubscriber}. Immutable; start from {@link SyncedSubscriber#builder}. */
public final class SyncedSubscriberConfig {

    /** 100,000 messages. */
    public static final int DEFAULT_INBOX_MESSAGES = 100_000;

    /** 64 MiB. */
    public static final long DEFAULT_INBOX_BYTES = 64L << 20;

    /** 10 s. */
    public static final Duration DEFAULT_AGE_MAX = Duration.ofSeconds(10);

    /** 16 MiB. */
    public static final long DEFAULT_HELD_BYTES = 16L << 20;

    /** 10 s: longer than it takes, with the defaults, to notice that a connection is dead. */
    public static final Duration DEFAULT_ANSWER_TIMEOUT = Duration.ofSeconds(10);

    /** 10,000 topics. */
    public static final int DEFAULT_TOPICS_MAX = 10_000;

    private static final Duration PROBE = Duration.ofMillis(50);
    private static final Duration LAG_WINDOW = Duration.ofMinutes(1);
    private static final Duration LINGER = Duration.ofMillis(200);
    private static final int FRAME_ROOM_BYTES = 1_024;

    private final Builder from;

    private SyncedSubscriberConfig(Builder from) {
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

    Inbox.Bounds inboxBounds() {
        return new Inbox.Bounds(from.inboxMessagesMax, from.inboxBytesMax, from.ageMax.toNanos());
    }

    SlowPolicy slowPolicy() {
        return from.slowPolicy;
    }

    LagMeter lagMeter() {
        return new LagMeter(LAG_WINDOW.toNanos());
    }

    SubscriberListener listener() {
        return from.listener;
    }

    @Nullable
    EventLoop loop() {
        return from.loop;
    }

    List<String> prefixes() {
        return List.copyOf(from.prefixes);
    }

    SubscriberMachine.Settings machineSettings(PeerId id) {
        return new SubscriberMachine.Settings(
                id,
                from.name,
                prefixes(),
                PROBE.toNanos(),
                SyncedPublisherConfig.DEFAULT_HEARTBEAT.toNanos(),
                from.liveness,
                from.replay,
                from.lastValues,
                from.topicsMax,
                new Recovery.Bounds(from.heldBytesMax, from.answerTimeout.toNanos()));
    }

    SocketSettings dataSettings() {
        return controlSettings()
                .withHighWaterMark(
                        Math.max(from.highWaterMark, from.prefixes.size() + 1)); // They are queued like messages.
    }

    /** Its queue has room for all questions of a turn however few frames of data may wait: one that is lost stops its topic. */
    SocketSettings controlSettings() {
        int bytesMax = Math.max(from.payloadBytesMax, Outgoing.FRAME_BYTES_MAX) + FRAME_ROOM_BYTES;
        return SocketSettings.defaults().withMessageBytesMax(bytesMax).withLinger(LINGER);
    }

    /** Collects the settings; not thread-safe. Each setter checks its value at once. */
    public static final class Builder {
        private final String name;
        private final String data;
        private final String sync;
        private final Set<String> prefixes = new LinkedHashSet<>();
        private boolean replay = true;
        private boolean lastValues;
        private int liveness = SyncedPublisherConfig.DEFAULT_LIVENESS;
        private int inboxMessagesMax = DEFAULT_INBOX_MESSAGES;
        private long inboxBytesMax = DEFAULT_INBOX_BYTES;
        private Duration ageMax = DEFAULT_AGE_MAX;
        private SlowPolicy slowPolicy = SlowPolicy.FAIL;
        private long heldBytesMax = DEFAULT_HELD_BYTES;
        private Duration answerTimeout = DEFAULT_ANSWER_TIMEOUT;
        private int topicsMax = DEFAULT_TOPICS_MAX;
        private int payloadBytesMax = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        private int highWaterMark = SyncedPublisherConfig.DEFAULT_HIGH_WATER_MARK;
        private SubscriberListener listener = new SubscriberListener() {};
        private @Nullable EventLoop loop;

        Builder(String name, String data, String sync) {
            Objects.requireNonNull(name, "name");
            Settings.check(!name.isEmpty(), "name", "of at least 1 character", name);
            Topics.checked("name", name);
            this.name = name;
            this.data = Settings.connectEndpoint("data", data);
            this.sync = Settings.connectEndpoint("sync", sync);
        }

        private Builder(Builder from) {
            this.name = from.name;
            this.data = from.data;
            this.sync = from.sync;
            this.prefixes.addAll(from.prefixes);
            this.replay = from.replay;
            this.lastValues = from.lastValues;
            this.liveness = from.liveness;
            this.inboxMessagesMax = from.inboxMessagesMax;
            this.inboxBytesMax = from.inboxBytesMax;
            this.ageMax = from.ageMax;
            this.slowPolicy = from.slowPolicy;
            this.heldBytesMax = from.heldBytesMax;
            this.answerTimeout = from.answerTimeout;
            this.topicsMax = from.topicsMax;
            this.payloadBytesMax = from.payloadBytesMax;
            this.highWaterMark = from.highWaterMark;
            this.listener = from.listener;
            this.loop = from.loop;
        }

        /**
         * Adds what topics may begin with; the empty text is for all. Required, at least one.
         *
         * @throws IllegalArgumentException if one is longer than 255 bytes in UTF-8 or has a NUL, or there are more than 256
         */
        public Builder subscribe(String... values) {
            for (String value : Objects.requireNonNull(values, "subscribe")) {
                Topics.checked("subscribe", Objects.requireNonNull(value, "subscribe"));
                prefixes.add(value);
            }
            Settings.between("subscribe.count", prefixes.size(), 1, Control.PREFIXES_MAX);
            return this;
        }

        /**
         * Sets whether what was lost is asked for again: messages that come meanwhile on its topic wait for the answer, so that
         * the order stays. Without it what was lost is reported at once. Default true.
         */
        public Builder replay(boolean value) {
            this.replay = value;
            return this;
        }

        /**
         * Sets whether the last message of each topic, published before this subscriber joined, is asked for. One that the
         * publisher no longer has is reported as missed. Default false.
         */
        public Builder lastValues(boolean value) {
            this.lastValues = value;
            return this;
        }

        /**
         * Sets after how many of the publisher's beats without a word a connection is given up and made anew. Default 5.
         *
         * @throws IllegalArgumentException if {@code value} is below 2 or above 1000
         */
        public Builder liveness(int value) {
            this.liveness = Settings.between("liveness", value, 2, 1_000);
            return this;
        }

        /**
         * Sets how many messages, and bytes of frames, may wait to be received. Beyond that this subscriber is too slow. Default
         * {@link #DEFAULT_INBOX_MESSAGES} and {@link #DEFAULT_INBOX_BYTES}.
         *
         * @throws IllegalArgumentException if one is below 1
         */
        public Builder inbox(int messagesMax, long bytesMax) {
            this.inboxMessagesMax = Settings.atLeast("inbox.messagesMax", messagesMax, 1);
            this.inboxBytesMax = Settings.atLeast("inbox.bytesMax", bytesMax, 1);
            return this;
        }

        /**
         * Sets how much longer than on an idle network the oldest message may be on its way, the time that it waits here
         * included. Beyond that this subscriber is too slow; that is looked at when messages come, and each heartbeat. Default
         * {@link #DEFAULT_AGE_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1 ms or above 365 days
         */
        public Builder ageMax(Duration value) {
            this.ageMax = Settings.atLeast("ageMax", value, Duration.ofMillis(1));
            return this;
        }

        /** Sets what happens when this subscriber is too slow. Default {@link SlowPolicy#FAIL}. */
        public Builder whenSlow(SlowPolicy value) {
            this.slowPolicy = Objects.requireNonNull(value, "whenSlow");
            return this;
        }

        /**
         * Sets how many bytes of frames may wait, of all topics together, for what is missing before them. Beyond that what is
         * missing is reported and not waited for. Default {@link #DEFAULT_HELD_BYTES}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder heldBytesMax(long value) {
            this.heldBytesMax = Settings.atLeast("heldBytesMax", value, 1);
            return this;
        }

        /**
         * Sets how long to wait for the publisher to send something again before it is reported as missed. Time without a
         * connection to it does not count, nor time in which something comes that was asked for, of whatever topic. It should be longer than {@code (liveness + 1) × heartbeat}, which a dead connection
         * takes to be noticed: otherwise what only was asked for in vain is reported. Default {@link #DEFAULT_ANSWER_TIMEOUT}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1 ms or above 365 days
         */
        public Builder answerTimeout(Duration value) {
            this.answerTimeout = Settings.atLeast("answerTimeout", value, Duration.ofMillis(1));
            return this;
        }

        /**
         * Sets how many topics account is kept of; frames of further ones are dropped, and what is in them
         * reported as missed. Default
         * {@link #DEFAULT_TOPICS_MAX}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1
         */
        public Builder topicsMax(int value) {
            this.topicsMax = Settings.atLeast("topicsMax", value, 1);
            return this;
        }

        /**
         * Sets the longest payload that is taken, in bytes; a publisher that sends a longer one is disconnected. Default 1 MiB.
         *
         * @throws IllegalArgumentException if {@code value} is not between 1 and 512 MiB
         */
        public Builder payloadBytesMax(int value) {
            this.payloadBytesMax = Settings.between("payloadBytesMax", value, 1, 512 << 20);
            return this;
        }

        /**
         * Sets how many frames may be queued before they are read. Default 256.
         *
         * @throws IllegalArgumentException if {@code value} is below 2
         */
        public Builder highWaterMark(int value) {
            this.highWaterMark = Settings.atLeast("highWaterMark", value, 2);
            return this;
        }

        /** Sets who hears what happens. Default nobody. */
        public Builder listener(SubscriberListener value) {
            this.listener = Objects.requireNonNull(value, "listener");
            return this;
        }

        /** Sets an event loop to share. Default one of its own. */
        public Builder loop(EventLoop value) {
            this.loop = Objects.requireNonNull(value, "loop");
            return this;
        }

        /**
         * Starts a subscriber with these settings. The publisher need not be there yet, but its host must have an address.
         *
         * @throws IllegalArgumentException if nothing is subscribed to, or {@code data} and {@code sync} are one endpoint
         * @throws io.privateer.core.EndpointException if a host has no address, or there are no descriptors left; it names the
         *     setting, {@code data} or {@code sync}
         * @throws io.privateer.core.ClosedException if the event loop to share is closed
         */
        public SyncedSubscriber start() {
            Settings.check(!prefixes.isEmpty(), "subscribe", "called with at least one prefix", prefixes);
            Endpoints.checkDiffer("sync", sync, "data", data);
            return SyncedSubscriber.start(new SyncedSubscriberConfig(new Builder(this)));
        }
    }
}
