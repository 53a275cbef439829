package io.privateer.pipeline;

import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.transport.PullSocket;
import io.privateer.core.transport.PushSocket;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.transport.SubSocket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A worker as in the Guide (taskwork, taskwork2): a PULL of tasks, a PUSH of results, and, if asked to, a SUB by which any word
 * tells it to stop.
 *
 * <p><b>Guarantees nothing</b>: tasks and results are lost with whoever has them, and so is the word to stop when it comes while
 * the worker is not connected. Use {@link PipelineWorker} for tasks that matter. Thread-safe.
 */
public final class PlainWorker implements AutoCloseable {

    /** Does a task. */
    @FunctionalInterface
    public interface Handler {

        /** Returns the result; the Guide's sink wants an empty one. What it throws is logged, and the task is lost. */
        byte[] handle(byte[] task) throws Exception;
    }

    private static final Logger log = LoggerFactory.getLogger(PlainWorker.class);
    private static final int WAITING_MAX = 1_000;
    private static final SocketSettings SETTINGS = SocketSettings.defaults().withLinger(Duration.ofSeconds(1));

    /** One task and what became of it. */
    private static final class Job {
        final byte[] task;
        byte @Nullable [] result;

        Job(byte[] task) {
            this.task = task;
        }
    }

    final LoopHandle handle;
    private final Handler handler;
    private final Workshop<Job> workshop;
    private final ArrayDeque<byte[]> results = new ArrayDeque<>();
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private final PushSocket sink;
    private final PullSocket tasks;
    private int inHand;
    private boolean stopping;

    /** On the loop's thread, so that no task comes before all is there. */
    private PlainWorker(LoopHandle handle, Handler handler, String ventilator, String sink, @Nullable String control) {
        this.handle = handle;
        this.handler = handler;
        this.workshop = new Workshop<>("plain-worker", 1, this::work, () -> handle.post(this::onDone));
        this.sink = PushSocket.connect(handle.loop(), "sink", sink, SETTINGS, this::push);
        this.tasks = PullSocket.connect(handle.loop(), "ventilator", ventilator, SETTINGS, this::onTask);
        if (control != null) {
            handle.loop().connectSub(control, SETTINGS, new Orders()).subscribe(new byte[0]);
        }
        handle.loop().join(this::onLoopStopped);
        workshop.start();
    }

    private static PlainWorker open(Handler handler, String ventilator, String sink, @Nullable String control) {
        Objects.requireNonNull(handler, "handler");
        Settings.connectEndpoint("ventilator", ventilator);
        Settings.connectEndpoint("sink", sink);
        PipelineBuilder.checkApart("ventilator", ventilator, "sink", sink);
        if (control != null) {
            Settings.connectEndpoint("control", control);
        }
        LoopHandle handle = LoopHandle.of(null, "plain-worker");
        return handle.make(() -> new PlainWorker(handle, handler, ventilator, sink, control));
    }

    /**
     * Starts a worker that nobody tells to stop.
     *
     * @param ventilator the ventilator's PUSH, {@code tcp://host:port}
     * @param sink the sink's PULL
     * @throws IllegalArgumentException if one is no such endpoint, or both are the same
     */
    public static PlainWorker start(Handler handler, String ventilator, String sink) {
        return open(handler, ventilator, sink, null);
    }

    /** As {@link #start(Handler, String, String)}; stops, after what it has in hand, at any word of the PUB at {@code control}. */
    public static PlainWorker start(Handler handler, String ventilator, String sink, String control) {
        return open(handler, ventilator, sink, Objects.requireNonNull(control, "control"));
    }

    /**
     * Returns what completes when the worker was told to stop and its results have been pushed, or it was closed; exceptionally,
     * with a {@link TransportFailedException}, if its loop failed.
     */
    public CompletableFuture<Boolean> stopped() {
        return stopped.copy();
    }

    private final class Orders implements SubSocket.Handler {
        @Override
        public void onMessage(byte[][] frames) {
            stopping = true;
            tasks.pause(true);
            stopIfIdle();
        }

        @Override
        public void onDisconnected() {
            log.debug("control lost");
        }
    }

    private void onTask(byte[][] frames) {
        if (frames.length != 1) {
            log.debug("task of {} frames dropped", frames.length);
            return;
        }
        inHand++;
        workshop.bring(new Job(frames[0]));
        workshop.publish();
        pauseIfFull();
    }

    private void work(Job job) {
        try {
            job.result = handler.handle(job.task);
        } catch (Throwable e) { // Nobody could be told: that is what this mode is like.
            if (workshop.isInterruptedByClose(e)) {
                log.info("handler interrupted by close, its task is lost worker=plain");
            } else {
                log.warn("handler failed, its task is lost worker=plain", e);
            }
        }
    }

    private void onDone() {
        workshop.takeDone(job -> {
            if (job.result == null) {
                inHand--;
            } else {
                results.add(job.result);
            }
        });
        push();
    }

    private void push() {
        byte[] result = results.peek();
        while (result != null && sink.send(result)) {
            results.remove();
            inHand--;
            result = results.peek();
        }
        pauseIfFull();
        stopIfIdle();
    }

    private void pauseIfFull() {
        tasks.pause(stopping || inHand >= WAITING_MAX);
    }

    private void stopIfIdle() {
        if (stopping && inHand == 0) {
            stopped.complete(true);
        }
    }

    private void onLoopStopped(@Nullable Throwable failure) {
        if (failure != null) {
            stopped.completeExceptionally(new TransportFailedException("plain worker has failed", List.of(), failure));
        }
    }

    /** Closes at once; what it has in hand is lost, what was pushed has a second to leave. */
    @Override
    public void close() {
        handle.close();
        workshop.close();
        stopped.complete(false);
    }
}
