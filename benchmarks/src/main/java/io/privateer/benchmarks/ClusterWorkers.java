package io.privateer.benchmarks;

import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.Request;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The workers of some clusters, each with a socket of its own, those of a cluster on one loop: they take one {@link Job} at a
 * time, and wait for it without a thread.
 */
@Command(name = "cluster-workers")
final class ClusterWorkers implements Callable<Integer> {

    /** Followed by NAME@BACKEND: starts workers in a process that was started without any. */
    static final String WORK = "work";

    /** What a worker holds at most, of which it does one at a time. */
    static final int CREDIT = 2;

    /** What tells of the jobs that are begun: {@link Roles#BEGIN}, the job's id, the time in nanoseconds. */
    enum Telling {
        NOTHING,
        FIRST,
        ALL
    }

    @Option(names = "--cluster", description = "NAME@BACKEND, any number of them")
    private List<String> clusters = List.of();

    @Option(names = "--count", required = true, description = "workers of each")
    private int count;

    @Option(names = "--tell", defaultValue = "NOTHING")
    private Telling telling = Telling.NOTHING;

    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor();
    private final AtomicBoolean told = new AtomicBoolean();

    @Override
    public Integer call() throws InterruptedException {
        Lifeline lifeline = Lifeline.hold();
        if (clusters.isEmpty()) {
            rehearse();
            Roles.say(Roles.READY, "");
            clusters = List.of(lifeline.awaitRest(WORK));
        }
        List<EventLoop> loops = new ArrayList<>();
        for (String cluster : clusters) {
            String[] fields = cluster.split("@", 2);
            loops.add(start(fields[0], fields[1]));
        }
        Roles.say(Roles.READY, Integer.toString(loops.size() * count));
        lifeline.holdForever();
        return 0;
    }

    /** A JVM that has never had a worker takes long for its first: what is measured here is how a cluster joins, not that. */
    private static void rehearse() {
        PirateQueue queue = PirateQueue.paranoid()
                .frontend(Roles.ANY_PORT)
                .backend(Roles.ANY_PORT)
                .start();
        PirateWorker worker = PirateWorker.builder(WorkerHandler.of(Request::message))
                .queue(queue.backend())
                .start();
        try (queue;
                worker;
                PirateClient client = PirateClient.connect(queue.frontend())) {
            client.request("rehearsal");
        }
    }

    private EventLoop start(String name, String backend) {
        EventLoop loop = EventLoop.open(name);
        WorkerHandler handler = WorkerHandler.ofAsync(request -> work(name, request));
        for (int i = 0; i < count; i++) {
            PirateWorker.builder(handler)
                    .name(name + "-" + i)
                    .queue(backend)
                    .dialect(WorkerDialect.PRV)
                    .credit(CREDIT)
                    .loop(loop)
                    .executor(Runnable::run)
                    .start(); // Ends with the process.
        }
        return loop;
    }

    private CompletionStage<Message> work(String name, Request request) {
        long beganNanos = System.nanoTime();
        Job job = Job.of(request.text());
        if (telling == Telling.ALL || (telling == Telling.FIRST && told.compareAndSet(false, true))) {
            Roles.say(Roles.BEGIN, job.id() + " " + beganNanos);
        }
        CompletableFuture<Message> reply = new CompletableFuture<>();
        var unused = timer.schedule(
                () -> reply.complete(new Job.Answer(name, System.nanoTime() - beganNanos).message()),
                job.nanos(),
                TimeUnit.NANOSECONDS);
        return reply;
    }
}
