package io.privateer.samples.demo;

import io.privateer.samples.cli.EventLine;
import java.io.IOException;
import java.util.List;

/** What stands under the load of a demo, and how it is hurt. Confine to the demo's thread. */
interface Scenario {

    /** Starts all but the load. Returns where clients connect; nothing if it did not start, which the stage was told. */
    List<String> start() throws InterruptedException, IOException;

    /** A child of this scenario said something. */
    void hear(ChildProcess child, EventLine event, long atNanos);

    /** A child of this scenario has ended; {@code how} in words. */
    void hearEnd(ChildProcess child, String how);

    /** A frozen child runs again, if it still lives. */
    void hearThawed(ChildProcess child);

    /** A client was answered. */
    void hearAnswer(long atNanos);

    /** Does what is due; not called once the scenario is being ended. */
    void turn(long nowNanos) throws IOException;

    /** Hurts somebody, if that is due; called while the load runs. */
    void strike(long nowNanos) throws IOException;

    /** Ends all that it has started, after the load. */
    void stop() throws InterruptedException, IOException;

    /** Clients have connected to the queue at {@code endpoint}; not told by those of a single queue. */
    default void hearConnected(String endpoint) {}

    /** Returns whether what was hurt last is whole again; for a while the load goes on until it is. */
    default boolean isWhole() {
        return true;
    }

    /** Returns what processes do for each other at present, in words; empty if nothing is to be said. */
    default String flows() {
        return "";
    }

    /** Returns how each process stands, those that matter most first. */
    List<View.Part> parts();

    /** Returns how many requests came back from whoever had them, as far as is known by now. */
    int redelivered();

    Findings findings();

    /**
     * What a scenario has found. Immutable.
     *
     * @param redelivered deliveries beyond a request's first
     * @param lateReplies replies that came too late and were discarded
     * @param lent requests that ran in another cluster than they had entered
     * @param faults what was done, one summary per kind
     */
    record Findings(long redelivered, long lateReplies, long lent, List<FaultJournal.Summary> faults) {

        /** Where there are no clusters. */
        Findings(long redelivered, long lateReplies, List<FaultJournal.Summary> faults) {
            this(redelivered, lateReplies, 0, faults);
        }
    }
}
