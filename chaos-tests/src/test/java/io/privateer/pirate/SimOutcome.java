package io.privateer.pirate;

import java.util.Set;

/**
 * How a world went.
 *
 * @param failure what went wrong, or nothing
 */
public record SimOutcome(String failure, Set<Enum<?>> reached, long events, Iterable<String> trace) {

    /** Lets {@code sim} live, and says how that went. */
    static SimOutcome of(Sim sim) {
        String failure = "";
        try {
            sim.live();
        } catch (AssertionError | RuntimeException e) {
            StackTraceElement[] stack = e.getStackTrace();
            failure = e + (stack.length > 1 ? " at " + stack[0] + " from " + stack[1] : "");
            sim.world.trace("SIM", failure);
        }
        return new SimOutcome(failure, sim.world.reached(), sim.world.eventsRun(), sim.world.trace());
    }

    boolean isGood() {
        return failure.isEmpty();
    }
}
