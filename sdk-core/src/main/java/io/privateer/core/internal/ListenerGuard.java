package io.privateer.core.internal;

import io.privateer.core.ClosedException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.EventLoop;
import java.util.function.Consumer;
import org.slf4j.Logger;

/**
 * Keeps a user's listener away from the machines: it is called as a task of its own, so that it may close the component
 * that calls it, and whatever it throws is counted and logged once. Not thread-safe: confine to the loop's thread.
 */
public final class ListenerGuard<L> {

    private final EventLoop loop;
    private final Logger log;
    private final String name;
    private final L listener;
    private long failures;

    public ListenerGuard(EventLoop loop, Logger log, String name, L listener) {
        this.loop = loop;
        this.log = log;
        this.name = name;
        this.listener = listener;
    }

    public void tell(Consumer<L> event) {
        try {
            loop.execute(() -> tellNow(event));
        } catch (ClosedException | TransportFailedException e) {
            tellNow(event); // The loop has ended; nothing is in the middle of anything any more.
        }
    }

    private void tellNow(Consumer<L> event) {
        try {
            event.accept(listener);
        } catch (Throwable e) { // An Error of the listener too must not end everybody else on the loop.
            failures++;
            if (failures == 1) {
                log.warn("listener failed of={} (counted, not logged again)", name, e);
            }
        }
    }

    public long failures() {
        return failures;
    }
}
