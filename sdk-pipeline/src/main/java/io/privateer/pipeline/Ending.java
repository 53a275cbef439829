package io.privateer.pipeline;

import io.privateer.core.ClosedException;
import io.privateer.core.PirateException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.EventLoop;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Whether a ventilator, worker or sink has ended, and what those hear who want something of it afterwards. Thread-safe. */
final class Ending {

    private final EventLoop loop;
    private final String part;
    private volatile @Nullable PirateException why;

    /** @param part what its user calls it, such as {@code sink results} */
    Ending(EventLoop loop, String part) {
        this.loop = loop;
        this.part = part;
    }

    ClosedException closed() {
        return new ClosedException(part + " is closed", List.of());
    }

    /** Returns what the end of the loop is for the part: it was closed, or its loop has failed. */
    PirateException of(@Nullable Throwable loopFailure) {
        return loopFailure == null
                ? closed()
                : new TransportFailedException(part + " has failed", List.of(), loopFailure);
    }

    /** The part ends; false if it has already. Loop thread only. */
    boolean begin(PirateException cause) {
        if (why != null) {
            return false;
        }
        why = cause;
        return true;
    }

    boolean hasBegun() {
        return why != null;
    }

    /** Fails if the part has ended, with what ended it. */
    void check() {
        PirateException cause = why;
        if (cause != null) {
            throw cause;
        }
    }

    /** Asks on the loop's thread. Who comes too late hears what ended the part, not that there is no loop any more. */
    <T> T call(Supplier<T> question) {
        try {
            return loop.call(() -> {
                check();
                return question.get();
            });
        } catch (ClosedException | TransportFailedException e) {
            throw late();
        }
    }

    /** Does something on the loop's thread, soon; fails as {@link #call} does. */
    void execute(Runnable action) {
        check();
        try {
            loop.execute(action);
        } catch (ClosedException | TransportFailedException e) {
            throw late();
        }
    }

    private PirateException late() {
        PirateException cause = why;
        return cause == null ? of(loop.failure()) : cause;
    }
}
