package io.privateer.benchmarks;

import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.PirateClient;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Clients of some clusters, on one loop, which ask for {@link Job}s whenever they are told to. */
@Command(name = "job-clients")
final class JobClients implements Callable<Integer> {

    @Option(names = "--clients", required = true, description = "NUMBER@FRONTEND, any number of them")
    private List<String> groups = List.of();

    @Option(names = "--work-millis", required = true)
    private long workMillis;

    @Option(names = "--exponential")
    private boolean exponential;

    @Option(names = "--in-flight", description = "requests that each keeps under way")
    private int inFlight;

    @Option(names = "--rate", description = "instead: requests a second of all together")
    private double rate;

    @Option(names = "--seed", required = true)
    private long seed;

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        List<PirateClient> clients = new ArrayList<>();
        try (EventLoop loop = EventLoop.open("clients")) {
            for (String group : groups) {
                String[] fields = group.split("@", 2);
                for (int i = 0; i < Integer.parseInt(fields[0]); i++) {
                    clients.add(PirateClient.builder()
                            .endpoints(fields[1])
                            .loop(loop)
                            .open());
                }
            }
            JobLoad.Length length = new JobLoad.Length(TimeUnit.MILLISECONDS.toNanos(workMillis), exponential);
            Roles.say(Roles.READY, Integer.toString(clients.size()));
            for (long window = 0; ; window++) {
                long windowNanos = TimeUnit.MILLISECONDS.toNanos(lifeline.nextMeasureMillis());
                JobLoad load = new JobLoad(clients, length, windowNanos, seed + window);
                if (inFlight > 0) {
                    load.runClosed(inFlight);
                } else {
                    load.runOpen(rate);
                }
                Roles.sayResult(load.outcome());
            }
        }
    }

    /** Makes such a process run for so long, and returns what became of its requests. For the parent. */
    static JobLoad.Outcome measure(Child clients, long millis) throws InterruptedException {
        clients.tell("measure " + millis);
        return result(clients, millis);
    }

    /** Waits for the end of such a run. For the parent. */
    static JobLoad.Outcome result(Child clients, long millis) throws InterruptedException {
        return clients.result(JobLoad.Outcome.class, (int) TimeUnit.MILLISECONDS.toSeconds(millis) + 60);
    }
}
