package io.privateer.pirate;

import io.privateer.core.Message;
import io.privateer.core.UnsafeMessages;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A request as a handler sees it. What the client sent never changes; whether it still waits may.
 *
 * <p>Only {@link WorkerDialect#PRV} carries headers, services, delivery numbers, deadlines and cancellation; under
 * {@link WorkerDialect#PPP} each has the value that its method names. Thread-safe.
 */
public abstract sealed class Request permits PppRequest, PrvDelivery {

    private final byte[][] body;

    /** Made when first asked for; two threads may each make one, which are equal. */
    private @Nullable Message message;

    Request(byte[][] body) {
        this.body = body;
    }

    /** Returns what the client sent: one or more frames. */
    public final Message message() {
        Message made = message;
        if (made == null) {
            made = UnsafeMessages.wrap(body);
            message = made;
        }
        return made;
    }

    /** Returns a copy of the first frame, the whole body where the client sent one frame. */
    public final byte[] body() {
        return body[0].clone();
    }

    /** Returns the first frame read as UTF-8. */
    public final String text() {
        return new String(body[0], StandardCharsets.UTF_8);
    }

    /** Returns the headers that the client set, in its order; none under PPP. */
    public abstract Map<String, String> headers();

    /** Returns the value of one header, if the client set it; names are compared as they are. */
    public final Optional<String> header(String name) {
        return Optional.ofNullable(headers().get(name));
    }

    /** Returns the service that the request is for, the one that this worker offers; empty for the default service. */
    public abstract String service();

    /**
     * Returns the number of this delivery of the request, from 1. Above 1 it has been in a worker's hands before, and may
     * have been handled. Always 1 under PPP, which does not tell.
     */
    public abstract int attempt();

    /**
     * Returns how long the client goes on waiting: zero when it has ceased to, empty where it set no limit or under PPP.
     * A request whose time ran out before its handler was called is answered so without calling it.
     */
    public abstract Optional<Duration> remaining();

    /**
     * Returns whether nobody waits for the reply any more: its client cancelled it, its queue was replaced by another, or
     * this worker was closed. Never under PPP, which does not tell. A handler may stop then; what it returns is of no use.
     */
    public abstract boolean isCancelled();

    /**
     * Runs {@code action} once when {@link #isCancelled()} becomes true, at once if it is. It runs on the worker's event
     * loop, or on the calling thread, and must not block; what it throws is logged.
     */
    public abstract void onCancel(Runnable action);

    /**
     * Tells the queue that the handler is still at work, which begins the lease anew. Cheap: of several calls within 10 ms
     * one is sent. Does nothing under PPP, and when the request is no longer in this worker's hands.
     */
    public abstract void progress();

    @Override
    public String toString() {
        return "Request[" + message() + "]";
    }
}
