package io.privateer.pubsub;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What a subscriber knows of one topic in one life of its publisher. Not thread-safe: belongs to one machine. */
final class Track {

    /** No question is on its way. */
    static final long NOT_ASKED = 0;

    final String topic;

    /** Every message up to this number was delivered or reported. */
    long resolved;

    /** The newest message that is known to have been published. */
    long known;

    /** Messages up to this number are not asked for any more. */
    long abandoned;

    /** A last value that was asked for on joining, whatever else may be asked for; 0 if there is none. */
    long lastValue;

    /** The last number of the question that is on its way, or {@link #NOT_ASKED}. */
    long askedTo = NOT_ASKED;

    /** The first number of the question that was asked last. */
    long askedFrom;

    /** How many bytes its answer may take. */
    long askedBytes;

    /** When it was asked. */
    long askedNanos;

    boolean queued;

    /** What came too early, in order. */
    private final ArrayDeque<Run> held = new ArrayDeque<>();

    private long heldBytes;

    Track(String topic, long resolved) {
        this.topic = topic;
        this.resolved = resolved;
        this.known = resolved;
    }

    /** Keeps {@code run} until its turn comes. */
    void hold(Run run) {
        heldBytes += run.frame().length;
        if (held.isEmpty() || held.getLast().first() <= run.first()) {
            held.add(run);
            return;
        }
        List<Run> behind = new ArrayList<>();
        while (!held.isEmpty() && held.getLast().first() > run.first()) {
            behind.add(held.removeLast());
        }
        held.add(run);
        for (int i = behind.size() - 1; i >= 0; i--) {
            held.add(behind.get(i));
        }
    }

    boolean holds() {
        return !held.isEmpty();
    }

    /** Returns the number of the first message that is held. */
    long firstHeld() {
        return held.getFirst().first();
    }

    Run takeHeld() {
        Run run = held.remove();
        heldBytes -= run.frame().length;
        return run;
    }

    long heldBytes() {
        return heldBytes;
    }
}
