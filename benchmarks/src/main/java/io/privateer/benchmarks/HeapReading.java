package io.privateer.benchmarks;

import java.lang.management.ManagementFactory;

/** How much a process of a benchmark holds after a full collection: what it says when it is told {@link #COMMAND}. */
final class HeapReading {

    static final String COMMAND = "heap";

    /** Followed by the bytes in use. */
    static final String HEAP = "HEAP";

    private static final int SECONDS_MAX = 30;

    private HeapReading() {}

    /** Collects, and says what is left. For the child. */
    static void say() {
        // The second takes what the first has only made unreachable: buffers with cleaners.
        System.gc();
        System.gc();
        long usedBytes =
                ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        Roles.say(HEAP, Long.toString(usedBytes));
    }

    /** Asks a child, and returns the bytes. */
    static long of(Child child) throws InterruptedException {
        child.tell(COMMAND);
        return Long.parseLong(child.await(HEAP, SECONDS_MAX));
    }
}
