package io.privateer.chaos.process;

import io.privateer.pirate.PirateQueue;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The main class of queue processes. What happens to the queue is in its log, which is the process's output. */
final class QueueProcess {

    private QueueProcess() {}

    static ChildJvm launch(String frontend, String backend, Duration heartbeat) throws IOException {
        return ChildJvm.start(QueueProcess.class, frontend, backend, Long.toString(heartbeat.toMillis()));
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        ChildJvm.dieWithParent();
        try (PirateQueue queue = PirateQueue.paranoid()
                .frontend(arguments[0])
                .backend(arguments[1])
                .heartbeat(Duration.ofMillis(Long.parseLong(arguments[2])))
                .start()) {
            new CountDownLatch(1).await();
            queue.stats();
        }
    }
}
