/**
 * Measures queue, worker and client against JeroMQ's own proxy, each role in a process of its own.
 *
 * <p><b>Start with</b> {@link io.privateer.benchmarks.Bench}; {@code docs/performance.md} has the commands and what they
 * showed.
 */
@NullMarked
package io.privateer.benchmarks;

import org.jspecify.annotations.NullMarked;
