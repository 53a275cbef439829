package io.privateer.pirate;

import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.internal.LoopHandle;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Sends a request and waits for its reply; when none comes in time it closes the socket, opens a new one, to the next
 * endpoint if there are several, and sends again (Guide, chapter 4, Lazy Pirate).
 *
 * <p>On the wire it is a REQ socket, {@code [][body…]}, so it works with any REP or ROUTER server. A server may execute
 * a request more than once, because a retry cannot be told from a new request.
 *
 * <p>Thread-safe; one request at a time, others wait their turn. {@link #request} blocks, until the reply or until the
 * options' bounds are spent; {@link #close()} and interrupts end that wait at once.
 */
public final class LazyPirateClient implements AutoCloseable {

    private final LazyPirateConfig config;
    private final LoopHandle handle;
    private final LazyPirateShell shell;
    private final ReentrantLock turn = new ReentrantLock(true);
    private volatile boolean closed;

    private LazyPirateClient(LazyPirateConfig config, LoopHandle handle, LazyPirateShell shell) {
        this.config = config;
        this.handle = handle;
        this.shell = shell;
    }

    /**
     * Opens a client of the servers at {@code endpoints}, tried in that order, with the default settings.
     *
     * @throws IllegalArgumentException if there is none, or one is not {@code tcp://host:port}
     */
    public static LazyPirateClient connect(String... endpoints) {
        return builder().endpoints(endpoints).open();
    }

    /** Returns settings to change. */
    public static LazyPirateConfig.Builder builder() {
        return new LazyPirateConfig.Builder();
    }

    /** Opens a client. The servers need not be there yet. */
    public static LazyPirateClient open(LazyPirateConfig config) {
        LoopHandle handle = LoopHandle.of(config.loop(), config.name());
        return new LazyPirateClient(config, handle, handle.make(() -> new LazyPirateShell(handle.loop(), config)));
    }

    /** Sends {@code text} as UTF-8 and returns the reply's first frame read as UTF-8; otherwise as the others. */
    public String request(String text) {
        return request(Message.of(text)).text();
    }

    /** Sends {@code request} with the client's options; see {@link #request(Message, RequestOptions)}. */
    public Message request(Message request) {
        return request(request, config.options());
    }

    /**
     * Sends {@code request} and waits for the reply.
     *
     * @throws RequestTimeoutException if no attempt was answered; the request may have been executed
     * @throws io.privateer.core.CircuitOpenException if every endpoint has failed so often that none is tried now
     * @throws ClosedException if the client is closed, before or meanwhile
     * @throws InterruptedRequestException if the thread is interrupted, before or meanwhile; its flag is set again
     * @throws TransportFailedException if the client's event loop has failed; open a new client
     * @throws IllegalArgumentException if the request has a frame of more than {@code messageBytesMax} bytes, or too many
     *     frames: no server with the same settings would take it
     * @throws IllegalStateException on the client's own event loop, where it would wait for itself
     */
    public Message request(Message request, RequestOptions options) {
        Objects.requireNonNull(options, "options");
        config.socketSettings().check("request", UnsafeMessages.framesOf(Objects.requireNonNull(request, "request")));
        if (handle.loop().isLoopThread()) {
            throw new IllegalStateException("client " + config.name() + " would wait for its own event loop");
        }
        long startNanos = nowNanos();
        long deadlineNanos = options.deadline().map(Duration::toNanos).orElse(Long.MAX_VALUE);
        try {
            if (!turn.tryLock(deadlineNanos, TimeUnit.NANOSECONDS)) {
                throw new RequestTimeoutException(
                        "client " + config.name() + " was busy until the deadline", List.of());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRequestException(
                    "client " + config.name() + " was interrupted while it waited for its turn", List.of());
        }
        try {
            long leftNanos = deadlineNanos - (nowNanos() - startNanos);
            return exchange(request, options, leftNanos);
        } finally {
            turn.unlock();
        }
    }

    private Message exchange(Message request, RequestOptions options, long leftNanos) {
        if (closed) {
            throw new ClosedException("client " + config.name() + " is closed", List.of());
        }
        CompletableFuture<Message> outcome = new CompletableFuture<>();
        handle.loop().execute(() -> shell.submit(request, options, leftNanos, outcome));
        try {
            return outcome.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return endInterrupted(outcome);
        } catch (ExecutionException e) {
            throw failureOf(e);
        }
    }

    /** Takes the request back; a reply that has arrived meanwhile is returned all the same. */
    private Message endInterrupted(CompletableFuture<Message> outcome) {
        try {
            handle.loop().execute(() -> shell.giveUp(outcome));
        } catch (ClosedException | TransportFailedException e) {
            // The end of the loop has ended the request.
        }
        try {
            return outcome.join(); // Deaf to interrupts, but the loop answers at once.
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
    public ClientStats stats() {
        return handle.ask(shell::stats);
    }

    private long nowNanos() {
        return handle.loop().clock().nanoTime();
    }

    /** Closes the client; a call that waits ends at once with {@link ClosedException}. Closing twice is harmless. */
    @Override
    public void close() {
        closed = true;
        handle.runIfAlive(shell::close);
        handle.close();
    }
}
