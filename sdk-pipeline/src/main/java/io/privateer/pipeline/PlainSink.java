package io.privateer.pipeline;

import io.privateer.core.Settings;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.transport.PubSocket;
import io.privateer.core.transport.PullSocket;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A sink as in the Guide (tasksink, tasksink2): a PULL of results, and, if asked for, a PUB by which workers are told to stop. The
 * first message of a batch is the ventilator's word that it starts.
 *
 * <p><b>Guarantees nothing</b>: it does not know what is missing. Use {@link Sink} for results that matter. Thread-safe.
 */
public final class PlainSink implements AutoCloseable {

    private static final byte[] KILL = {'K', 'I', 'L', 'L'};
    private static final SocketSettings SETTINGS = SocketSettings.defaults().withLinger(Duration.ofSeconds(1));

    private final LoopHandle handle;
    private final PullSocket results;
    private final @Nullable PubSocket control;

    /** On the loop's thread, so that nothing comes before all is there. */
    private PlainSink(LoopHandle handle, Consumer<byte[]> handler, String endpoint, @Nullable String control) {
        this.handle = handle;
        this.results =
                PullSocket.bind(handle.loop(), "endpoint", endpoint, SETTINGS, frames -> handler.accept(frames[0]));
        this.control = control == null ? null : handle.loop().bindPub("control", control, SETTINGS);
    }

    private static PlainSink open(Consumer<byte[]> handler, String endpoint, @Nullable String control) {
        Objects.requireNonNull(handler, "handler");
        Settings.bindEndpoint("endpoint", endpoint);
        if (control != null) {
            Settings.bindEndpoint("control", control);
        }
        LoopHandle handle = LoopHandle.of(null, "plain-sink");
        return handle.make(() -> new PlainSink(handle, handler, endpoint, control));
    }

    /**
     * Starts a sink that tells nobody to stop.
     *
     * @param handler takes each message, on the event loop: it must not block or throw
     * @param endpoint where ventilator and workers connect, {@code tcp://host:port}; {@code *} as the port takes any free one
     * @throws IllegalArgumentException if it is no such endpoint
     * @throws io.privateer.core.EndpointException if it cannot be bound
     */
    public static PlainSink start(Consumer<byte[]> handler, String endpoint) {
        return open(handler, endpoint, null);
    }

    /** As {@link #start(Consumer, String)}, with a PUB bound to {@code control} for {@link #killWorkers()}. */
    public static PlainSink start(Consumer<byte[]> handler, String endpoint, String control) {
        return open(handler, endpoint, Objects.requireNonNull(control, "control"));
    }

    /** Returns the bound endpoint with its real port. */
    public String endpoint() {
        return results.endpoint();
    }

    /**
     * Returns the bound endpoint of the PUB with its real port.
     *
     * @throws IllegalStateException if the sink has none
     */
    public String controlEndpoint() {
        return pub().endpoint();
    }

    /**
     * Says {@code KILL}, once, to the workers that are connected to the PUB now. It is a bare PUB, as the Guide's: a worker that
     * connects a moment later, or is just connecting again, never hears it, and nobody hears who did. Say it again until all have
     * ended, or use the word that cannot be missed, {@link Ventilator#shutdownWorkers}.
     *
     * @throws IllegalStateException if the sink has none
     */
    public void killWorkers() {
        PubSocket pub = pub();
        handle.post(() -> pub.send(KILL));
    }

    private PubSocket pub() {
        if (control == null) {
            throw new IllegalStateException("sink has no control endpoint");
        }
        return control;
    }

    /** Closes at once. */
    @Override
    public void close() {
        handle.close();
    }
}
