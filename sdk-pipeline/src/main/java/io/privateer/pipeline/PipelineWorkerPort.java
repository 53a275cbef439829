package io.privateer.pipeline;

import java.util.List;

/** The world outside {@link PipelineWorkerMachine}, besides its connections. */
interface PipelineWorkerPort {

    /** Hands a task to the handler; {@link PipelineWorkerMachine#onHandled} follows, but not during this call. */
    void handle(PipelineTask task);

    /** Takes back what no handler has begun. */
    List<PipelineTask> takeBack();

    /** Lets handlers begin nothing new, or go on. */
    void pause(boolean paused);

    /**
     * A result is longer than this worker may send, or the sink takes; its task counts as failed. Told once for each time that the
     * sink is found.
     *
     * @param ofSink whether it is the sink's {@code bytesMax}
     */
    void resultTooLong(PipelineTask task, int bytes, int bytesMax, boolean ofSink);

    /** The worker has ended what it held and may go. Called once. */
    void stopped();
}
