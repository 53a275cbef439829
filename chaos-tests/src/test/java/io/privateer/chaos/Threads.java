package io.privateer.chaos;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Looks at the threads of this process. */
public final class Threads {

    private Threads() {}

    /** Returns the live threads whose name contains {@code part}. */
    public static List<Thread> named(String part) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().contains(part))
                .toList();
    }

    /** Returns how much of one processor the busiest thread whose name contains {@code part} takes, from 0 to 1. */
    public static double loadOf(String part, Duration during) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        List<Thread> watched = named(part);
        long[] before = watched.stream()
                .mapToLong(thread -> threads.getThreadCpuTime(thread.getId()))
                .toArray();
        long startNanos = System.nanoTime();
        while (System.nanoTime() - startNanos < during.toNanos()) {
            LockSupport.parkNanos(during.toNanos());
        }
        long elapsedNanos = System.nanoTime() - startNanos;
        long busiest = 0;
        for (int i = 0; i < before.length; i++) {
            busiest = Math.max(busiest, threads.getThreadCpuTime(watched.get(i).getId()) - before[i]);
        }
        return (double) busiest / elapsedNanos;
    }
}
