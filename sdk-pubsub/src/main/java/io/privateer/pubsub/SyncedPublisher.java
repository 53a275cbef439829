package io.privateer.pubsub;

import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.Randomness;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.Drainer;
import io.privateer.core.internal.LoopHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes to subscribers that have confirmed that they receive, numbers what it publishes, keeps some of it for who has lost
 * something, and tells how far it is, so that a {@link SyncedSubscriber} receives everything or knows exactly what not.
 *
 * <p>It has two endpoints: one for data, a PUB to which a plain SUB in any language may connect too, and one for what
 * subscribers and publisher say to each other. Messages of all topics go out in the order in which they were published. While
 * the event loop is busy, neighbours of one topic share a frame; nothing ever waits for a frame to fill.
 *
 * <p>Thread-safe.
 */
public final class SyncedPublisher implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(SyncedPublisher.class);

    /** What the end itself may take beyond the time that it was given. */
    private static final long MARGIN_MILLIS = 2_000;

    private final SyncedPublisherConfig config;
    private final LoopHandle handle;
    private final PublisherShell shell;

    private SyncedPublisher(SyncedPublisherConfig config, LoopHandle handle) {
        this.config = config;
        this.handle = handle;
        long incarnation = Randomness.system().nextLong();
        this.shell = handle.make(() -> new PublisherShell(config, handle, incarnation));
    }

    /**
     * Returns settings for a publisher.
     *
     * @param data where subscribers connect for data, {@code tcp://host:port}; {@code *} for all interfaces or any free port
     * @param sync where they connect to introduce themselves
     * @throws IllegalArgumentException if one is no such endpoint
     */
    public static SyncedPublisherConfig.Builder builder(String data, String sync) {
        return new SyncedPublisherConfig.Builder(data, sync);
    }

    static SyncedPublisher start(SyncedPublisherConfig config) {
        SyncedPublisher publisher = new SyncedPublisher(config, LoopHandle.of(config.loop(), config.name()));
        log.info(
                "publisher started publisher={} data={} sync={}",
                config.name(),
                publisher.dataEndpoint(),
                publisher.syncEndpoint());
        return publisher;
    }

    /** Returns the endpoint for data with its real port. */
    public String dataEndpoint() {
        return shell.dataEndpoint();
    }

    /** Returns the endpoint for control with its real port. */
    public String syncEndpoint() {
        return shell.syncEndpoint();
    }

    /**
     * Waits until everybody who is expected, or the quorum, has confirmed to receive what is published, by having received
     * something, on each of its subscriptions. What is published from then on reaches them, or they know that it has not.
     *
     * @param deadline how long to wait at most
     * @return who was there by then; {@link StartOutcome#complete()} says whether that was everybody
     * @throws IllegalArgumentException if {@code deadline} is negative or above 365 days
     * @throws IllegalStateException on the event loop's thread
     * @throws InterruptedRequestException if the thread is interrupted
     * @throws ClosedException if the publisher is closed
     * @throws TransportFailedException if its event loop has failed
     */
    public StartOutcome awaitSubscribers(Duration deadline) {
        if (handle.loop().isLoopThread()) {
            throw new IllegalStateException("nobody would confirm while the event loop's thread waits");
        }
        try {
            return whenSubscribed(deadline).get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRequestException("interrupted while waiting for subscribers", List.of());
        } catch (ExecutionException e) {
            if (e.getCause() instanceof TransportFailedException failure) {
                throw failure;
            }
            throw closed();
        }
    }

    /**
     * As {@link #awaitSubscribers}, without waiting: completes exceptionally, with {@link ClosedException} or
     * {@link TransportFailedException}, if the publisher is closed or its event loop has failed.
     *
     * @throws IllegalArgumentException if {@code deadline} is negative or above 365 days
     */
    public CompletableFuture<StartOutcome> whenSubscribed(Duration deadline) {
        long nanos = Settings.atLeast("deadline", deadline, Duration.ZERO).toNanos();
        try {
            return handle.loop().call(() -> shell.await(nanos));
        } catch (ClosedException e) {
            return CompletableFuture.failedFuture(closed());
        } catch (TransportFailedException e) {
            return CompletableFuture.failedFuture(
                    new TransportFailedException("publisher " + config.name() + " has stopped", List.of(), e));
        }
    }

    private ClosedException closed() {
        return new ClosedException("publisher " + config.name() + " is closed", List.of());
    }

    /**
     * Publishes one message: hands it to the event loop, which sends it at once unless it is busy. Waits while more than
     * {@code pendingBytesMax} wait there, but never on the event loop's own thread.
     *
     * @param topic 1 to 255 bytes of UTF-8 without NUL; subscribers ask for what it begins with
     * @param payload copied before this returns
     * @return the number of the message among those of its topic, from 1
     * @throws IllegalArgumentException if {@code topic} is none, or {@code payload} longer than allowed
     * @throws io.privateer.core.OverloadedException if it would be one topic more than {@code topicsMax}
     * @throws ClosedException if the publisher is closed
     * @throws InterruptedRequestException if the thread is interrupted while it waits; the message was not published
     */
    public long publish(String topic, byte[] payload) {
        return shell.publish(Objects.requireNonNull(topic, "topic"), Objects.requireNonNull(payload, "payload"));
    }

    /** Returns what was counted so far, and what is held now. */
    public PublisherStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Publishes nothing more, tells all subscribers how far it came, answers what they still ask for, then closes.
     *
     * @param timeout how long to wait for them
     * @return completes with true once every subscriber there has left, or said that it has everything, or knows what it will not
     *     get. One that is lost meanwhile is awaited too: it may come back. With false if the time ran out; the publisher is closed
     *     by then
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days
     */
    public CompletableFuture<Boolean> drain(Duration timeout) {
        long nanos = Settings.atLeast("timeout", timeout, Duration.ZERO).toNanos();
        handle.post(() -> shell.drain(nanos));
        return shell.finished()
                .copy()
                .completeOnTimeout(false, timeout.toMillis() + MARGIN_MILLIS, TimeUnit.MILLISECONDS)
                .thenApplyAsync(
                        complete -> {
                            handle.runIfAlive(() -> shell.end(false));
                            handle.close();
                            return complete;
                        },
                        Drainer.INSTANCE);
    }

    /**
     * Drains for at most {@code closeTimeout}, then closes. Closing twice is harmless; on the event loop's own thread it does
     * not wait.
     */
    @Override
    public void close() {
        CompletableFuture<Boolean> end = drain(config.closeTimeout());
        if (!handle.loop().isLoopThread()) {
            boolean complete = end.join();
            log.info("publisher closed publisher={} complete={}", config.name(), complete);
        }
    }
}
