package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.Request;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A PirateWorker whose handlers take a fixed time and hardly any processor: what it can serve is known. */
@Command(name = "paced-worker")
final class PacedWorker implements Callable<Integer> {

    @Option(names = "--backend", required = true)
    private String backend = "";

    @Option(names = "--work-millis", required = true)
    private long workMillis;

    @Option(names = "--threads", required = true)
    private int threads;

    @Option(names = "--credit", required = true)
    private int credit;

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        try (PirateWorker worker = PirateWorker.builder(WorkerHandler.of(this::work))
                .queue(backend)
                .dialect(WorkerDialect.PRV)
                .concurrency(threads)
                .credit(credit)
                .start()) {
            Roles.say(Roles.READY, worker.stats().toString());
            lifeline.holdForever();
        }
        return 0;
    }

    private Message work(Request request) {
        long endNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(workMillis);
        for (long leftNanos = endNanos - System.nanoTime(); leftNanos > 0; leftNanos = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
        return request.message();
    }
}
