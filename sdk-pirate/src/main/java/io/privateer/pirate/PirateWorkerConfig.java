package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.Settings;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.Prv;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
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

    /** What workers speak unless told otherwise. */
    public static final WorkerDialect DEFAULT_DIALECT = WorkerDialect.PRV;

    /** Most deliveries that a worker may hold at once: 16384. */
    public static final int CREDIT_MAX = 16_384;

    /** Most requests that a worker may handle at once: 16384, because it holds those too. */
    public static final int CONCURRENCY_MAX = CREDIT_MAX;

    private static final int CREDIT_PER_HANDLER = 2;
    private static final int CREDIT_UNSET = 0;

    /** A reply that was sent is delivered when the worker closes, if the queue takes it within a second. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private final Builder from;
    private final List<String> queues;

    private PirateWorkerConfig(Builder from) {
        this.from = from;
        this.queues = from.queues;
    }

    WorkerHandler handler() {
        return from.handler;
    }

    String name() {
        return from.name;
    }

    List<String> queues() {
        return queues;
    }

    WorkerDialect dialect() {
        return from.dialect;
    }

    String service() {
        return from.service;
    }

    int concurrency() {
        return from.concurrency;
    }

    int credit() {
        return from.credit != CREDIT_UNSET ? from.credit : defaultCredit(from.concurrency);
    }

    private static int defaultCredit(int concurrency) {
        return (int) Math.min(CREDIT_MAX, (long) CREDIT_PER_HANDLER * concurrency);
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
        private List<String> queues = List.of();
        private WorkerDialect dialect = DEFAULT_DIALECT;
        private String service = "";
        private int concurrency = DEFAULT_CONCURRENCY;
        private int credit = CREDIT_UNSET;
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
            this.queues = from.queues;
            this.dialect = from.dialect;
            this.service = from.service;
            this.concurrency = from.concurrency;
            this.credit = from.credit;
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
            this.queues = List.of(Settings.connectEndpoint("queue", value));
            return this;
        }

        /**
         * Sets the backends of both queues of a pair, or of a single one. The worker is known to all, and works for the one
         * that serves: what one delivers that has been replaced by another is refused. Required, or {@link #queue}.
         *
         * @throws IllegalArgumentException if there is none, one twice, or one is no such endpoint
         */
        public Builder queues(String... values) {
            List<String> checked = List.of(values);
            Settings.check(!checked.isEmpty(), "queues", "at least one endpoint", checked);
            Settings.check(new HashSet<>(checked).size() == values.length, "queues", "all different", checked);
            checked.forEach(value -> Settings.connectEndpoint("queues", value));
            this.queues = checked;
            return this;
        }

        /**
         * Sets what the worker speaks with its queue. Default {@link #DEFAULT_DIALECT}; a queue of the Guide's needs
         * {@link WorkerDialect#PPP}.
         */
        public Builder dialect(WorkerDialect value) {
            this.dialect = Objects.requireNonNull(value, "dialect");
            return this;
        }

        /**
         * Sets the service that the worker offers: it gets the requests for exactly that. Default the empty name, which
         * is the service of requests that name none. Only {@link WorkerDialect#PRV} carries it.
         *
         * @throws IllegalArgumentException if {@code value} takes more than 255 bytes in UTF-8
         */
        public Builder service(String value) {
            int bytes = Objects.requireNonNull(value, "service").getBytes(StandardCharsets.UTF_8).length;
            Settings.check(
                    bytes <= Prv.SERVICE_BYTES_MAX, "service", "of at most " + Prv.SERVICE_BYTES_MAX + " bytes", value);
            this.service = value;
            return this;
        }

        /**
         * Sets how many requests are handled at once. A Paranoid Pirate takes one, so under {@link WorkerDialect#PPP} the
         * worker registers this many times. Default {@link #DEFAULT_CONCURRENCY}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1 or above {@link #CONCURRENCY_MAX}
         */
        public Builder concurrency(int value) {
            this.concurrency = Settings.between("concurrency", value, 1, CONCURRENCY_MAX);
            return this;
        }

        /**
         * Sets how many requests the worker holds at once: those being handled, and those fetched ahead so that no handler
         * waits for the network. More hides a longer way to the queue; less leaves more to other workers. At least the
         * concurrency, at most {@link #CREDIT_MAX}. Default twice the concurrency: with more, a request may wait
         * here behind those of another client while the queue would let it go first. Only under
         * {@link WorkerDialect#PRV}.
         *
         * @throws IllegalArgumentException if {@code value} is below 1 or above {@link #CREDIT_MAX}
         */
        public Builder credit(int value) {
            this.credit = Settings.between("credit", value, 1, CREDIT_MAX);
            return this;
        }

        /**
         * Sets how often the worker beats, and expects the queue to beat. Default
         * {@link PirateQueueConfig#DEFAULT_HEARTBEAT}. Under {@link WorkerDialect#PPP} the queue needs the same setting;
         * under {@link WorkerDialect#PRV} it holds until the queue says its own.
         *
         * @throws IllegalArgumentException if {@code value} is below 10 ms
         */
        public Builder heartbeat(Duration value) {
            this.heartbeat = Settings.atLeast("heartbeat", value, Duration.ofMillis(10));
            return this;
        }

        /**
         * Sets after how many heartbeats without a word the queue counts as silent, so that a worker, under
         * {@link WorkerDialect#PPP} only an idle one, replaces its socket. Default {@link PirateQueueConfig#DEFAULT_LIVENESS}.
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
            this.messageBytesMax = Settings.atLeast("messageBytesMax", value, SocketSettings.MESSAGE_BYTES_MIN);
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
         * has failed, see {@link WorkerHandler#onError}. Default as many threads of the worker's own as
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
         * @throws IllegalArgumentException if the queue is not set, the credit is below the concurrency, or a service or
         *     credit is set with {@link WorkerDialect#PPP}, which has neither
         */
        public PirateWorkerConfig build() {
            if (queues.isEmpty()) {
                throw new IllegalArgumentException("queue must be set: null");
            }
            if (dialect == WorkerDialect.PPP) {
                Settings.check(service.isEmpty(), "service", "empty with dialect PPP, which cannot name one", service);
                Settings.check(
                        credit == CREDIT_UNSET,
                        "credit",
                        "left out with dialect PPP, which takes one at a time",
                        credit);
            } else {
                int held = credit == CREDIT_UNSET ? defaultCredit(concurrency) : credit;
                Settings.check(held >= concurrency, "credit", ">= concurrency=" + concurrency, held);
            }
            Settings.atLeast("liveness × heartbeat", heartbeat.multipliedBy(liveness), heartbeat);
            return new PirateWorkerConfig(new Builder(this));
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
