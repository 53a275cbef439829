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
     * @param parts the processes, those that matter most first
     * @param flows what they do for each other, in words; may be empty
     */
    record Frame(Duration at, Ledger.Totals totals, int redelivered, List<Part> parts, String flows) {}

    /** How one process is, at a glance. */
    enum Mood {
        WELL,
        STARTING,
        FROZEN,
        DOWN
    }

    /**
     * How one process stands.
     *
     * @param name its name
     * @param pid its process
     * @param mood how it is
     * @param state the same in a word
     * @param detail what it has in hand, and the like
     * @param count what it has done, in all its lives
     */
    record Part(String name, long pid, Mood mood, String state, String detail, String count) {}
}
