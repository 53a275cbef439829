package io.privateer.chaos.process;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.pirate.PirateQueue;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/** The main class of processes that are one queue of a pair. What happens to it is in its log, the process's output. */
final class StarProcess {

    private StarProcess() {}

    /** Where one server of a pair is found. */
    record Place(String role, String state, String frontend, String backend, Path epochFile) {}

    /** @param replicates whether the servers tell each other of their requests; then their reigns are not noted */
    static ChildJvm launch(
            Place own, Place peer, ReignLog reigns, Duration heartbeat, String witness, boolean replicates)
            throws IOException {
        return ChildJvm.start(
                StarProcess.class,
                own.role(),
                own.state(),
                peer.state(),
                own.frontend(),
                own.backend(),
                own.epochFile().toString(),
                Long.toString(heartbeat.toMillis()),
                witness,
                reigns.file().toString(),
                Boolean.toString(replicates));
    }

    /** Runs until it is killed, or terminated. */
    public static void main(String[] arguments) {
        ChildJvm.dieWithParent();
        PirateQueue queue = PirateQueue.paranoid()
                .standby()
                .frontend(arguments[3])
                .backend(arguments[4])
                .start();
        boolean isPrimary = arguments[0].equals("primary");
        BinaryStarConfig.Builder star = isPrimary ? BinaryStarServer.primary() : BinaryStarServer.backup();
        star.state(arguments[1])
                .peerState(arguments[2])
                .clientsAt(arguments[3])
                .epochFile(Path.of(arguments[5]))
                .heartbeat(Duration.ofMillis(Long.parseLong(arguments[6])));
        if (!arguments[7].isEmpty()) {
            star.witness(arguments[7]);
        }
        if (Boolean.parseBoolean(arguments[9])) {
            star.replication(true).guard(queue);
        } else {
            star.guard(new ReignLog(Path.of(arguments[8])).noting(isPrimary ? 0 : 1, queue));
        }
        queue.run();
    }
}
