package io.privateer.pirate;

import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.Message;
import io.privateer.core.OverloadedException;
import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.internal.Drainer;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import io.privateer.pirate.PirateClientConfig.OnFull;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Sends any number of requests at a time to a queue that speaks PRV/1, and sees each of them through: over lost
 * connections, restarted queues and to the next endpoint, always under the same id, so that the queue recognises what it
 * has seen.
 *
 * <p>A call ends exactly once, at its deadline at the latest: with a reply, or with a {@link PirateException} whose
 * {@code reason()} says why and whose {@code attempts()} say what went wrong on the way. Cancelling a future takes the
 * request back from the queue and its worker.
 *
 * <p>Thread-safe; meant to be shared by all threads of a process. Futures are completed on the client's event loop, and
 * what was chained to them with {@code thenApply} or {@code thenAccept} runs there: it must not block. Use
 * {@code thenApplyAsync} for everything that takes time.
 */
public final class PirateClient implements AutoCloseable {

    private final PirateClientConfig config;
    private final SocketSettings socketSettings;
    private final EventLoop loop;
    private final LoopHandle handle;
    private final ClientShell shell;
    private final CallBounds bounds;
    private final LongAdder rejected = new LongAdder();
    private volatile boolean closed;

    private PirateClient(PirateClientConfig config, LoopHandle handle, CallBounds bounds, ClientShell shell) {
        this.config = config;
        this.socketSettings = config.socketSettings();
        this.loop = handle.loop();
        this.handle = handle;
        this.bounds = bounds;
        this.shell = shell;
    }

    /**
     * Opens a client of the queues at {@code endpoints}, tried in that order, with the default settings.
     *
     * @throws IllegalArgumentException if there is none, or one is not {@code tcp://host:port}
     */
    public static PirateClient connect(String... endpoints) {
        return builder().endpoints(endpoints).open();
    }

    /** Returns settings to change. */
    public static PirateClientConfig.Builder builder() {
        return new PirateClientConfig.Builder();
    }

    /** Opens a client. The servers need not be there yet. */
    public static PirateClient open(PirateClientConfig config) {
        LoopHandle handle = LoopHandle.of(config.loop(), config.name());
        CallBounds bounds = new CallBounds(config.inFlightMax(), config.inFlightBytesMax());
        ClientShell shell = handle.make(() -> new ClientShell(handle.loop(), config, bounds));
        return new PirateClient(config, handle, bounds, shell);
    }

    /** Sends {@code text} as UTF-8 and returns the reply's first frame read as UTF-8; otherwise as the others. */
    public String request(String text) {
        return request(Message.of(text)).text();
    }

    /** Sends {@code request} with the client's options; see {@link #request(Message, CallOptions)}. */
    public Message request(Message request) {
        return request(request, config.options());
    }

    /**
     * Sends {@code request} and waits for the reply.
     *
     * @throws RequestTimeoutException if there was no reply until the deadline; the request may have been executed
     * @throws OverloadedException if too many calls are open, or the server was busy until the deadline
     * @throws io.privateer.core.RequestFailedException if the server ended the request without a reply
     * @throws io.privateer.core.CircuitOpenException if every endpoint has failed so often that none is tried now
     * @throws ClosedException if the client is closed, before or meanwhile
     * @throws InterruptedRequestException if the thread is interrupted, before or meanwhile; its flag is set again, and
     *     the request is taken back
     * @throws TransportFailedException if the client's event loop has failed; open a new client
     * @throws IllegalArgumentException if the request has a frame of more than {@code messageBytesMax} bytes, too many
     *     frames, or more than {@code inFlightBytesMax} bytes
     * @throws IllegalStateException on the client's own event loop, where it would wait for itself
     */
    public Message request(Message request, CallOptions options) {
        if (loop.isLoopThread()) {
            throw new IllegalStateException("client " + config.name() + " would wait for its own event loop");
        }
        ClientCall call = begin(request, options);
        try {
            return call.future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return endInterrupted(call);
        } catch (ExecutionException e) {
            throw failureOf(e);
        }
    }

    /** Sends {@code request} with the client's options; see {@link #requestAsync(Message, CallOptions)}. */
    public CompletableFuture<Message> requestAsync(Message request) {
        return requestAsync(request, config.options());
    }

    /**
     * Sends {@code request}. Returns at once, unless too many calls are open and the client was told to
     * {@link OnFull#BLOCK}.
     *
     * @return completes with the reply, or with what {@link #request(Message, CallOptions)} would throw, on the client's
     *     event loop; cancelling it, or completing it in any other way, takes the request back
     * @throws IllegalArgumentException if the request has a frame of more than {@code messageBytesMax} bytes, too many
     *     frames, or more than {@code inFlightBytesMax} bytes
     */
    public CompletableFuture<Message> requestAsync(Message request, CallOptions options) {
        return begin(request, options).future;
    }

    private ClientCall begin(Message request, CallOptions options) {
        Objects.requireNonNull(options, "options");
        socketSettings.check("request", UnsafeMessages.framesOf(Objects.requireNonNull(request, "request")));
        ClientCall call = new ClientCall(request, options, loop.clock().nanoTime(), shell::withdraw);
        long longest = call.frameBytesMax();
        Settings.check(
                longest <= socketSettings.messageBytesMax(),
                "request with its headers",
                "of frames of at most messageBytesMax=" + socketSettings.messageBytesMax() + " bytes",
                longest);
        bounds.check(call.bodyBytes);
        PirateException refusal = closed ? ClientErrors.closed(config) : admit(call);
        if (refusal == null) {
            shell.submit(call);
        } else {
            call.future.fail(refusal);
        }
        return call;
    }

    /** Makes room for the call, or returns why there is none. */
    private @Nullable PirateException admit(ClientCall call) {
        if (bounds.tryAcquire(call.bodyBytes)) {
            return null;
        }
        try {
            if (config.onFull() == OnFull.BLOCK
                    && !loop.isLoopThread()
                    && bounds.acquire(call.bodyBytes, call.deadlineNanos, loop.clock())) {
                return null;
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new InterruptedRequestException(
                    "client " + config.name() + " was interrupted while it waited for room", List.of());
        }
        if (closed) {
            return ClientErrors.closed(config);
        }
        rejected.increment();
        return ClientErrors.full(config, bounds, call.bodyBytes);
    }

    /** Takes the request back; a reply that has arrived meanwhile is returned all the same. */
    private Message endInterrupted(ClientCall call) {
        shell.giveUp(call, Reason.INTERRUPTED);
        try {
            return call.future.join(); // Deaf to interrupts, but the loop answers at once.
        } catch (CompletionException e) {
            throw failureOf(e);
        }
    }

    /** Throws what the loop found from here, so that the stack trace shows the caller. */
    private static RuntimeException failureOf(Exception e) {
        if (e.getCause() instanceof PirateException cause) {
            cause.fillInStackTrace();
            return cause;
        }
        return new IllegalStateException("a request ended in an unknown way", e);
    }

    /** Returns what was counted so far. */
    public PirateClientStats stats() {
        return handle.ask(() -> shell.stats(rejected.sum()));
    }

    /**
     * Takes no call any more, waits for those that are open, then closes the client.
     *
     * @param timeout how long to wait for that; calls that are open then end with {@link ClosedException}
     * @return completes with true once every call has ended, with false if the time ran out or the client was closed
     *     before; the client is closed by then
     * @throws IllegalArgumentException if {@code timeout} is negative or above 365 days; nothing has changed then
     */
    public CompletableFuture<Boolean> drain(Duration timeout) {
        Settings.atLeast("timeout", timeout, Duration.ZERO);
        closed = true;
        bounds.close();
        CompletableFuture<Boolean> drained = handle.ask(shell::drain).copy();
        return drained.completeOnTimeout(false, timeout.toNanos(), TimeUnit.NANOSECONDS)
                .thenApplyAsync(
                        finished -> {
                            close();
                            return finished;
                        },
                        Drainer.INSTANCE);
    }

    /** Closes the client; every open call ends at once with {@link ClosedException}. Closing twice is harmless. */
    @Override
    public void close() {
        closed = true;
        bounds.close();
        handle.runIfAlive(shell::close);
        handle.close();
    }
}
