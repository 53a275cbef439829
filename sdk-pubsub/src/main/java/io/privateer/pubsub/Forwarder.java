package io.privateer.pubsub;

import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.LoopHandle;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Passes on what publishers publish, XSUB to XPUB, unchanged: of a {@link SyncedPublisher} or of any PUB, to a
 * {@link SyncedSubscriber} or to any SUB. What somebody subscribes to is asked for upstream, once; what nobody wants any more is
 * not. Where a subscriber has no room, a message is lost to it and counted; a {@link SyncedSubscriber} notices, and asks the
 * publisher for it.
 *
 * <p>Paused it takes no messages. They wait in the queue from each publisher, in the network's buffers and in the publisher's
 * queue towards here; when all those are full, the publisher drops them, which cannot be counted here. Subscriptions go on.
 *
 * <p>Thread-safe.
 */
public final class Forwarder implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);

    private final ForwarderConfig config;
    private final LoopHandle handle;
    private final ForwarderShell shell;

    /** What a forwarder does. */
    public enum State {
        /** Messages are passed on. */
        RUNNING,
        /** They are left where they are. */
        PAUSED,
        /** It is over. */
        STOPPED
    }

    private Forwarder(ForwarderConfig config, LoopHandle handle) {
        this.config = config;
        this.handle = handle;
        this.shell = handle.make(() -> new ForwarderShell(config, handle.loop()));
    }

    /**
     * Returns settings for a forwarder.
     *
     * @param backend where subscribers connect, {@code tcp://host:port}; {@code *} for all interfaces or any free port
     * @throws IllegalArgumentException if it is no such endpoint
     */
    public static ForwarderConfig.Builder builder(String backend) {
        return new ForwarderConfig.Builder(backend);
    }

    static Forwarder start(ForwarderConfig config) {
        Forwarder forwarder = new Forwarder(config, LoopHandle.of(config.loop(), config.name()));
        log.info(
                "forwarder started forwarder={} frontend={} upstream={} backend={}",
                config.name(),
                forwarder.frontendEndpoint(),
                config.upstreams(),
                forwarder.backendEndpoint());
        return forwarder;
    }

    /** Returns where publishers connect, with the real port; empty if they do not. */
    public String frontendEndpoint() {
        return shell.frontendEndpoint();
    }

    /** Returns where subscribers connect, with the real port. */
    public String backendEndpoint() {
        return shell.backendEndpoint();
    }

    /** Returns where commands are taken, with the real port; empty if they are not. */
    public String controlEndpoint() {
        return shell.controlEndpoint();
    }

    /** Takes no message from now on. Does nothing unless it is running. */
    public void pause() {
        handle.runIfAlive(() -> shell.machine().pause());
    }

    /** Takes messages again. Does nothing unless it is paused. */
    public void resume() {
        handle.runIfAlive(() -> shell.machine().resume());
    }

    /**
     * Returns what completes with true when it has stopped, by a command for example; exceptionally, with
     * {@link TransportFailedException}, if its event loop failed.
     */
    public CompletableFuture<Boolean> stopped() {
        return shell.stopped().handle((done, failure) -> {
            if (failure != null) {
                throw new TransportFailedException("forwarder " + config.name() + " has stopped", List.of(), failure);
            }
            return done;
        });
    }

    /** Returns what was counted so far. */
    public ForwarderStats stats() {
        return handle.ask(shell::stats);
    }

    /** Stops: what was taken from publishers is passed on for at most a second. Closing twice is harmless. */
    @Override
    public void close() {
        handle.runIfAlive(shell::end);
        handle.close();
        log.info("forwarder closed forwarder={}", config.name());
    }
}
