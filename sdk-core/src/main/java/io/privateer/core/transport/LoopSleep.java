package io.privateer.core.transport;

import io.privateer.core.NanoClock;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** How a loop waits when a whole turn found nothing to do. Not thread-safe: confine to the loop's thread. */
final class LoopSleep {

    /**
     * JeroMQ signals before it counts: a reader woken in between finds nothing until the writer runs again, which may be
     * waiting for this very processor. The shortest sleep lets it; a yield may cost the rest of a time slice.
     */
    private static final long EMPTY_WAKEUP_PAUSE_NANOS = 1_000;

    private final Selector selector;
    private final NanoClock clock;
    private final LoopTasks tasks;
    private final Consumer<SelectionKey> onReadable;
    private final long spinNanos;
    private boolean socketWokeUs;

    LoopSleep(Selector selector, NanoClock clock, LoopTasks tasks, Consumer<SelectionKey> onReadable, long spinNanos) {
        this.selector = selector;
        this.clock = clock;
        this.tasks = tasks;
        this.onReadable = onReadable;
        this.spinNanos = spinNanos;
    }

    /** Notes that there was work since the last sleep. */
    void worked() {
        socketWokeUs = false;
    }

    /** Waits for a readable socket or a task, at most {@code waitMillis}; 0 only looks. */
    void sleep(long waitMillis) throws IOException {
        if (socketWokeUs) {
            LockSupport.parkNanos(EMPTY_WAKEUP_PAUSE_NANOS);
        }
        int ready = waitMillis > 0 && spinNanos > 0 ? spin() : 0;
        if (ready == 0) {
            ready = waitMillis > 0 && tasks.isEmpty()
                    ? selector.select(onReadable, waitMillis)
                    : selector.selectNow(onReadable);
        }
        socketWokeUs = ready > 0;
    }

    /** Looks again and again: whoever spins is there at once when something comes, and has used a processor meanwhile. */
    private int spin() throws IOException {
        long endNanos = clock.nanoTime() + spinNanos;
        int ready = 0;
        while (ready == 0 && tasks.isEmpty() && clock.nanoTime() - endNanos < 0) {
            Thread.onSpinWait();
            ready = selector.selectNow(onReadable);
        }
        return ready;
    }
}
