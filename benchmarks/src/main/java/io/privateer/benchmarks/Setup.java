package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** A broker and its workers, each in a process of its own. */
final class Setup implements AutoCloseable {

    /** What stands between the clients and the handlers; the first is the peer that the others are compared with. */
    enum Kind {
        /** {@code ZMQ.proxy} between ROUTER and DEALER, REP workers. */
        PROXY("proxy", "rep-worker", false),
        /** Our queue, our worker with its defaults. */
        PIRATE("queue", "pirate-worker", false),
        /** Our queue, our worker with its handler on the event loop. */
        PIRATE_INLINE("queue", "pirate-worker", true),
        /** Our queue, a Paranoid Pirate worker as the Guide writes it: one blocking DEALER. */
        GUIDE_WORKER("queue", "guide-worker", false);

        private final String broker;
        private final String worker;
        private final boolean inline;

        Kind(String broker, String worker, boolean inline) {
            this.broker = broker;
            this.worker = worker;
            this.inline = inline;
        }
    }

    private final Child broker;
    private final String frontend;
    private final List<Child> workers = new ArrayList<>();

    private Setup(Kind kind, int workerCount) throws InterruptedException {
        this.broker = Child.start(kind.broker);
        String[] endpoints = broker.await(Roles.READY, 30).split(" ", -1);
        this.frontend = endpoints[0];
        List<String> options = new ArrayList<>(List.of("--backend", endpoints[1]));
        if (kind.inline) {
            options.add("--inline");
        }
        for (int i = 0; i < workerCount; i++) {
            workers.add(Child.start(kind.worker, options.toArray(String[]::new)));
        }
    }

    static Setup start(Kind kind, int workerCount) throws InterruptedException {
        return new Setup(kind, workerCount);
    }

    String frontend() {
        return frontend;
    }

    ProcStat brokerStat() {
        return broker.stat();
    }

    /** Returns the processor time that broker and workers have used. */
    double cpuSeconds() {
        double sum = broker.stat().cpuSeconds();
        for (Child worker : workers) {
            sum += worker.stat().cpuSeconds();
        }
        return sum;
    }

    @Override
    public void close() {
        workers.forEach(Child::close);
        broker.close();
    }
}
