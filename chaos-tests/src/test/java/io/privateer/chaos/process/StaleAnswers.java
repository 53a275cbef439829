package io.privateer.chaos.process;

import io.privateer.chaos.process.Operation.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds stale answers in the history of one client of a pair: those that it took of a server that had been replaced,
 * although it had already taken one of the server that replaced it.
 *
 * <p>A reply names the run of the handler that made it, and a run belongs to a {@link Reign}, that of the queue which
 * delivered the request. The log of runs tells when a run began, and of a worker that knows one server only, which server
 * that is. So a run belongs
 *
 * <ul>
 *   <li>where the server is known: to the newest reign of it that had begun by then, because a worker drops what a reign
 *       has left behind when the next one begins;
 *   <li>otherwise: to any reign, but to none that began later than the run.
 * </ul>
 *
 * <p>The answers of a client are in the order in which it took them. One is stale if it cannot be of an epoch as new as one
 * that an earlier answer must be of. What is found is stale for certain; of runs of unknown servers some may escape, which
 * is why some workers must know one server only.
 *
 * <p>This holds for queues that tell each other nothing. Where the active one hands its work over to its successor, that may
 * pass on the reply of a run that began before its own reign, and the answer is stale only if the request ran under the
 * successor as well.
 */
final class StaleAnswers {

    private final Map<Long, Execution> runs = new HashMap<>();
    private final List<Reign> reigns;

    private StaleAnswers(List<Execution> log, List<Reign> reigns) {
        this.reigns = reigns;
        log.stream().filter(execution -> !execution.finished()).forEach(begun -> runs.put(begun.run(), begun));
    }

    /** Returns the reply of a run; {@link HistoryChecker#replyTo} is the reply of the request. */
    static String replyOf(String request, long run) {
        return HistoryChecker.replyTo(request) + "#" + run;
    }

    /** Returns what is common to the replies of all runs of a request. */
    static String withoutRun(String reply) {
        int mark = reply.indexOf('#');
        return mark < 0 ? reply : reply.substring(0, mark);
    }

    private static long runOf(String reply) {
        return Long.parseLong(reply.substring(reply.indexOf('#') + 1));
    }

    /** Returns each stale answer of one client, in words. */
    static List<String> find(List<Operation> history, List<Execution> log, List<Reign> reigns) {
        return new StaleAnswers(log, reigns).find(history);
    }

    private List<String> find(List<Operation> history) {
        List<String> found = new ArrayList<>();
        long seen = 0;
        for (Operation answer : history) {
            Execution run = answer.kind() == Kind.OK ? runs.get(runOf(answer.detail())) : null;
            if (answer.kind() == Kind.OK && run == null) {
                found.add("request " + answer.requestId() + " was answered by nobody: " + answer.detail());
            } else if (run != null) {
                long newest = newestEpoch(run);
                if (newest < seen) {
                    found.add("request " + answer.requestId() + " was answered under epoch " + newest
                            + " at most, after an answer under epoch " + seen);
                }
                seen = run.server() == Execution.ANY_SERVER ? seen : Math.max(seen, newest);
            }
        }
        return found;
    }

    /** Returns the newest epoch that a run may be of: the only one, where its server is known. */
    private long newestEpoch(Execution run) {
        return reigns.stream()
                .filter(reign -> run.server() == Execution.ANY_SERVER || run.server() == reign.server())
                .filter(reign -> run.atNanos() - reign.fromNanos() >= 0)
                .mapToLong(Reign::epoch)
                .max()
                .orElse(0);
    }
}
