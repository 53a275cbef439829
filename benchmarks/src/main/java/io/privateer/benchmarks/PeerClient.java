package io.privateer.benchmarks;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** One client that keeps a number of requests under way. */
@Command(name = "peer-client")
final class PeerClient implements Callable<Integer> {

    @Option(names = "--peer", required = true)
    private Peer peer = Peer.PRIVATEER;

    @Option(names = "--frontend", required = true)
    private String frontend = "";

    @Option(names = "--size", required = true)
    private int size;

    @Option(names = "--in-flight", required = true)
    private int inFlight;

    @Mixin
    private Tuning tuning = new Tuning();

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (Asker asker = peer.asker(frontend, size, inFlight, tuning)) {
            while (true) {
                long windowNanos = TimeUnit.MILLISECONDS.toNanos(lifeline.nextMeasureMillis());
                ClosedLoop loop = new ClosedLoop(inFlight, size, windowNanos);
                asker.run(loop);
                Roles.sayResult(loop.await());
            }
        } catch (IllegalStateException e) {
            Roles.say(Roles.FAILED, String.valueOf(e.getMessage()));
            return 1;
        }
    }
}
