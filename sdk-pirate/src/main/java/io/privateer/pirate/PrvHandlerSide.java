package io.privateer.pirate;

import io.privateer.core.ClosedException;
import io.privateer.core.Message;
import io.privateer.core.NanoClock;
import io.privateer.core.TransportFailedException;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the handlers of one PRV/1 worker say, on whatever thread, on its way to the loop's.
 *
 * <p>Outcomes of handlers that run on the loop's thread, called by the machine, wait in a plain queue until that has
 * finished; those of other threads in a concurrent one, for which the loop is woken once per burst.
 *
 * <p>Thread-safe, except what says that it belongs to the loop's thread.
 */
final class PrvHandlerSide implements PrvDelivery.Host, HandlerRunner.Outcome<PrvDelivery> {

    private static final Logger log = LoggerFactory.getLogger(PirateWorker.class);

    /** Whether the worker's machine is in the middle of something. Loop thread only. */
    boolean machineAtWork;

    private final EventLoop loop;
    private final PirateWorkerConfig config;
    private final Runnable onEndedElsewhere;
    private final Consumer<PrvDelivery> onProgress;
    private final ArrayDeque<PrvDelivery> endedHere = new ArrayDeque<>();
    private final Queue<PrvDelivery> endedElsewhere = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean woken = new AtomicBoolean();

    /**
     * Makes the handlers' side of a worker.
     *
     * @param onEndedElsewhere runs on the loop's thread when {@link #drainElsewhere} has something
     * @param onProgress hears on the loop's thread of handlers that are still at work
     */
    PrvHandlerSide(
            EventLoop loop, PirateWorkerConfig config, Runnable onEndedElsewhere, Consumer<PrvDelivery> onProgress) {
        this.loop = loop;
        this.config = config;
        this.onEndedElsewhere = onEndedElsewhere;
        this.onProgress = onProgress;
    }

    @Override
    public void ended(PrvDelivery delivery, @Nullable Message reply, @Nullable Throwable failure) {
        if (reply == null) {
            delivery.end(Status.HANDLER_FAILED, PrvReplies.textOf(failure), !delivery.isCancelled());
        } else {
            delivery.end(Status.OK, UnsafeMessages.framesOf(reply), failure != null);
        }
        if (loop.isLoopThread() && machineAtWork) {
            endedHere.add(delivery);
            return;
        }
        endedElsewhere.add(delivery);
        if (!woken.get() && woken.compareAndSet(false, true)) {
            inLoop(this::announce);
        }
    }

    private void announce() {
        woken.set(false); // Before they are taken, or the wake-up for one that ends meanwhile is lost.
        onEndedElsewhere.run();
    }

    /** Returns the next that ended while the machine was at work, or {@code null}. Loop thread only. */
    @Nullable
    PrvDelivery pollHere() {
        return endedHere.poll();
    }

    /** Shows those that ended at any other time to {@code action}. Loop thread only. */
    void drainElsewhere(Consumer<PrvDelivery> action) {
        for (PrvDelivery delivery = endedElsewhere.poll(); delivery != null; delivery = endedElsewhere.poll()) {
            action.accept(delivery);
        }
    }

    @Override
    public void progress(PrvDelivery delivery) {
        inLoop(() -> onProgress.accept(delivery));
    }

    private void inLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (ClosedException | TransportFailedException e) {
            log.debug("handler has nobody to tell, the loop has ended worker={}", config.name(), e);
        }
    }

    @Override
    public NanoClock clock() {
        return loop.clock();
    }

    @Override
    public String service() {
        return config.service();
    }

    @Override
    public void cancelActionFailed(Throwable failure) {
        log.error("onCancel action failed worker={}", config.name(), failure);
    }
}
