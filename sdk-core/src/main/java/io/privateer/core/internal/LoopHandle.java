package io.privateer.core.internal;

import io.privateer.core.ClosedException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The event loop that a component lives on: its own, which ends with it, or one that it shares. Thread-safe. */
public final class LoopHandle {

    private final EventLoop loop;
    private final boolean owned;

    private LoopHandle(EventLoop loop, boolean owned) {
        this.loop = loop;
        this.owned = owned;
    }

    /** Returns a handle of {@code shared}, or of a new loop where that is {@code null}. */
    public static LoopHandle of(@Nullable EventLoop shared, String name) {
        return of(shared, name, Duration.ZERO);
    }

    /** As {@link #of(EventLoop, String)}; a new loop spins for so long before it sleeps. */
    public static LoopHandle of(@Nullable EventLoop shared, String name, Duration spin) {
        return shared != null ? new LoopHandle(shared, false) : new LoopHandle(EventLoop.open(name, spin), true);
    }

    public EventLoop loop() {
        return loop;
    }

    /** Makes something on the loop's thread; if that fails, a loop of its own is closed again. */
    public <T> T make(Supplier<T> maker) {
        try {
            return loop.call(maker);
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /** Asks on the loop's thread, or on this one once the loop has ended and nobody else touches what is asked. */
    public <T> T ask(Supplier<T> question) {
        try {
            return loop.call(question);
        } catch (ClosedException | TransportFailedException e) {
            return question.get();
        }
    }

    /** Runs {@code action} on the loop's thread and waits for it; does nothing once the loop has ended. */
    public void runIfAlive(Runnable action) {
        try {
            loop.call(() -> {
                action.run();
                return true;
            });
        } catch (ClosedException | TransportFailedException e) {
            // The end of the loop has done the same for every member.
        }
    }

    /** Runs {@code action} on the loop's thread, at once if this is that; does nothing once the loop has ended. */
    public void post(Runnable action) {
        post(action, () -> {}); // The end of the loop has told every member.
    }

    /** As {@link #post(Runnable)}, but runs {@code otherwise} here and now once the loop has ended. */
    public void post(Runnable action, Runnable otherwise) {
        if (loop.isLoopThread()) {
            action.run();
            return;
        }
        try {
            loop.execute(action);
        } catch (ClosedException | TransportFailedException e) {
            otherwise.run();
        }
    }

    /** Closes the loop unless it is shared. */
    public void close() {
        if (owned) {
            loop.close();
        }
    }
}
