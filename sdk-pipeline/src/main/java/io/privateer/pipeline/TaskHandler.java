package io.privateer.pipeline;

import java.util.Objects;

/**
 * Does the tasks of a {@link PipelineWorker}: subclass it and implement {@link #handle}, or use {@link #of} with a lambda.
 *
 * <p>A task may be handled more than once, here or elsewhere: after a crash, a lost connection, or when it took longer than
 * the sink's {@code overdueAfter}. One result of each counts. With a concurrency above 1 it is called from several threads;
 * none of them touches a socket, so it may block.
 */
public abstract class TaskHandler {

    /** For subclasses. */
    protected TaskHandler() {}

    /** A handler as a function; see {@link TaskHandler#handle}. */
    @FunctionalInterface
    public interface Function {

        /** Returns the result of a task. */
        byte[] handle(PipelineTask task) throws Exception;
    }

    /** Returns a handler that calls {@code function}. */
    public static TaskHandler of(Function function) {
        Objects.requireNonNull(function, "function");
        return new TaskHandler() {
            @Override
            protected byte[] handle(PipelineTask task) throws Exception {
                return function.handle(task);
            }
        };
    }

    /**
     * Returns the result of {@code task}, of at most {@code messageBytesMax} bytes, the worker's and the sink's; do not change it afterwards. It may be
     * empty, not {@code null}.
     *
     * @throws Exception if it cannot be done; it is then tried again, here or elsewhere, and reported as failed with this
     *     exception's text after {@code deliveriesMax} times
     */
    protected abstract byte[] handle(PipelineTask task) throws Exception;

    /**
     * Called once before the first task, on the thread that starts the worker. {@link PipelineWorker#start} throws what it throws,
     * as it is; nothing is open then, {@link #onStop} is not called, and the same settings may be started again.
     */
    protected void onStart() {}

    /**
     * Called once for each {@link #onStart} that returned: when the worker has stopped and its handlers have ended, or were
     * awaited for a second, or when it could not be started after all. What it throws is logged.
     */
    protected void onStop() {}
}
