package io.privateer.samples.demo;

import java.time.Duration;
import java.util.List;

/** Shows a demo while it runs. */
interface View extends AutoCloseable {

    /** Returns how often it wants a frame. */
    Duration period();

    /** Something happened that people want to read. */
    void event(Duration at, String text);

    /** How everything stands. */
    void frame(Frame frame);

    /** Leaves the terminal as it was. Calling it twice is harmless; any thread. */
    @Override
    void close();

    /**
     * How everything stands at one moment. Immutable.
     *
     * @param at time since the load started
     * @param totals the requests
     * @param redelivered requests that came back to the queue
     * @param workers the workers, in order
     */
    record Frame(Duration at, Ledger.Totals totals, int redelivered, List<WorkerState> workers) {}

    /**
     * How one worker stands.
     *
     * @param name its name
     * @param pid its process
     * @param state what it is up to
     * @param heldId what it works on, 0 if nothing
     * @param runs how many times its handler has run, in all its lives
     */
    record WorkerState(String name, long pid, Crew.State state, long heldId, long runs) {}
}
