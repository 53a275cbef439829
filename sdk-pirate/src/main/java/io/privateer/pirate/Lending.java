package io.privateer.pirate;

import io.privateer.core.Settings;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The part of a queue that sends requests to the workers of other clusters, its lenders, and lets other clusters, its
 * borrowers, have its own. Made by {@link PirateQueue#lend}, for a broker that knows which clusters there are: applications
 * use {@code sdk-peering}.
 *
 * <p>A lender is a worker to the queue, whose credit somebody tells: {@link #credit}. A request goes to a worker of the
 * queue's own that is free first; where none is, to the lender that would begin with most more at once, equals drawn by lot; then
 * to workers, and last to lenders, that hold it until they can begin. It is lent once only: what was borrowed is never lent on.
 * What a lender refuses waits again, before others. What it had when it was lost goes to
 * the next, or ends as any delivery of a lost worker does.
 *
 * <p>A request of a borrower does not wait here: where none of the queue's own workers takes it, it is refused at once.
 *
 * <p>Not thread-safe: to be called on the queue's event loop. Nothing blocks.
 */
public interface Lending {

    /** Returns where borrowers connect, with the real port. */
    String endpoint();

    /**
     * Connects to a lender, which gets nothing until it has credit. What it may have under another endpoint comes back at once, and
     * what another life of it has: unless the queue there has been found to be another since that was opened, and is known to
     * have no more than it was given since. One that was to finish what it has may go on.
     *
     * @param lender its name
     * @param life which life of it; a lender that was started again knows nothing of what it had
     * @param endpoint where it listens to borrowers
     * @throws IllegalArgumentException if {@code endpoint} is none
     */
    void open(String lender, UUID life, String endpoint);

    /**
     * Says how many requests a lender will hold of this queue, by service; none of those that are not named. Who is
     * unknown or leaves is not given any.
     */
    void credit(String lender, Map<String, Credit> creditByService);

    /**
     * Sends a lender nothing any more.
     *
     * @param drain whether it finishes what it has; otherwise that goes elsewhere at once
     */
    void close(String lender, boolean drain);

    /**
     * Tells the queue at {@code endpoint}, which stands by, that its workers are wanted and the other one of its pair is not heard: one
     * vote, as a client has it, on a connection of its own. A queue that serves does nothing upon it.
     *
     * @throws IllegalArgumentException if {@code endpoint} is none
     */
    void vote(String endpoint);

    /** Connects to every lender anew, under another id: what they had under the former one comes back. */
    void rename(UUID self);

    /** Returns how many requests a lender has; 0 if there is none of that name. */
    int lent(String lender);

    /** Returns what the queue's own workers could do now. */
    Capacity capacity();

    /**
     * What the workers of a queue could do at one moment.
     *
     * @param serves whether the queue takes requests: it stands by for no other, and does not drain
     * @param services those that have workers, or requests that wait
     * @param holdings what borrowers have here; nothing of those that have nothing
     */
    record Capacity(boolean serves, List<ServiceCapacity> services, List<Holding> holdings) {}

    /**
     * One service.
     *
     * @param service its name; empty for the default service
     * @param spare how many more requests its workers would begin at once
     * @param ahead how many more than those they would hold until they can begin
     * @param backlog how many wait for them
     */
    record ServiceCapacity(String service, int spare, int ahead, int backlog) {}

    /**
     * How many requests of this queue a lender will hold, of one service.
     *
     * @param atOnce how many of them its workers have begun, or would begin at once
     * @param inAll those and what its workers hold until they can begin; not less
     */
    record Credit(int atOnce, int inAll) {

        public Credit {
            Settings.check(atOnce >= 0, "atOnce", ">= 0", atOnce);
            Settings.check(inAll >= atOnce, "inAll", ">= atOnce=" + atOnce, inAll);
        }

        /** Returns both together; what no {@code int} can say, as the most it can. */
        public Credit plus(Credit other) {
            return new Credit(sum(atOnce, other.atOnce), sum(inAll, other.inAll));
        }

        private static int sum(int a, int b) {
            return (int) Math.min((long) a + b, Integer.MAX_VALUE);
        }
    }

    /**
     * What one borrower has in the hands of this queue.
     *
     * @param borrower the id with which it connected
     * @param held how many requests
     */
    record Holding(UUID borrower, String service, int held) {}
}
