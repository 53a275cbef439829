package io.privateer.pirate;

import io.privateer.core.ClosedException;
import io.privateer.core.Guard;
import io.privateer.core.Replicated;
import io.privateer.core.Replicator;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.Drainer;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.internal.UntilStopped;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A queue between clients and workers that keeps each request until it is answered: for {@link PirateClient} and
 * {@link PirateWorker}, which speak PRV/1, and for the Guide's clients and workers (chapter 4, Simple and Paranoid Pirate),
 * all on the same two ports.
 *
 * <p>Plain clients send {@code [address…][][body…]}, as any REQ or DEALER does. Workers are recognised by their first
 * message: PRV/1 by its header, Simple Pirate {@code [][0x01]}, Paranoid Pirate {@code [0x01]} (RFC 6). A worker of PRV/1
 * has as many requests as its credit says, the others one at a time; the one that was given work longest ago is next, and
 * clients take turns. A worker that dies, falls silent or holds a request longer than the lease loses it to another worker;
 * a reply that comes too late is discarded.
 *
 * <p>A PRV/1 client that repeats a request is told what became of it, as long as that is kept: see
 * {@link PirateQueueConfig.Builder#dedupe}. All of this is in memory and ends with the process.
 *
 * <p>The queue's threads are daemons: a {@code main} that only starts one ends, and the queue with it, unless it calls
 * {@link #run()}.
 *
 * <p>Thread-safe. No method blocks but {@link #run()}, and {@link #start}, {@link #stats()} and {@link #close()}, which
 * wait for the event loop.
 */
public final class PirateQueue implements Replicated, AutoCloseable {

    private final String name;
    private final LoopHandle handle;
    private final QueueShell shell;

    private PirateQueue(String name, LoopHandle handle, QueueShell shell) {
        this.name = name;
        this.handle = handle;
        this.shell = shell;
    }

    /** Returns settings for a queue that beats, and that drops workers which fall silent. */
    public static PirateQueueConfig.Builder paranoid() {
        return new PirateQueueConfig.Builder(true);
    }

    /**
     * Returns settings for a queue that neither beats unasked nor judges silence, only lost connections and leases. A
     * worker's beat is answered, so Paranoid Pirate workers feel at home.
     */
    public static PirateQueueConfig.Builder simple() {
        return new PirateQueueConfig.Builder(false);
    }

    /**
     * Starts a queue; returns once both endpoints are bound.
     *
     * @throws io.privateer.core.EndpointException if an endpoint cannot be bound
     * @throws IllegalArgumentException if the queue was told to spin on a loop that it shares, which spins as it was opened
     */
    public static PirateQueue start(PirateQueueConfig config) {
        QueueSetup setup = config.setup();
        Settings.check(
                setup.loop() == null || setup.spin().isZero(),
                "spin",
                "left out with a shared loop, which spins as it was opened to",
                setup.spin());
        LoopHandle handle = LoopHandle.of(setup.loop(), setup.name(), setup.spin());
        return new PirateQueue(setup.name(), handle, handle.make(() -> new QueueShell(handle.loop(), config)));
    }

    /** Returns where clients connect, with the real port. */
    public String frontend() {
        return shell.frontend();
    }

    /** Returns where workers connect, with the real port. */
    public String backend() {
        return shell.backend();
    }

    /** Returns what was counted and is held now; after the end, what was counted last. */
    public QueueStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Takes no request any more and finishes what is held, then closes the queue.
     *
     * @param timeout how long to wait for that; what is left then is lost to its clients, who will try again
     * @return completes with true once everything was finished, with false if the time ran out or the queue was closed
     *     before; the queue is closed by then
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days; nothing has changed then
     */
    public CompletableFuture<Boolean> drain(Duration timeout) {
        Settings.atLeast("timeout", timeout, Duration.ZERO);
        CompletableFuture<Boolean> drained = shell.drain();
        return drained.completeOnTimeout(false, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApplyAsync(
                        finished -> {
                            close();
                            return finished;
                        },
                        Drainer.INSTANCE);
    }

    /**
     * Returns what completes when the queue has ended: with true if it was drained, with false if it was closed, or its
     * event loop was; exceptionally, with {@link TransportFailedException}, if its event loop failed.
     */
    public CompletableFuture<Boolean> stopped() {
        return shell.stopped().thenApply(drained -> {
            Throwable failure = handle.loop().failure();
            if (failure != null) {
                throw new TransportFailedException("queue " + name + " has stopped", List.of(), failure);
            }
            return drained;
        });
    }

    /**
     * Waits until the queue has ended. When the process is told to end (SIGTERM, Ctrl-C) the queue drains first, for at
     * most 30 s.
     *
     * @throws TransportFailedException if the queue's event loop failed
     * @throws IllegalStateException on the queue's own event loop, where it would wait for itself
     */
    public void run() {
        if (handle.loop().isLoopThread()) {
            throw new IllegalStateException("queue " + name + " would wait for its own event loop");
        }
        try {
            UntilStopped.await(name, stopped(), this::drain);
        } finally {
            close();
        }
    }

    /**
     * {@inheritDoc}
     *
     * <p>What waits or is in flight at that moment ends for its clients as not served. Workers stay registered.
     *
     * @throws io.privateer.core.ClosedException if the queue is closed
     */
    @Override
    public void guardedBy(Guard guard) {
        Objects.requireNonNull(guard, "guard");
        handle.loop().call(() -> {
            if (stopped().isDone()) {
                throw new ClosedException("queue " + name + " has ended, it cannot be guarded", List.of());
            }
            shell.guardedBy(guard);
            return true;
        });
    }

    /** {@inheritDoc} */
    @Override
    public void activate(long epoch) {
        handle.post(() -> shell.activate(epoch));
    }

    /** {@inheritDoc} */
    @Override
    public void serveUntil(long nanoTime) {
        handle.post(() -> shell.serveUntil(nanoTime));
    }

    /** {@inheritDoc} */
    @Override
    public void standBy(long newestEpoch, String activeAddress) {
        handle.post(() -> shell.standBy(newestEpoch, activeAddress), () -> shell.standsBy(newestEpoch));
    }

    /** {@inheritDoc} */
    @Override
    public void alone(boolean isAlone) {
        handle.post(() -> shell.alone(isAlone));
    }

    /**
     * {@inheritDoc}
     *
     * <p>From here on the queue tells of the requests of PRV/1 clients, and has its PRV/1 workers keep their replies until
     * the other queue knows them. Others know no ids, by which they could be told apart.
     */
    @Override
    public void replicatedBy(Replicator replicator) {
        Objects.requireNonNull(replicator, "replicator");
        handle.runIfAlive(() -> shell.replicatedBy(replicator));
    }

    /** {@inheritDoc} */
    @Override
    public void replicate(long session) {
        handle.post(() -> shell.replicate(session));
    }

    /** {@inheritDoc} */
    @Override
    public void followed(long session, long chunks) {
        handle.post(() -> shell.followed(session, chunks));
    }

    /** {@inheritDoc} */
    @Override
    public void replicationEnded(long session) {
        handle.post(() -> shell.replicationEnded(session));
    }

    /** {@inheritDoc} */
    @Override
    public void follow() {
        handle.post(shell::forgetFollowed);
    }

    /** {@inheritDoc} */
    @Override
    public void follow(byte[] chunk) {
        handle.post(() -> shell.follow(chunk));
    }

    /** {@inheritDoc} */
    @Override
    public void followingEnded() {
        handle.post(shell::forgetFollowed);
    }

    /**
     * Lends this queue's workers to other clusters, and sends them what finds no free worker here. For a broker that knows
     * the clusters: see {@code sdk-peering}.
     *
     * @param endpoint where borrowers are to connect; port 0 takes a free one
     * @param self what lenders know this queue by; another one for each life
     * @param onTouched called on the event loop, at the end of every turn in which {@link Lending#capacity()} may have changed
     * @return to be used on the queue's event loop, as {@code onTouched} is
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     * @throws IllegalStateException if it lends already
     */
    public Lending lend(String endpoint, UUID self, Runnable onTouched) {
        return handle.make(() -> shell.lend(endpoint, PeerId.of(self), onTouched));
    }

    /** Closes the queue at once; what it holds is lost to its clients, who will try again. Closing twice is harmless. */
    @Override
    public void close() {
        handle.runIfAlive(shell::close);
        handle.close();
    }
}
