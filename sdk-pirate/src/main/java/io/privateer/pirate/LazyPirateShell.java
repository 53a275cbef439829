package io.privateer.pirate;

import io.privateer.core.Attempt;
import io.privateer.core.CircuitOpenException;
import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.core.Randomness;
import io.privateer.core.Reason;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.Envelope;
import io.privateer.core.wire.Refusals;
import io.privateer.pirate.LazyPirateListener.BreakerChanged;
import io.privateer.pirate.LazyPirateListener.Retry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one {@link LazyPirateMachine} to a DEALER socket that speaks as REQ does, and to the caller that waits. Not
 * thread-safe: confine to the loop's thread.
 */
final class LazyPirateShell implements LazyPiratePort, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(LazyPirateClient.class);
    private static final byte[][] NO_ADDRESS = {};

    private final EventLoop loop;
    private final LazyPirateConfig config;
    private final RandomGenerator random = Randomness.system();
    private final LazyPirateMachine machine;
    private final EndpointBreakers breakers;
    private final ListenerGuard<LazyPirateListener> listener;
    private final LoopTimer timer;
    private @Nullable DealerSocket socket;
    private @Nullable CompletableFuture<Message> caller;
    private @Nullable Throwable loopFailure;
    private boolean closed;
    private long requests;
    private long replied;
    private long failed;
    private long retries;
    private long malformed;

    LazyPirateShell(EventLoop loop, LazyPirateConfig config) {
        this.loop = loop;
        this.config = config;
        this.listener = new ListenerGuard<>(loop, log, config.name(), config.listener());
        this.machine = new LazyPirateMachine(
                config.endpoints(), config.backoff(), config.settle().toNanos(), random, this);
        this.breakers = new EndpointBreakers(
                config.endpoints(),
                config.breakerFailuresMax(),
                config.breakerOpenFor(),
                loop.clock(),
                this::onBreakerChanged);
        this.timer = loop.timer(this::onTimer);
        loop.join(this);
    }

    /** Starts a request whose outcome completes {@code outcome}. */
    void submit(Message request, RequestOptions options, long leftNanos, CompletableFuture<Message> outcome) {
        caller = outcome;
        requests++;
        if (closed) {
            fail(loopFailure == null ? Reason.CLOSED : Reason.TRANSPORT_FAILED, List.of());
            return;
        }
        byte[][] frames = Envelope.join(NO_ADDRESS, UnsafeMessages.framesOf(request));
        machine.onSubmit(now(), frames, options, leftNanos);
        armTimer();
    }

    /** Ends the request whose outcome would complete {@code outcome}, unless it has ended. */
    void giveUp(CompletableFuture<Message> outcome) {
        if (caller == outcome) {
            machine.onGiveUp(now(), Reason.INTERRUPTED);
        }
    }

    void close() {
        if (!closed) {
            closed = true;
            Reason reason = loopFailure == null ? Reason.CLOSED : Reason.TRANSPORT_FAILED;
            machine.onGiveUp(now(), reason);
            if (caller != null) {
                fail(reason, List.of()); // The loop failed while the machine was taking the request.
            }
            timer.cancel();
            loop.leave(this);
            closeSocket();
        }
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        loopFailure = failure;
        close();
    }

    ClientStats stats() {
        return new ClientStats(
                requests, replied, failed, retries, machine.strayReplies(), malformed, listener.failures());
    }

    @Override
    public boolean open(int endpoint) {
        String address = config.endpoints().get(endpoint);
        try {
            socket = loop.connectDealer(address, Refusals.newIdentity(random), config.socketSettings(), new Server());
            return true;
        } catch (EndpointException e) {
            log.debug("endpoint cannot be connected client={} endpoint={}", config.name(), address, e);
            return false;
        }
    }

    @Override
    public void closeSocket() {
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    @Override
    public boolean send(byte[][] body) {
        return socket != null && socket.send(body);
    }

    @Override
    public boolean tryAcquire(int endpoint) {
        return breakers.tryAcquire(endpoint);
    }

    @Override
    public void ended(int endpoint, Attempt attempt) {
        breakers.ended(endpoint, attempt);
    }

    @Override
    public void retrying(Attempt attempt, int nextAttempt, long waitNanos) {
        retries++;
        log.info(
                "no reply, trying again client={} endpoint={} outcome={} elapsedMillis={} nextAttempt={} waitMillis={}",
                config.name(),
                attempt.endpoint(),
                attempt.outcome(),
                attempt.elapsed().toMillis(),
                nextAttempt,
                waitNanos / 1_000_000);
        listener.tell(to -> to.onRetry(new Retry(attempt, nextAttempt, Duration.ofNanos(waitNanos))));
    }

    @Override
    public void succeed(byte[][] body) {
        replied++;
        CompletableFuture<Message> outcome = takeCaller();
        outcome.complete(UnsafeMessages.wrap(body));
    }

    @Override
    public void fail(Reason reason, List<Attempt> attempts) {
        failed++;
        CompletableFuture<Message> outcome = takeCaller();
        outcome.completeExceptionally(exception(reason, attempts));
    }

    private PirateException exception(Reason reason, List<Attempt> attempts) {
        String client = "client " + config.name();
        return switch (reason) {
            case TIMED_OUT -> new RequestTimeoutException(client + " got no reply", attempts);
            case CIRCUIT_OPEN ->
                new CircuitOpenException(
                        client + " sent nothing: the circuit breaker of every endpoint is open " + config.endpoints(),
                        attempts);
            case INTERRUPTED ->
                new InterruptedRequestException(client + " was interrupted while it waited for a reply", attempts);
            case CLOSED -> new ClosedException(client + " is closed", attempts);
            case TRANSPORT_FAILED -> new TransportFailedException(client + " has failed", attempts, loopFailure);
            case ENDPOINT_UNUSABLE,
                    STORAGE_UNUSABLE,
                    TOO_SLOW,
                    NOT_SERVED,
                    OVERLOADED,
                    HANDLER_FAILED,
                    EXPIRED,
                    NO_WORKERS,
                    REDELIVERY_EXHAUSTED,
                    TOO_LARGE,
                    UNAUTHORIZED,
                    MAY_HAVE_RUN -> throw new IllegalStateException("a request does not end like this: " + reason);
        };
    }

    private CompletableFuture<Message> takeCaller() {
        CompletableFuture<Message> outcome = caller;
        if (outcome == null) {
            throw new IllegalStateException("a request ended that nobody had made");
        }
        caller = null;
        return outcome;
    }

    private void onBreakerChanged(BreakerChanged event) {
        log.info(
                "circuit breaker changed client={} endpoint={} from={} to={}",
                config.name(),
                event.endpoint(),
                event.from(),
                event.to());
        listener.tell(to -> to.onBreakerChanged(event));
    }

    private void onTimer() {
        machine.onTick(now());
        armTimer();
    }

    private void armTimer() {
        if (!closed && !machine.isIdle()) {
            timer.arm(machine.nextDeadlineNanos());
        }
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    private final class Server implements DealerSocket.Handler {
        @Override
        public void onMessage(byte[][] frames) {
            Envelope reply = Envelope.parse(frames);
            if (reply != null && reply.address().length == 0) {
                onBody(reply.body());
                return;
            }
            malformed++;
            if (malformed == 1) {
                log.warn(
                        "malformed reply dropped client={} frames={} (counted, not logged again)",
                        config.name(),
                        frames.length);
            }
        }

        private void onBody(byte[][] body) {
            if (Refusals.statusOf(body) == null) {
                machine.onReply(now(), body);
            } else {
                machine.onRefused(now());
                armTimer();
            }
        }

        @Override
        public void onDisconnected() {
            machine.onDisconnected(now());
            armTimer();
        }
    }
}
