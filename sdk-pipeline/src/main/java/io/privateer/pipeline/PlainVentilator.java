package io.privateer.pipeline;

import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.PirateException;
import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.transport.PushSocket;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * A ventilator as in the Guide (taskvent): a PUSH that workers connect to, each message of one frame to one of them, and a word to
 * the sink when a batch starts.
 *
 * <p><b>Guarantees nothing</b>: a task is lost with the worker it was pushed to, and nobody notices. Use {@link Ventilator} for
 * tasks that matter. Thread-safe.
 */
public final class PlainVentilator implements AutoCloseable {

    /** What the Guide's ventilator says to its sink. */
    private static final byte[] START = {'0'};

    private static final int WAITING_MAX = 1_000;
    private static final long LOOK_MILLIS = 100;
    private static final SocketSettings SETTINGS = SocketSettings.defaults().withLinger(Duration.ofSeconds(1));

    final LoopHandle handle;
    private final BlockingQueue<byte[]> waiting = new ArrayBlockingQueue<>(WAITING_MAX);
    private final AtomicBoolean woken = new AtomicBoolean();
    private final PushSocket workers;
    private final PushSocket sink;
    private final AtomicReference<@Nullable PirateException> end = new AtomicReference<>();

    /** On the loop's thread, so that nothing happens before all is there. */
    private PlainVentilator(LoopHandle handle, String endpoint, String sink) {
        this.handle = handle;
        this.workers = PushSocket.bind(handle.loop(), "endpoint", endpoint, SETTINGS, this::push);
        this.sink = PushSocket.connect(handle.loop(), "sink", sink, SETTINGS, () -> {});
        handle.loop().join(this::onLoopStopped);
    }

    /**
     * Starts one.
     *
     * @param endpoint where workers connect, {@code tcp://host:port}; {@code *} as the port takes any free one
     * @param sink the sink's PULL
     * @throws IllegalArgumentException if one is no such endpoint, or both are the same
     * @throws io.privateer.core.EndpointException if the endpoint cannot be bound
     */
    public static PlainVentilator start(String endpoint, String sink) {
        Settings.bindEndpoint("endpoint", endpoint);
        Settings.connectEndpoint("sink", sink);
        PipelineBuilder.checkApart("endpoint", endpoint, "sink", sink);
        LoopHandle handle = LoopHandle.of(null, "plain-ventilator");
        return handle.make(() -> new PlainVentilator(handle, endpoint, sink));
    }

    /** Returns the bound endpoint with its real port. */
    public String endpoint() {
        return workers.endpoint();
    }

    /** Tells the sink that a batch starts, by {@code "0"} as the Guide does. The sink may not be there: it may be lost. */
    public void startBatch() {
        handle.post(() -> sink.send(START));
    }

    /**
     * Pushes a task; waits while none of the workers takes any, and none but a thousand wait.
     *
     * @param task do not change it afterwards
     * @throws ClosedException if the ventilator is closed
     * @throws TransportFailedException if its loop has failed
     * @throws InterruptedRequestException if the thread is interrupted while it waits
     */
    public void send(byte[] task) {
        Objects.requireNonNull(task, "task");
        try {
            boolean taken = false;
            while (!taken) {
                PirateException why = end.get();
                if (why != null) {
                    throw why;
                }
                taken = waiting.offer(task, LOOK_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRequestException("interrupted while no worker took a task", List.of());
        }
        if (woken.compareAndSet(false, true)) {
            handle.post(this::push);
        }
    }

    /** Returns how many tasks no worker has taken yet. */
    public int waiting() {
        return waiting.size();
    }

    private void push() {
        woken.set(false);
        byte[] task = waiting.peek();
        while (task != null && workers.send(task)) {
            waiting.remove();
            task = waiting.peek();
        }
    }

    /** Closes at once: what no worker has taken is lost, what was pushed has a second to leave. */
    @Override
    public void close() {
        end.compareAndSet(null, new ClosedException("plain ventilator is closed", List.of()));
        handle.close();
    }

    private void onLoopStopped(@Nullable Throwable failure) {
        if (failure != null) {
            end.compareAndSet(null, new TransportFailedException("plain ventilator has failed", List.of(), failure));
        }
    }
}
