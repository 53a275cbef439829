package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.Attempt;
import io.privateer.core.Reason;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Judges how calls end: once, in time, and with the reply to what was asked. Keeps the ledger of executions. */
final class SimCalls {

    private final Sim sim;
    private final Set<String> executed = new HashSet<>();

    SimCalls(Sim sim) {
        this.sim = sim;
    }

    /** One call of one client. Mutable. */
    static final class Call {
        final SimProcess client;
        final byte[][] body;
        final long beganAtNanos;
        final int restartsBefore;
        boolean ended;

        /** Its last attempt would have been another one, but no circuit was closed. */
        boolean circuitFoundOpen;

        Call(SimProcess client, byte[][] body, long beganAtNanos, int restartsBefore) {
            this.client = client;
            this.body = body;
            this.beganAtNanos = beganAtNanos;
            this.restartsBefore = restartsBefore;
        }

        @Override
        public String toString() {
            return SimContent.text(body);
        }
    }

    Call begin(SimProcess client, byte[][] body) {
        return new Call(client, body, sim.world.now(), sim.queueRestarts());
    }

    void executed(byte[][] body) {
        executed.add(SimContent.text(body));
    }

    void succeeded(Call call, byte[][] reply) {
        ended(call);
        check(SimContent.isReplyTo(reply, call.body), "a reply answers its request", call, SimContent.text(reply));
        check(executed.contains(call.toString()), "a reply comes from a worker", call);
        if (sim.queueRestarts() > call.restartsBefore) {
            sim.world.reach(SimGoal.QUEUE_RESTART_SURVIVED);
        }
    }

    void failed(Call call, Reason reason, List<Attempt> attempts) {
        ended(call);
        long lastedNanos = sim.world.now() - call.beganAtNanos;
        RequestOptions options = sim.settings.calls;
        check(attempts.size() <= options.attemptsMax(), "no more attempts than allowed", call, attempts);
        switch (reason) {
            case TIMED_OUT -> {
                sim.world.reach(SimGoal.CALL_TIMED_OUT);
                boolean exhausted = attempts.size() == options.attemptsMax();
                if (!exhausted && !call.circuitFoundOpen) {
                    sim.world.reach(SimGoal.CALL_MET_DEADLINE);
                    long leftNanos = options.deadline().orElseThrow().toNanos() - lastedNanos;
                    check(leftNanos <= sim.settings.retryNanosMax(), "not given up too early", call, attempts);
                }
            }
            case CIRCUIT_OPEN -> {
                check(attempts.isEmpty(), "what was sent is not called unsent", call, attempts);
                sim.world.reach(SimGoal.CIRCUIT_FOUND_OPEN);
            }
            case INTERRUPTED -> sim.world.reach(SimGoal.CALL_GIVEN_UP);
            default -> throw new SimViolation("a call fails for a reason that exists here: " + reason);
        }
    }

    private void ended(Call call) {
        check(!call.ended, "a call ends once", call);
        call.ended = true;
        long lastedNanos = sim.world.now() - call.beganAtNanos;
        lastedNanos -= call.client.stoppedNanosSince(call.beganAtNanos);
        check(lastedNanos <= sim.settings.callNanosMax(), "a call ends in time", call, "after", lastedNanos);
    }
}
