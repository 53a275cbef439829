package io.privateer.benchmarks;

import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateQueueConfig;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A PirateQueue with bounds of the benchmark's choice, which tells how much it holds. */
@Command(name = "bounded-queue")
final class BoundedQueue implements Callable<Integer> {

    @Option(names = "--pending-max", required = true)
    private int pendingMax;

    @Option(names = "--pending-bytes-max", required = true)
    private long pendingBytesMax;

    @Option(names = "--dedupe-max", required = true)
    private int dedupeMax;

    @Option(names = "--dedupe-bytes-max", required = true)
    private long dedupeBytesMax;

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (PirateQueue queue = PirateQueue.paranoid()
                .frontend(Roles.ANY_PORT)
                .backend(Roles.ANY_PORT)
                .pendingMax(pendingMax)
                .pendingBytesMax(pendingBytesMax)
                .dedupe(dedupeMax, dedupeBytesMax, PirateQueueConfig.DEFAULT_DEDUPE_WINDOW)
                .start()) {
            Roles.say(Roles.READY, queue.frontend() + " " + queue.backend());
            while (true) {
                lifeline.awaitCommand(HeapReading.COMMAND);
                HeapReading.say();
            }
        }
    }
}
