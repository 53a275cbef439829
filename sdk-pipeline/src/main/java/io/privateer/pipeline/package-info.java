/**
 * Batches of tasks that survive their ventilator, their workers and their sink: reliable PUSH-PULL.
 *
 * <p><b>Start with</b> {@link io.privateer.pipeline.Ventilator}, {@link io.privateer.pipeline.PipelineWorker} and
 * {@link io.privateer.pipeline.Sink}.
 *
 * <p><b>Guarantee.</b> Each task of a batch gets one outcome, a result or a failure that says why, and the sink's handler gets it
 * once in one life of the sink, whichever one of the three is killed, frozen or cut off, and comes back. A task may be done more
 * than once. A batch is done when the sink has accepted an outcome of every task. A ventilator keeps a task, and a worker a result,
 * until then; a sink's successor has all that was accepted if there is a journal, and without one the batch fails at its
 * ventilator. What is kept is bounded: {@code windowTasks} and {@code windowBytes} at the ventilator, {@code credit},
 * {@code creditBytes} and {@code resultBytesMax} at each worker, and at the sink what the workers may hold together. The plain
 * roles, which speak with the Guide's programs, guarantee nothing.
 *
 * <p><b>Threading.</b> Each part lives on an event loop of its own or a shared one. Handlers run on threads of their own, futures and
 * listeners complete on the loop and must not block.
 *
 * <p><b>Time.</b> Durations are counted by a monotonic clock; a part that stood still does not take that for silence of others.
 */
@NullMarked
package io.privateer.pipeline;

import org.jspecify.annotations.NullMarked;
