package io.privateer.pirate;

import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Backoff;
import io.privateer.core.Reason;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.Status;
import io.privateer.pirate.ClientCall.Phase;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of the calls of a {@link PirateClient}. Touches no socket, clock or thread: call one on… method
 * per input, then {@link #flush}, and {@link #onTick} no later than {@link #nextDeadlineNanos}. Not thread-safe.
 *
 * <p>A call keeps its id from its first attempt to its end, so that the server recognises it. First attempts go out at
 * once; whatever may have reached a server before goes out only to one that has said WELCOME, because only then is it
 * known to be there, and to be the same or another.
 */
final class ClientMachine implements LinkMachine.Calls {

    private final List<String> endpoints;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final ClientPort port;
    private final LinkMachine links;
    private final OpenCalls open;
    private final CallTimers timers;
    private final RetryBudget budget;
    private final ArrayDeque<ClientCall> starved = new ArrayDeque<>();
    private final ClientCounters counters = new ClientCounters();

    ClientMachine(long nowNanos, PirateClientConfig config, RandomGenerator random, ClientPort port) {
        this.endpoints = config.endpoints();
        this.backoff = config.backoff();
        this.random = random;
        this.port = port;
        this.open = new OpenCalls(config.inFlightMax());
        this.timers = new CallTimers(nowNanos);
        this.budget = new RetryBudget(config.retryBudget(), config.inFlightMax());
        this.links = new LinkMachine(config, random, port, this);
    }

    ClientCounters counters() {
        return counters;
    }

    /** Returns what decides about the connections; its inputs come straight from the shell. */
    LinkMachine links() {
        return links;
    }

    /** Takes a new call. */
    void onSubmit(long nowNanos, ClientCall call) {
        counters.requests++;
        budget.earn();
        ClientLink link = links.primary();
        if (link == null && links.isDenied()) {
            counters.failed++;
            call.phase = Phase.ENDED;
            port.fail(call, Reason.CIRCUIT_OPEN, null);
            return;
        }
        open.add(call);
        proceed(nowNanos, call);
        if (!starved.isEmpty()) {
            feedStarved(nowNanos);
        }
    }

    /** Takes what a server says about a call, which it has delivered so often. */
    void onReply(
            long nowNanos, int endpoint, long id, Status status, int deliveries, int retryAfterMillis, byte[][] body) {
        ClientCall call = open.get(id);
        if (call == null || (call.endpoint != endpoint && call.hedgeEndpoint != endpoint)) {
            counters.strayReplies++;
            return;
        }
        boolean fromHedge = call.hedgeEndpoint == endpoint;
        if (status == Status.OK) {
            counters.replied++;
            counters.hedgesWon += fromHedge ? 1 : 0;
            end(call);
            if (call.hedged) {
                cancelElsewhere(call, endpoint);
            }
            port.succeed(call, body);
        } else if (fromHedge) {
            call.onHedgeFailed(status, deliveries); // The first server may still answer, and what it says counts.
        } else {
            switch (status) {
                case BUSY -> busy(nowNanos, call, retryAfterMillis);
                case NOT_ACTIVE, STALE_EPOCH, UNKNOWN_PEER -> turnedAway(nowNanos, call, deliveries);
                default -> fail(call, ClientErrors.reasonOf(status), text(body));
            }
        }
    }

    /** The server takes no requests, or no more, so the call goes to who takes some. */
    private void turnedAway(long nowNanos, ClientCall call, int deliveries) {
        note(nowNanos, call, Outcome.REFUSED);
        links.onInactive(nowNanos, call.endpoint);
        call.onTurnedAway(deliveries);
        proceed(nowNanos, call);
    }

    /** The server does not take an attempt now. */
    private void busy(long nowNanos, ClientCall call, int retryAfterMillis) {
        note(nowNanos, call, Outcome.REFUSED);
        call.busy = call.onRefused();
        long waitNanos = Math.max(retryAfterMillis * 1_000_000L, backoff.delayNanos(call.attempt, random));
        if (call.busy && nowNanos + waitNanos - call.deadlineNanos >= 0) {
            fail(call, Reason.OVERLOADED, null);
        } else {
            backOff(call, nowNanos + waitNanos);
        }
    }

    /** The caller no longer waits; {@code reason} is what it shall hear, {@code null} if it listens no more. */
    void onGiveUp(long nowNanos, ClientCall call, @Nullable Reason reason) {
        if (call.phase == Phase.ENDED || open.get(call.id) != call) {
            return;
        }
        cancelElsewhere(call, ClientCall.NOWHERE);
        if (reason == null) {
            counters.cancelled++;
            end(call);
            port.withdrawn(call);
        } else {
            note(nowNanos, call, Outcome.ABANDONED);
            fail(call, reason, null);
        }
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        for (ClientCall call = timers.poll(nowNanos); call != null; call = timers.poll(nowNanos)) {
            onDue(nowNanos, call);
        }
        links.onTick(nowNanos);
    }

    private void onDue(long nowNanos, ClientCall call) {
        if (nowNanos - call.deadlineNanos >= 0) {
            note(nowNanos, call, Outcome.TIMED_OUT);
            cancelElsewhere(call, ClientCall.NOWHERE);
            fail(call, call.reasonOfDeadline(), null);
            return;
        }
        if (call.phase == Phase.SENT) {
            if (awaitsHedge(call) && nowNanos - call.hedgeAtNanos() >= 0) {
                hedge(nowNanos, call);
            }
            if (nowNanos - call.wakeNanos >= 0) {
                onAttemptTimedOut(nowNanos, call);
            }
        } else if (call.phase == Phase.BACKING_OFF && nowNanos - call.wakeNanos >= 0) {
            proceed(nowNanos, call);
            return;
        }
        arm(call);
    }

    private void onAttemptTimedOut(long nowNanos, ClientCall call) {
        ClientLink link = links.all().at(call.endpoint);
        if (link != null && link.welcomed && !link.inactive) {
            note(nowNanos, call, Outcome.TIMED_OUT);
            backOff(call, nowNanos + backoff.delayNanos(call.attempt, random));
        } else {
            call.wakeNanos = nowNanos + call.options.attemptTimeoutNanos(); // Nobody can be asked again.
        }
    }

    @Override
    public void onReady(long nowNanos, ClientLink link) {
        if (link != links.primary()) {
            return;
        }
        ClientCall call = open.first();
        while (call != null) {
            ClientCall after = call.openAfter;
            if (call.phase == Phase.WAITING) {
                proceed(nowNanos, call);
            }
            call = after;
        }
    }

    @Override
    public void onLost(long nowNanos, ClientLink link, Outcome outcome) {
        for (ClientCall call = open.first(); call != null; call = call.openAfter) {
            if (call.hedgeEndpoint == link.endpoint) {
                call.hedgeEndpoint = ClientCall.NOWHERE;
            }
            if (call.endpoint == link.endpoint) {
                note(nowNanos, call, outcome);
                call.endpoint = ClientCall.NOWHERE;
                call.mayBorrow = true;
                if (call.phase == Phase.SENT || call.phase == Phase.STARVED) {
                    call.phase = Phase.WAITING;
                    arm(call);
                }
            }
        }
    }

    /** Sends what was written. To be called after a number of inputs, soon. */
    void flush(long nowNanos) {
        links.all().flush(nowNanos);
    }

    /** Ends everything. */
    void close(long nowNanos, Reason reason) {
        for (ClientCall call = open.first(); call != null; call = open.first()) {
            note(nowNanos, call, Outcome.ABANDONED);
            fail(call, reason, null);
        }
        links.all().close(nowNanos);
    }

    /** Returns when {@link #onTick} is due at the latest. */
    long nextDeadlineNanos() {
        long due = links.nextDeadlineNanos();
        return timers.isEmpty() ? due : Deadlines.earlier(due, timers.nextDeadlineNanos());
    }

    @Override
    public int openCount() {
        return open.count();
    }

    @Override
    public long firstOpenId() {
        return open.firstOpenId();
    }

    /** Sends the call if it may go now, or lets it wait for what it lacks. */
    private void proceed(long nowNanos, ClientCall call) {
        ClientLink link = links.primary();
        call.phase = Phase.WAITING;
        if (link != null && (link.welcomed || !call.waitsForWelcome())) {
            if (call.frameBytesMax() > link.messageBytesMax) {
                fail(call, Reason.TOO_LARGE, "the server takes frames of " + link.messageBytesMax + " bytes");
                return;
            }
            if (mayHaveRunElsewhere(call, link)) {
                fail(call, Reason.MAY_HAVE_RUN, "it was sent, and the server it was sent to is gone");
                return;
            }
            sendOrStarve(nowNanos, call, link);
        }
        if (link == null || !link.welcomed) {
            links.onWanted(nowNanos);
        }
        arm(call);
    }

    private static boolean mayHaveRunElsewhere(ClientCall call, ClientLink link) {
        return call.reached != null && !call.reached.equals(link.incarnation);
    }

    private void sendOrStarve(long nowNanos, ClientCall call, ClientLink link) {
        if (call.attempt > 0) {
            if (!(call.mayBorrow ? budget.borrow() : budget.spend())) {
                starve(call);
                return;
            }
            counters.retries++;
        } else {
            call.firstSentNanos = nowNanos;
        }
        call.reached = call.options.isOnce() ? link.incarnation : null;
        call.phase = Phase.SENT;
        call.endpoint = link.endpoint;
        if (call.hedgeEndpoint == link.endpoint) {
            call.hedgeEndpoint = ClientCall.NOWHERE; // What was the second server is the first now.
        }
        call.mayBorrow = false;
        call.busy = false;
        call.sentNanos = nowNanos;
        call.wakeNanos = nowNanos + call.options.attemptTimeoutNanos();
        send(nowNanos, call, link);
    }

    private void send(long nowNanos, ClientCall call, ClientLink link) {
        call.count();
        links.all().beginWrite(link);
        port.request(link.endpoint, call, call.ttlMicros(nowNanos));
    }

    private void starve(ClientCall call) {
        counters.budgetRefusals++;
        call.phase = Phase.STARVED;
        if (!call.queued) {
            call.queued = true;
            starved.add(call);
        }
    }

    /** Lets those go on that wait for the budget, the first first. */
    private void feedStarved(long nowNanos) {
        ClientCall call = starved.peek();
        while (call != null && (call.phase != Phase.STARVED || budget.isEnough(call.mayBorrow))) {
            starved.remove();
            call.queued = false;
            if (call.phase == Phase.STARVED) {
                proceed(nowNanos, call);
            }
            call = starved.peek();
        }
    }

    private void hedge(long nowNanos, ClientCall call) {
        call.hedged = true;
        ClientLink second = links.second(nowNanos);
        if (second == null
                || call.frameBytesMax() > second.messageBytesMax
                || (!second.welcomed && call.isLarge())
                || !budget.spend()) {
            return;
        }
        counters.hedges++;
        call.hedgeEndpoint = second.endpoint;
        send(nowNanos, call, second);
    }

    private boolean awaitsHedge(ClientCall call) {
        return call.options.isHedged() && !call.hedged && endpoints.size() > 1;
    }

    private void backOff(ClientCall call, long untilNanos) {
        call.phase = Phase.BACKING_OFF;
        call.wakeNanos = untilNanos;
        arm(call);
    }

    private void arm(ClientCall call) {
        long due = call.deadlineNanos;
        if (call.phase == Phase.SENT || call.phase == Phase.BACKING_OFF) {
            due = Deadlines.earlier(due, call.wakeNanos);
        }
        if (call.phase == Phase.SENT && awaitsHedge(call)) {
            due = Deadlines.earlier(due, call.hedgeAtNanos());
        }
        timers.schedule(call, due);
    }

    /** Takes back what servers may be working on, but for the one that answered. */
    private void cancelElsewhere(ClientCall call, int answered) {
        cancel(call.id, call.endpoint, answered);
        cancel(call.id, call.hedgeEndpoint, answered);
    }

    private void cancel(long id, int endpoint, int answered) {
        ClientLink link = links.all().at(endpoint);
        if (link != null && endpoint != answered) {
            links.all().beginWrite(link);
            port.cancel(endpoint, id);
        }
    }

    /** Writes down how the attempt under way ended, if one is. */
    private void note(long nowNanos, ClientCall call, Outcome outcome) {
        if (call.phase == Phase.SENT) {
            call.note(endpoints.get(call.endpoint), outcome, nowNanos);
        }
    }

    private void fail(ClientCall call, Reason reason, @Nullable String text) {
        counters.failed++;
        end(call);
        port.fail(call, reason, text);
    }

    private void end(ClientCall call) {
        call.phase = Phase.ENDED;
        timers.cancel(call);
        open.remove(call);
    }

    private static String text(byte[][] body) {
        return new String(body[0], StandardCharsets.UTF_8);
    }
}
