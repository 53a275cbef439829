package io.privateer.pirate;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Backoff;
import io.privateer.core.Reason;
import io.privateer.core.internal.Deadlines;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a Lazy Pirate client does next (Guide, chapter 4). Performs no I/O, reads no clock and starts no thread.
 *
 * <p>Call one {@code on…} method per input with the current {@link io.privateer.core.NanoClock} reading, and
 * {@link #onTick} no later than {@link #nextDeadlineNanos()} unless idle. Outputs leave through the
 * {@link LazyPiratePort} during the call; each submitted request ends in exactly one {@code succeed} or {@code fail}.
 *
 * <p>Not thread-safe: confine an instance to the thread that owns the socket.
 */
final class LazyPirateMachine {

    enum State {
        /** No request is outstanding. */
        IDLE,
        /** The request was sent and its reply is awaited. */
        AWAITING_REPLY,
        /** An attempt failed and the next one is not due yet. */
        BACKING_OFF
    }

    private static final int NO_ENDPOINT = -1;

    private final List<String> endpoints;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final LazyPiratePort port;
    private final List<Attempt> attempts = new ArrayList<>();
    private final long settleNanos;

    /** Where an attempt of the present request was in vain. */
    private final boolean[] hasFailed;

    private State state = State.IDLE;
    private byte @Nullable [][] request;
    private RequestOptions options = RequestOptions.defaults();

    /** The endpoint in use, or to be tried first. */
    private int endpoint;

    private boolean open;
    private long deadlineNanos;
    private boolean hasDeadline;
    private long attemptStartNanos;
    private long attemptEndsNanos;

    /** How often servers have turned the present attempt away. */
    private int refusals;

    private long dueNanos;
    private long strayReplies;

    /** @param settleNanos how long to wait before another server is asked than one that was silent */
    LazyPirateMachine(
            List<String> endpoints, Backoff backoff, long settleNanos, RandomGenerator random, LazyPiratePort port) {
        this.endpoints = endpoints;
        this.backoff = backoff;
        this.random = random;
        this.port = port;
        this.settleNanos = settleNanos;
        this.hasFailed = new boolean[endpoints.size()];
    }

    /**
     * Takes a request.
     *
     * @param leftNanos how much of the deadline is left, where there is one
     * @throws IllegalStateException if one is outstanding already
     */
    void onSubmit(long nowNanos, byte[][] body, RequestOptions newOptions, long leftNanos) {
        if (state != State.IDLE) {
            throw new IllegalStateException("a request is outstanding, state " + state);
        }
        request = body;
        options = newOptions;
        attempts.clear();
        Arrays.fill(hasFailed, false);
        hasDeadline = newOptions.deadline().isPresent();
        deadlineNanos = nowNanos + leftNanos;
        attempt(nowNanos);
    }

    /** Takes a reply from the open socket. One that nobody waits for is counted and dropped. */
    void onReply(long nowNanos, byte[][] body) {
        if (state != State.AWAITING_REPLY) {
            strayReplies++;
            return;
        }
        port.ended(endpoint, attemptEnded(nowNanos, Outcome.REPLIED));
        becomeIdle();
        port.succeed(body);
    }

    /** The server takes no requests now. The same attempt goes on, at another server or a little later. */
    void onRefused(long nowNanos) {
        if (state != State.AWAITING_REPLY) {
            strayReplies++;
            return;
        }
        Attempt refused = attemptEnded(nowNanos, Outcome.REFUSED);
        port.ended(endpoint, attemptEnded(nowNanos, Outcome.REPLIED)); // It is there, which is all that a breaker asks.
        refusals++;
        int next = nextToAsk();
        long waitNanos = next != endpoint && refusals < endpoints.size() ? 0 : backoff.delayNanos(1, random);
        if (nowNanos + waitNanos - attemptEndsNanos >= 0) {
            endAttempt(nowNanos, refused);
            return;
        }
        if (next != endpoint) {
            closeSocket();
            endpoint = next;
        }
        state = State.BACKING_OFF;
        dueNanos = nowNanos + waitNanos;
        if (waitNanos == 0) {
            ask(nowNanos);
        }
    }

    /** The next that has not failed this request, or the present one again. */
    private int nextToAsk() {
        for (int i = 1; i < endpoints.size(); i++) {
            int candidate = (endpoint + i) % endpoints.size();
            if (!hasFailed[candidate]) {
                return candidate;
            }
        }
        return endpoint;
    }

    /** The connection is lost: a reply that was awaited will not come on the next one either. */
    void onDisconnected(long nowNanos) {
        if (state == State.AWAITING_REPLY) {
            failAttempt(nowNanos, Outcome.DISCONNECTED);
        } else {
            closeSocket(); // The next request begins with a fresh one, rather than wait for this one's next try.
        }
    }

    /** The caller no longer waits. */
    void onGiveUp(long nowNanos, Reason reason) {
        if (state == State.IDLE) {
            return;
        }
        if (state == State.AWAITING_REPLY) {
            Attempt abandoned = attemptEnded(nowNanos, Outcome.ABANDONED);
            attempts.add(abandoned);
            port.ended(endpoint, abandoned);
            closeSocket();
        }
        fail(reason);
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        if (state == State.IDLE || nowNanos - dueNanos < 0) {
            return;
        }
        switch (state) {
            case IDLE -> {}
            case AWAITING_REPLY -> failAttempt(nowNanos, Outcome.TIMED_OUT);
            case BACKING_OFF -> {
                if (refusals > 0) {
                    ask(nowNanos);
                } else {
                    attempt(nowNanos);
                }
            }
        }
    }

    /** Returns when {@link #onTick} is due at the latest; means nothing while idle. */
    long nextDeadlineNanos() {
        return dueNanos;
    }

    boolean isIdle() {
        return state == State.IDLE;
    }

    /** Returns how many replies came that nobody waited for. */
    long strayReplies() {
        return strayReplies;
    }

    private void attempt(long nowNanos) {
        refusals = 0;
        attemptStartNanos = nowNanos;
        attemptEndsNanos = nowNanos + options.attemptTimeout().toNanos();
        if (hasDeadline) {
            attemptEndsNanos = Deadlines.earlier(attemptEndsNanos, deadlineNanos);
        }
        ask(nowNanos);
    }

    /** Asks one server, within the present attempt. */
    private void ask(long nowNanos) {
        int chosen = chooseEndpoint();
        if (chosen == NO_ENDPOINT) {
            // Only a request that was never sent may be called that.
            fail(attempts.isEmpty() ? Reason.CIRCUIT_OPEN : Reason.TIMED_OUT);
            return;
        }
        if (open && chosen != endpoint) {
            closeSocket();
        }
        endpoint = chosen;
        state = State.AWAITING_REPLY;
        if (!open) {
            open = port.open(chosen);
        }
        if (!open) {
            failAttempt(nowNanos, Outcome.UNREACHABLE);
            return;
        }
        dueNanos = attemptEndsNanos;
        if (!port.send(outstanding())) {
            failAttempt(nowNanos, Outcome.DISCONNECTED);
        }
    }

    /** The first endpoint whose breaker lets an attempt pass, beginning with the present one. */
    private int chooseEndpoint() {
        for (int i = 0; i < endpoints.size(); i++) {
            int candidate = (endpoint + i) % endpoints.size();
            if (port.tryAcquire(candidate)) {
                return candidate;
            }
        }
        return NO_ENDPOINT;
    }

    private void failAttempt(long nowNanos, Outcome outcome) {
        Attempt failed = attemptEnded(nowNanos, outcome);
        port.ended(endpoint, failed);
        hasFailed[endpoint] = outcome != Outcome.TIMED_OUT; // One that is slow may be the one that serves.
        endAttempt(nowNanos, failed);
    }

    private void endAttempt(long nowNanos, Attempt failed) {
        attempts.add(failed);
        closeSocket();
        endpoint = (endpoint + 1) % endpoints.size();
        refusals = 0;
        long waitNanos = waitBeforeNext(failed.outcome());
        boolean tooLate = hasDeadline && nowNanos + waitNanos - deadlineNanos >= 0;
        if (attempts.size() >= options.attemptsMax() || tooLate) {
            fail(Reason.TIMED_OUT);
            return;
        }
        port.retrying(failed, attempts.size() + 1, waitNanos);
        if (waitNanos == 0) {
            attempt(nowNanos);
        } else {
            state = State.BACKING_OFF;
            dueNanos = nowNanos + waitNanos;
        }
    }

    /** An endpoint that this request has not tried yet is tried at once. */
    private long waitBeforeNext(Outcome last) {
        int round = attempts.size() / endpoints.size();
        long waitNanos = attempts.size() < endpoints.size() ? 0 : backoff.delayNanos(round, random);
        boolean elsewhere = endpoints.size() > 1 && last == Outcome.TIMED_OUT;
        return elsewhere ? Math.max(waitNanos, settleNanos) : waitNanos;
    }

    private Attempt attemptEnded(long nowNanos, Outcome outcome) {
        return new Attempt(endpoints.get(endpoint), outcome, Duration.ofNanos(nowNanos - attemptStartNanos));
    }

    private void fail(Reason reason) {
        becomeIdle();
        port.fail(reason, List.copyOf(attempts));
    }

    private void becomeIdle() {
        state = State.IDLE;
        request = null;
    }

    private void closeSocket() {
        if (open) {
            open = false;
            port.closeSocket();
        }
    }

    private byte[][] outstanding() {
        if (request == null) {
            throw new IllegalStateException("no request is outstanding");
        }
        return request;
    }
}
