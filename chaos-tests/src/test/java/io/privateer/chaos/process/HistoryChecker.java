package io.privateer.chaos.process;

import io.privateer.chaos.process.Operation.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Judges a history against what workers executed and against the moments at which something was, or may have been, lost.
 *
 * <ul>
 *   <li>Each request that was invoked ends exactly once, and nothing else ends.
 *   <li>A reply is that of its request, and its request was executed.
 *   <li>A request is executed again only after a loss: a delivery that came back, or a client's retry.
 *   <li>Of a pair of servers: no answer is stale, as {@link StaleAnswers} has it.
 * </ul>
 */
final class HistoryChecker {

    private final Map<Long, List<Operation>> ends = new TreeMap<>();
    private final Map<Long, List<Execution>> executions = new TreeMap<>();
    private final Map<Long, Operation> invoked = new TreeMap<>();
    private final List<Long> lossesNanos;
    private final List<String> violations = new ArrayList<>();

    /**
     * What was found. Immutable.
     *
     * @param invoked requests
     * @param answered those answered
     * @param unanswered those that ended without an answer
     * @param repeated executions beyond a request's first
     * @param violations broken rules, in words
     */
    record Report(int invoked, int answered, int unanswered, int repeated, List<String> violations) {}

    private HistoryChecker(List<Operation> history, List<Execution> log, List<Long> lossesNanos) {
        this.lossesNanos = lossesNanos;
        for (Operation operation : history) {
            if (operation.kind() == Kind.INVOKE) {
                invoked.put(operation.requestId(), operation);
            } else {
                ends.computeIfAbsent(operation.requestId(), absent -> new ArrayList<>())
                        .add(operation);
            }
        }
        for (Execution execution : log) {
            if (!execution.finished()) {
                executions
                        .computeIfAbsent(execution.requestId(), absent -> new ArrayList<>())
                        .add(execution);
            }
        }
    }

    /**
     * As {@link #check}, with outages, from and until when. Until a worker has found the successor of a queue it may run
     * what that one gave it: an outage is one long loss.
     */
    static Report checkAround(List<Operation> history, List<Execution> log, List<long[]> outagesNanos) {
        List<Long> lossesNanos = new ArrayList<>();
        for (long[] outage : outagesNanos) {
            lossesNanos.add(outage[0]);
            log.stream()
                    .map(Execution::atNanos)
                    .filter(atNanos -> atNanos - outage[0] >= 0 && outage[1] - atNanos >= 0)
                    .forEach(lossesNanos::add);
        }
        return check(history, log, lossesNanos);
    }

    /** As {@link #checkAround}, for one client of a pair of servers that served as {@code reigns} says. */
    static Report checkPair(
            List<Operation> history, List<Execution> log, List<long[]> outagesNanos, List<Reign> reigns) {
        Report report = checkAround(history, log, outagesNanos);
        List<String> violations = new ArrayList<>(report.violations());
        violations.addAll(StaleAnswers.find(history, log, reigns));
        return new Report(
                report.invoked(), report.answered(), report.unanswered(), report.repeated(), List.copyOf(violations));
    }

    /** Returns the reply that belongs to a request. */
    static String replyTo(String request) {
        return "re:" + request;
    }

    static Report check(List<Operation> history, List<Execution> log, List<Long> lossesNanos) {
        return new HistoryChecker(history, log, lossesNanos).report();
    }

    private Report report() {
        int answered = 0;
        int unanswered = 0;
        int repeated = 0;
        for (long requestId : invoked.keySet()) {
            List<Operation> ended = ends.getOrDefault(requestId, List.of());
            if (ended.size() != 1) {
                violations.add("request " + requestId + " ended " + ended.size() + " times");
            }
            if (ended.stream().anyMatch(end -> end.kind() == Kind.OK)) {
                answered++;
                checkAnswer(requestId, ended.get(0));
            } else {
                unanswered++;
            }
            repeated += checkRepetitions(executions.getOrDefault(requestId, List.of()));
        }
        for (long requestId : ends.keySet()) {
            if (!invoked.containsKey(requestId)) {
                violations.add("request " + requestId + " ended, but nobody made it");
            }
        }
        return new Report(invoked.size(), answered, unanswered, repeated, List.copyOf(violations));
    }

    private void checkAnswer(long requestId, Operation end) {
        if (!StaleAnswers.withoutRun(end.detail()).equals(replyTo(Long.toString(requestId)))) {
            violations.add("request " + requestId + " got the reply " + end.detail());
        }
        if (!executions.containsKey(requestId)) {
            violations.add("request " + requestId + " was answered but not executed");
        }
    }

    private int checkRepetitions(List<Execution> ofOneRequest) {
        List<Execution> inOrder = new ArrayList<>(ofOneRequest);
        inOrder.sort(Comparator.comparingLong(Execution::atNanos));
        for (int i = 1; i < inOrder.size(); i++) {
            long before = inOrder.get(i - 1).atNanos();
            long after = inOrder.get(i).atNanos();
            if (lossesNanos.stream().noneMatch(loss -> loss - before >= 0 && after - loss >= 0)) {
                violations.add("request " + inOrder.get(i).requestId() + " was executed again without a loss");
            }
        }
        return Math.max(0, inOrder.size() - 1);
    }
}
