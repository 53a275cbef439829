package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.RecordReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Judges that one life of a queue gives no worker of PRV/1 more than it says that it will hold. */
final class PrvCredits {

    private final SimWorld world;
    private final Map<PeerId, Credit> byWorker = new HashMap<>();
    private final List<Credit> changedInTurn = new ArrayList<>();

    PrvCredits(SimWorld world) {
        this.world = world;
    }

    /** What is known of one worker. Mutable. */
    private static final class Credit {
        private final Set<Long> held = new HashSet<>();
        private long atReady;
        private long now;

        /** What is sent when a turn ends was decided at any moment of it. */
        private long mostOfTurn;

        /** Whether the queue counts as held what the worker has not answered, and nothing else. */
        private boolean exact = true;
    }

    void onReady(RecordReader ready) {
        Credit credit = of(ready.peer());
        Set<Long> named = new HashSet<>();
        for (int i = 0; i < ready.heldCount(); i++) {
            named.add(ready.heldId(i));
        }
        credit.held.retainAll(named);
        credit.exact |= credit.held.isEmpty();
        credit.atReady = ready.credit();
        set(credit, ready.credit());
    }

    void onCredit(PeerId worker, long said) {
        Credit credit = of(worker);
        set(credit, said);
        if (credit.held.size() > said) {
            world.reach(SimGoal.PRV_CREDIT_SHRANK);
        }
    }

    void onReply(PeerId worker, long deliveryId) {
        of(worker).held.remove(deliveryId);
    }

    void onRequest(@Nullable PeerId worker, long deliveryId) {
        if (worker == null) {
            return;
        }
        Credit credit = of(worker);
        credit.held.add(deliveryId);
        int held = credit.held.size();
        check(credit.mostOfTurn > 0, "a worker without credit is given nothing", worker, deliveryId);
        check(!credit.exact || held <= credit.mostOfTurn, "no more than its credit is given", worker, held);
        if (held > credit.atReady) {
            world.reach(SimGoal.PRV_CREDIT_GREW);
        }
    }

    /** The queue does not wait for a delivery any more, which the worker may hold all the same. */
    void onTakenBack(String workerId) {
        byWorker.forEach((worker, credit) -> credit.exact &= !worker.toString().equals(workerId));
    }

    void turnEnded() {
        changedInTurn.forEach(credit -> credit.mostOfTurn = credit.now);
        changedInTurn.clear();
    }

    private void set(Credit credit, long said) {
        credit.now = said;
        credit.mostOfTurn = Math.max(credit.mostOfTurn, said);
        changedInTurn.add(credit);
    }

    private Credit of(PeerId worker) {
        return byWorker.computeIfAbsent(worker, absent -> new Credit());
    }
}
