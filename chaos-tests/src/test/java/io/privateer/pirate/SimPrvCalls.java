package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.Reason;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Judges how the calls of PRV/1 clients end: once, in time, with the reply to what was asked or an error that can be; and
 * that what must not run twice does not, whoever runs it.
 */
final class SimPrvCalls {

    private static final long TIMER_NANOS = 3 << 20;

    /** So much before the deadline a queue may say that nobody took the request. */
    private static final long VERDICT_NANOS_MAX = 30_000_000L;

    private final Sim sim;
    private final Map<String, Call> byText = new HashMap<>();

    SimPrvCalls(Sim sim) {
        this.sim = sim;
    }

    /** One call of one client. Mutable. */
    static final class Call {
        final SimProcess client;
        final byte[][] body;
        final CallOptions options;
        final long beganAtNanos;
        final long deadlineNanos;
        final boolean served;
        int executions;
        boolean handlerFailed;
        boolean ended;

        Call(SimProcess client, byte[][] body, CallOptions options, long beganAtNanos, boolean served) {
            this.client = client;
            this.body = body;
            this.options = options;
            this.beganAtNanos = beganAtNanos;
            this.deadlineNanos = beganAtNanos + options.deadlineNanos();
            this.served = served;
        }

        @Override
        public String toString() {
            return SimContent.text(body) + (options.isOnce() ? " once" : "") + " of " + options.service();
        }
    }

    Call begin(SimProcess client, byte[][] body, CallOptions options) {
        Call call = new Call(client, body, options, client.now(), sim.isServed(options.service()));
        byText.put(SimContent.text(body), call);
        return call;
    }

    @Nullable
    Call of(byte[][] body) {
        return byText.get(SimContent.text(body));
    }

    /** A worker's handler is called. */
    void executing(byte[][] body, SimWorker worker) {
        Call call = of(body);
        String service = call == null ? "" : call.options.service();
        check(worker.service().equals(service), "a worker gets what is meant for its service", call, worker.name);
        if (call != null) {
            call.executions++;
            boolean once = call.options.isOnce();
            check(!once || call.executions == 1, "what must not run twice does not", call, worker.name);
        }
    }

    void handlerFailed(byte[][] body) {
        Call call = of(body);
        if (call != null) {
            call.handlerFailed = true;
        }
    }

    void succeeded(Call call, byte[][] reply) {
        ended(call);
        check(SimContent.isReplyTo(reply, call.body), "a reply answers its request", call, SimContent.text(reply));
        check(call.executions > 0, "a reply comes from a worker", call);
        if (sim.isHealed() && call.client.now() - call.beganAtNanos > sim.healedNanos()) {
            sim.world.reach(SimGoal.PRV_CALL_OUTLIVED_FAULTS);
        }
        if (!call.served) {
            sim.world.reach(SimGoal.PRV_SERVICE_CAME_BACK);
        }
    }

    void failed(Call call, Reason reason, @Nullable String text) {
        ended(call);
        boolean late = call.client.now() - call.deadlineNanos >= 0;
        switch (reason) {
            case NOT_SERVED -> {
                check(late, "not given up too early", call);
                check(call.executions == 0, "what nobody took does not run", call);
                sim.world.reach(SimGoal.PRV_NOT_SERVED);
            }
            case TIMED_OUT -> check(late, "not given up too early", call);
            case EXPIRED, NO_WORKERS ->
                check(
                        call.client.now() - call.deadlineNanos >= -VERDICT_NANOS_MAX - driftNanos(call),
                        "a request expires when its deadline is near",
                        call,
                        reason);
            case OVERLOADED -> {
                check(sim.settings.faults.contains(SimFault.OVERLOAD), "only a small queue is full", call);
                sim.world.reach(SimGoal.PRV_REFUSED);
            }
            case HANDLER_FAILED -> {
                check(call.handlerFailed, "only what failed has failed", call, text);
                sim.world.reach(SimGoal.PRV_HANDLER_FAILED);
            }
            case REDELIVERY_EXHAUSTED -> {
                check(!call.options.isOnce(), "what must not run twice is not redelivered", call);
                sim.world.reach(SimGoal.PRV_EXHAUSTED);
            }
            case MAY_HAVE_RUN -> {
                check(call.options.isOnce(), "what may run again does", call, text);
                sim.mayHaveRun(call);
                sim.world.reach(PairGoal.CALL_MAY_HAVE_RUN);
                sim.world.reach(SimGoal.PRV_MAY_HAVE_RUN);
            }
            case CIRCUIT_OPEN ->
                check(sim.settings.faults.contains(SimFault.OPEN_CIRCUIT), "circuits are closed", call);
            case TOO_LARGE -> sim.tooLarge(call);
            case INTERRUPTED -> sim.world.reach(SimGoal.CALL_GIVEN_UP);
            default -> throw new SimViolation("a call fails for a reason that exists here: " + reason);
        }
    }

    /** The queue's clock may be faster than the client's. */
    private long driftNanos(Call call) {
        return call.options.deadlineNanos() / 1_000_000 * sim.driftPpm();
    }

    /** The call's own client has withdrawn it, or is gone. */
    void withdrawn(Call call) {
        ended(call);
    }

    private void ended(Call call) {
        check(!call.ended, "a call ends once", call);
        call.ended = true;
        checkInTime(call);
    }

    void checkInTime(Call call) {
        long sinceResumedNanos = sim.world.now() - call.client.resumedAtNanos();
        long lateNanos = Math.min(call.client.now() - call.deadlineNanos, sinceResumedNanos);
        long slackNanos = 2 * sim.settings.lagNanosMax() + TIMER_NANOS;
        check(lateNanos <= slackNanos, "a call ends in time", call, "late by", lateNanos);
    }
}
