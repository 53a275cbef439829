package io.privateer.chaos.process;

import io.privateer.binarystar.Witness;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/** The main class of witness processes. */
final class WitnessProcess {

    private WitnessProcess() {}

    static ChildJvm launch(String endpoint, Duration leaseMax) throws IOException {
        return ChildJvm.start(WitnessProcess.class, endpoint, Long.toString(leaseMax.toMillis()));
    }

    /** Runs until it is killed. */
    public static void main(String[] arguments) throws InterruptedException {
        ChildJvm.dieWithParent();
        Witness.start(arguments[0], Duration.ofMillis(Long.parseLong(arguments[1])));
        new CountDownLatch(1).await();
    }
}
