package io.privateer.pipeline;

/**
 * Takes what comes to a {@link Sink}: each result, and each failure, once for each task of a batch in one life of the sink, one
 * after the other, in no particular order. It may block; while it does, workers keep what they have.
 *
 * <p>What a method throws is logged and counted in {@link SinkStats#handlerFailures()}; the result counts as taken.
 *
 * <p>What must survive a crash is to be made durable here, by batch id and number: once all of a batch has been taken, the
 * journal keeps only that it is done.
 */
@FunctionalInterface
public interface ResultHandler {

    /** Takes a result. */
    void onResult(TaskResult result) throws Exception;

    /** Takes note of a task that has no result. Does nothing by default: the batch's outcome names it too. */
    default void onFailure(TaskFailure failure) throws Exception {}
}
