package io.privateer.benchmarks;

/**
 * How often and how long is measured.
 *
 * @param warmUpEach whether there is a warm-up before every window, not only before the first of each lane
 * @param othersCpuPercentMax a round counts only if nobody else used more of one core during any of its windows
 */
record Pace(int rounds, int seconds, int warmUpSeconds, boolean warmUpEach, double othersCpuPercentMax) {}
