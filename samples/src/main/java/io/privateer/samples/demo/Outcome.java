package io.privateer.samples.demo;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.ExitCode;

/**
 * How a demo ended. Immutable.
 *
 * @param settings what it was asked for
 * @param totals the requests
 * @param redelivered deliveries beyond a request's first
 * @param lateReplies replies of those that had been given up, discarded
 * @param lent requests that ran in another cluster than they had entered
 * @param faults what was done, one summary per kind
 * @param problems what went wrong beside the requests, in words
 */
record Outcome(
        DemoSettings settings,
        Ledger.Totals totals,
        long redelivered,
        long lateReplies,
        long lent,
        List<FaultJournal.Summary> faults,
        List<String> problems) {

    int count(Fault.Kind kind) {
        return faults.stream()
                .filter(fault -> fault.kind() == kind)
                .mapToInt(FaultJournal.Summary::count)
                .sum();
    }

    boolean passed() {
        return failures().isEmpty();
    }

    /** Returns what the command ends with: 0 if it passed, otherwise 1. */
    int exitCode() {
        return passed() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    /** Returns the verdict in one line. */
    String verdict() {
        String answered = totals.answered() + " of " + totals.sent() + " answered exactly once to the caller";
        return passed() ? "PASS " + answered : "FAIL " + answered + "; " + String.join("; ", failures());
    }

    private List<String> failures() {
        List<String> failures = new ArrayList<>();
        if (totals.lost() > 0) {
            failures.add(totals.lost() + " lost");
        }
        if (totals.duplicateReplies() > 0) {
            failures.add(totals.duplicateReplies() + " answered twice");
        }
        if (totals.sent() == 0) {
            failures.add("no request was sent");
        }
        if (count(Fault.Kind.KILL) == 0) {
            failures.add("no " + settings.scenario().victim + " was killed");
        }
        if (settings.scenario() == ScenarioKind.PEERING && lent == 0) {
            failures.add("no request was lent");
        }
        failures.addAll(problems);
        return failures;
    }
}
