package io.privateer.peering;

import io.privateer.core.ClosedException;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.internal.UntilStopped;
import io.privateer.pirate.PirateQueue;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * A queue whose cluster lends its workers to other clusters, and borrows theirs (the Guide's chapter 3, inter-broker
 * routing). Clients and workers connect to it as to any {@link PirateQueue}; a request goes to a free worker of the
 * cluster's own first, otherwise to the cluster with the most to spare, once only, and where nobody is free to a worker that fetches
 * it ahead, the cluster's own first again. What a peer has is in flight here: a peer that dies, falls silent or leaves loses it to
 * another, or to the cluster's own workers.
 *
 * <p>Six flows, all over TCP: localfe and localbe for clients and workers; cloudfe, to which other brokers' cloudbe connect,
 * for requests; statebe, to which other brokers' statefe connect, for what each could do. Brokers find each other: it is
 * enough that each knows one, or is known by one.
 *
 * <p>Thread-safe. No method blocks but {@link #run()}, and those that wait for the event loop: {@link #start}, {@link #stats()},
 * {@link #addPeer}, {@link #cancelPeer}, {@link #removePeer} and {@link #close()}.
 */
public final class PeeringBroker implements AutoCloseable {

    private final LoopHandle handle;
    private final PirateQueue queue;
    private final BrokerShell shell;
    private final String name;

    private PeeringBroker(LoopHandle handle, String name, PirateQueue queue, BrokerShell shell) {
        this.handle = handle;
        this.name = name;
        this.queue = queue;
        this.shell = shell;
    }

    /**
     * Returns settings for the broker of the cluster {@code name}, which no other cluster may have.
     *
     * @throws IllegalArgumentException unless it is 1 to 63 letters of ASCII, digits, dots, underscores and hyphens
     */
    public static PeeringConfig.Builder builder(String name) {
        return new PeeringConfig.Builder(name);
    }

    /**
     * Starts a broker; returns once its endpoints are bound.
     *
     * @throws io.privateer.core.EndpointException if an endpoint cannot be bound
     */
    public static PeeringBroker start(PeeringConfig config) {
        LoopHandle handle = LoopHandle.of(null, config.name());
        PirateQueue queue = handle.make(() -> config.queue().loop(handle.loop()).start());
        BrokerShell shell = handle.make(() -> new BrokerShell(handle.loop(), config, queue));
        return new PeeringBroker(handle, config.name(), queue, shell);
    }

    /** Returns where the cluster's own clients connect, with the real port. */
    public String localFrontend() {
        return queue.frontend();
    }

    /** Returns where the cluster's own workers connect, with the real port. */
    public String localBackend() {
        return queue.backend();
    }

    /** Returns where other brokers send requests, as they are told. */
    public String cloud() {
        return shell.cloud();
    }

    /** Returns where other brokers hear how this one stands, as they are told. */
    public String state() {
        return shell.state();
    }

    /**
     * Returns the queue inside, for Binary Star to guard. Where it stands by, other brokers hear nothing of this one. Close the
     * broker rather than its queue.
     */
    public PirateQueue queue() {
        return queue;
    }

    /** Returns how the broker and its peers stand, and what was counted; after the end, what was counted last. */
    public PeeringStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Listens to another broker from here on, and looks for it for ever.
     *
     * @param stateEndpoints where its state is heard, that of the other server of its pair too if it has one
     * @throws IllegalArgumentException if there are none or more than two, or one is no {@code tcp://host:port}
     * @throws IllegalStateException if the broker listens at 128 endpoints, which is the most, and needs them all
     * @throws ClosedException if the broker has ended
     */
    public void addPeer(String... stateEndpoints) {
        List<String> endpoints = Settings.connectEndpoints("stateEndpoints", stateEndpoints);
        Settings.between("stateEndpoints.length", endpoints.size(), 1, 2);
        if (!handle.ask(() -> shell.addPeer(endpoints))) {
            if (stopped().isDone()) {
                throw new ClosedException("broker " + name + " is closed", List.of());
            }
            throw new IllegalStateException("no room for another peer at " + endpoints);
        }
    }

    /**
     * Takes back what {@link #addPeer} said of an endpoint at which no peer is heard, for example because it was mistyped.
     *
     * @return false, and nothing changes, if the broker was not told of it, or if a peer is heard there, which {@link #removePeer}
     *     removes
     * @throws IllegalArgumentException if it is no {@code tcp://host:port}
     */
    public boolean cancelPeer(String stateEndpoint) {
        String endpoint = Settings.connectEndpoint("stateEndpoint", stateEndpoint);
        return handle.ask(() -> shell.cancelPeer(endpoint));
    }

    /**
     * Knows a peer no more: it finishes what it has, and nothing more is sent there. It may still send requests here, until it is
     * told the same of this broker. On the word of others it does not come back; {@link #addPeer} lets it.
     *
     * @return false if there is no peer of this name
     */
    public boolean removePeer(String peerName) {
        return handle.ask(() -> shell.removePeer(peerName));
    }

    /**
     * Leaves: tells its peers, takes no request any more, finishes what it holds and what it has of others, then closes.
     *
     * @param timeout how long to wait for that; what is left then is lost to its clients, who will try again, and to its peers, who
     *     give it to others
     * @return completes with true once everything was finished, with false if the time ran out or the broker was closed before;
     *     the broker is closed by then
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days; nothing has changed then
     */
    public CompletableFuture<Boolean> drain(Duration timeout) {
        Settings.atLeast("timeout", timeout, Duration.ZERO);
        handle.runIfAlive(shell::leave);
        return queue.drain(timeout).thenApply(finished -> {
            close();
            return finished;
        });
    }

    /**
     * Returns what completes when the broker has ended: with true if it was drained, with false if it was closed;
     * exceptionally, with {@link TransportFailedException}, if its event loop failed.
     */
    public CompletableFuture<Boolean> stopped() {
        return queue.stopped();
    }

    /**
     * Waits until the broker has ended. When the process is told to end (SIGTERM, Ctrl-C) the broker drains first, for at most
     * 30 s.
     *
     * @throws TransportFailedException if the broker's event loop failed
     * @throws IllegalStateException on the broker's own event loop, where it would wait for itself
     */
    public void run() {
        if (handle.loop().isLoopThread()) {
            throw new IllegalStateException("broker " + name + " would wait for its own event loop");
        }
        try {
            UntilStopped.await(name, stopped(), this::drain);
        } finally {
            close();
        }
    }

    /** Closes the broker at once, as if it had died, but tells its peers. Closing twice is harmless. */
    @Override
    public void close() {
        handle.runIfAlive(shell::close);
        queue.close();
        handle.close();
    }
}
