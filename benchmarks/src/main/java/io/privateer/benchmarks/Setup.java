package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** A broker and its workers, each in a process of its own. */
final class Setup implements AutoCloseable {

    private static final int START_SECONDS_MAX = 30;

    /** What stands between REQ clients and the handlers; the first is the peer that the others are compared with. */
    enum Kind {
        /** {@code ZMQ.proxy} between ROUTER and DEALER, REP workers. */
        PROXY("proxy", "rep-worker", ""),
        /** Our queue, our worker with its defaults. */
        PIRATE("queue", "pirate-worker", "--credit 0"),
        /** Our queue, our worker with its handler on the event loop. */
        PIRATE_INLINE("queue", "pirate-worker", "--inline --credit 0"),
        /** Our queue, a Paranoid Pirate worker as the Guide writes it: one blocking DEALER. */
        GUIDE_WORKER("queue", "guide-worker", ""),
        /** Our queue, our worker with its handler on the event loop and PRV/1 with a credit of 16. */
        PRV_CREDIT("queue", "pirate-worker", "--inline --credit 16");

        private final String broker;
        private final String worker;
        private final String workerOptions;

        Kind(String broker, String worker, String workerOptions) {
            this.broker = broker;
            this.worker = worker;
            this.workerOptions = workerOptions;
        }

        Setup start(int workers) throws InterruptedException {
            String[] options = workerOptions.isEmpty() ? new String[0] : workerOptions.split(" ", -1);
            return new Setup(Broker.start(broker), workers, worker, options);
        }
    }

    private final Broker broker;
    private final List<Child> workers = new ArrayList<>();

    /** Takes over the broker, and starts workers that know its backend. Returns once they all say that they are ready. */
    Setup(Broker broker, int workerCount, String workerRole, String... workerOptions) throws InterruptedException {
        this.broker = broker;
        List<String> options = new ArrayList<>(List.of("--backend", broker.backend()));
        options.addAll(List.of(workerOptions));
        for (int i = 0; i < workerCount; i++) {
            workers.add(Child.start(workerRole, options.toArray(String[]::new)));
        }
        for (Child worker : workers) {
            worker.await(Roles.READY, START_SECONDS_MAX);
        }
    }

    String frontend() {
        return broker.frontend();
    }

    /** Returns the heap of the broker after a collection, in bytes, if its role tells. */
    long brokerHeapBytes() throws InterruptedException {
        return HeapReading.of(broker.process());
    }

    ProcStat brokerStat() {
        return broker.stat();
    }

    List<ProcStat> workerStats() {
        return workers.stream().map(Child::stat).toList();
    }

    @Override
    public void close() {
        workers.forEach(Child::close);
        broker.close();
    }
}
