package io.privateer.benchmarks;

/** The client of one peer, in the process that puts load on it. */
interface Asker extends AutoCloseable {

    /** Asks from every slot, and again from each as long as the loop says so; may return before that is over. */
    void run(ClosedLoop loop) throws InterruptedException;

    @Override
    void close();
}
