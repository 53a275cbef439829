package io.privateer.pubsub;

import io.privateer.core.InterruptedRequestException;
import io.privateer.core.Randomness;
import io.privateer.core.Settings;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives what a {@link SyncedPublisher} publishes: the messages of each topic in order, each once, and of those that will not
 * come an exact account, {@link SubscriberListener#onMissed}. It follows one publisher, through restarts of that, directly or
 * through a {@link Forwarder}; its connection for control always goes to the publisher itself.
 *
 * <p>What is received waits in a bounded inbox for {@link #receive}. Where that is full, or the oldest message too old, this
 * subscriber is too slow, and does what {@link SlowPolicy} says.
 *
 * <p>What a plain PUB publishes is dropped and counted: without numbers nothing could be promised of it.
 *
 * <p>Thread-safe; messages go to whichever thread asks first.
 */
public final class SyncedSubscriber implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SyncedSubscriber.class);

    private final SyncedSubscriberConfig config;
    private final LoopHandle handle;
    private final SubscriberShell shell;

    private SyncedSubscriber(SyncedSubscriberConfig config, LoopHandle handle) {
        this.config = config;
        this.handle = handle;
        PeerId id = PeerId.random(Randomness.system());
        this.shell = handle.make(() -> new SubscriberShell(config, handle.loop(), id));
    }

    /**
     * Returns settings for a subscriber.
     *
     * @param name by which the publisher knows it, 1 to 255 bytes of UTF-8: no two subscribers that live may have the same
     * @param data where the publisher, or a forwarder, sends data, {@code tcp://host:port}
     * @param sync where the publisher takes subscribers, {@code tcp://host:port}
     * @throws IllegalArgumentException if one is not as it must be
     */
    public static SyncedSubscriberConfig.Builder builder(String name, String data, String sync) {
        return new SyncedSubscriberConfig.Builder(name, data, sync);
    }

    static SyncedSubscriber start(SyncedSubscriberConfig config) {
        SyncedSubscriber subscriber = new SyncedSubscriber(config, LoopHandle.of(config.loop(), config.name()));
        log.info(
                "subscriber started subscriber={} data={} sync={} prefixes={}",
                config.name(),
                config.data(),
                config.sync(),
                config.prefixes());
        return subscriber;
    }

    /**
     * Returns what completes with true once what is published reaches this subscriber for the first time; exceptionally if it is
     * closed or refused before.
     */
    public CompletableFuture<Boolean> synced() {
        return shell.synced().copy();
    }

    /**
     * Waits for the next message.
     *
     * @param timeout how long at most; zero does not wait
     * @return the message, or {@code null} if none came in time
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days
     * @throws IllegalStateException on the event loop's thread, unless {@code timeout} is zero
     * @throws io.privateer.core.SlowSubscriberException once this subscriber was too slow, and was told to fail
     * @throws io.privateer.core.SubscriptionRefusedException once the publisher has not taken it
     * @throws io.privateer.core.ClosedException once it is closed, and everything that had come was received
     * @throws io.privateer.core.TransportFailedException once the event loop has failed, likewise
     * @throws InterruptedRequestException if the thread is interrupted
     */
    public @Nullable Received receive(Duration timeout) {
        long nanos = Settings.atLeast("timeout", timeout, Duration.ZERO).toNanos();
        if (nanos > 0 && handle.loop().isLoopThread()) {
            throw new IllegalStateException("nothing would come while the event loop's thread waits");
        }
        try {
            return shell.mailbox().take(nanos);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRequestException("interrupted while waiting for a message", List.of());
        }
    }

    /** Returns what was counted so far, and what waits now. */
    public SubscriberStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Says goodbye and closes. What has come can still be received; what is known to be missing is reported now. Closing twice
     * is harmless.
     */
    @Override
    public void close() {
        handle.runIfAlive(shell::close);
        handle.close();
        log.info("subscriber closed subscriber={}", config.name());
    }
}
