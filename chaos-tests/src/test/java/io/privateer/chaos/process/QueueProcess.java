package io.privateer.chaos.process;

import io.privateer.pirate.PirateQueue;
import java.io.IOException;
import java.time.Duration;

/** The main class of queue processes. What happens to the queue is in its log, which is the process's output. */
final class QueueProcess {

    private QueueProcess() {}

    static ChildJvm launch(String frontend, String backend, Duration heartbeat) throws IOException {
        return ChildJvm.start(QueueProcess.class, frontend, backend, Long.toString(heartbeat.toMillis()));
    }

    /** Runs until it is killed, or terminated. */
    public static void main(String[] arguments) {
        ChildJvm.dieWithParent();
        PirateQueue.paranoid()
                .frontend(arguments[0])
                .backend(arguments[1])
                .heartbeat(Duration.ofMillis(Long.parseLong(arguments[2])))
                .start()
                .run();
    }
}
