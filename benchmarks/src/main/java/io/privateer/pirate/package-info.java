/**
 * JMH benchmarks of the queue machine, in the machine's own package because it is hidden from any other.
 *
 * <p><b>Start with</b> {@link io.privateer.pirate.PrvTurnBenchmark}, a batch of PRV/1 on its whole way, or
 * {@link io.privateer.pirate.MachineBenchmark}, one plain request.
 *
 * <p><b>Guarantee.</b> None: figures are of the machine they run on.
 *
 * <p><b>Threading.</b> Each benchmark has a machine of its own, on one thread.
 *
 * <p><b>Time.</b> Virtual, and moved on by each operation.
 */
@NullMarked
package io.privateer.pirate;

import org.jspecify.annotations.NullMarked;
