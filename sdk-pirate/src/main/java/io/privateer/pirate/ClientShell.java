package io.privateer.pirate;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.PirateException;
import io.privateer.core.Randomness;
import io.privateer.core.Reason;
import io.privateer.core.TransportFailedException;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.EpochFence;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import io.privateer.pirate.LazyPirateListener.BreakerChanged;
import io.privateer.pirate.PirateClientListener.Connected;
import io.privateer.pirate.PirateClientListener.ConnectionLost;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one {@link ClientMachine} to its sockets and to the callers that wait. Not thread-safe: confine to the loop's
 * thread, except {@link #submit} and {@link #withdraw}.
 *
 * <p>Calls that have ended are completed after the machine is done with an input, because callers' actions run then and
 * may do anything: make new calls, cancel others, close the client.
 */
final class ClientShell implements ClientPort, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(PirateClient.class);
    private static final long BACKLOG_RETRY_NANOS = 1_000_000;

    private final EventLoop loop;
    private final PirateClientConfig config;
    private final CallBounds bounds;
    private final PeerId self;
    private final ClientMachine machine;
    private final EndpointBreakers breakers;
    private final ListenerGuard<PirateClientListener> listener;
    private final LoopTimer timer;
    private final @Nullable ClientConnection[] connections;
    private final ClientInbox inbox = new ClientInbox();
    private final ArrayList<ClientCall> done = new ArrayList<>();
    private final Runnable takeSubmitted = this::takeSubmitted;
    private final Runnable endTurn = this::endTurn;
    private @Nullable CompletableFuture<Boolean> drained;
    private @Nullable Throwable loopFailure;
    private boolean turnEnds;
    private boolean completing;
    private boolean closed;
    private long malformed;
    private final EpochFence epochs = new EpochFence();

    ClientShell(EventLoop loop, PirateClientConfig config, CallBounds bounds) {
        RandomGenerator random = Randomness.system();
        this.loop = loop;
        this.config = config;
        this.bounds = bounds;
        this.self = PeerId.random(random);
        this.listener = new ListenerGuard<>(loop, log, config.name(), config.listener());
        this.connections = new @Nullable ClientConnection[config.endpoints().size()];
        this.breakers = new EndpointBreakers(
                config.endpoints(),
                config.breakerFailuresMax(),
                config.breakerOpenFor(),
                loop.clock(),
                this::onBreakerChanged);
        this.machine = new ClientMachine(now(), config, random, this);
        this.timer = loop.timer(this::onTimer);
        loop.join(this);
        machine.links().start(now());
        settle();
    }

    /** Takes a call from any thread. */
    void submit(ClientCall call) {
        if (inbox.add(call)) {
            tell(takeSubmitted);
        }
    }

    /** Takes a call back that its caller has ended, from any thread. */
    void withdraw(ClientCall call) {
        tell(() -> end(call, null));
    }

    /** Takes a call back whose caller shall hear why, from any thread. */
    void giveUp(ClientCall call, Reason reason) {
        tell(() -> end(call, reason));
    }

    private void tell(Runnable task) {
        try {
            loop.execute(task);
        } catch (ClosedException | TransportFailedException e) {
            refuseSubmitted(); // The loop has ended, and the machine with it.
        }
    }

    private void end(ClientCall call, @Nullable Reason reason) {
        takeSubmitted();
        machine.onGiveUp(now(), call, reason);
        settle();
    }

    private void takeSubmitted() {
        if (closed) {
            refuseSubmitted();
            return;
        }
        ClientCall call = inbox.takeAll();
        if (call == null) {
            return;
        }
        long nowNanos = now();
        while (call != null) {
            ClientCall next = call.inboxNext;
            call.inboxNext = null;
            if (call.future.isDone()) {
                bounds.release(call.bodyBytes);
            } else {
                machine.onSubmit(nowNanos, call);
            }
            call = next;
        }
        settle();
    }

    private void refuseSubmitted() {
        for (ClientCall call = inbox.takeAll(); call != null; call = call.inboxNext) {
            call.failure = failure(call, endOf(), null);
            complete(call);
        }
    }

    /** Lets the turn end with what this input has brought about: calls completed, records sent, the timer armed. */
    void settle() {
        completeDone();
        if (!turnEnds && !closed) {
            turnEnds = true;
            loop.atEndOfTurn(endTurn);
        }
    }

    private void endTurn() {
        if (!closed) {
            takeSubmitted();
            machine.flush(now());
            completeDone();
        }
        turnEnds = false; // A connection that is given up from here on makes the turn end once more.
        boolean allSent = closed || sendBacklogs(); // A caller's action may close the client, before and meanwhile.
        if (!closed) {
            long dueNanos = machine.nextDeadlineNanos();
            timer.arm(allSent ? dueNanos : Deadlines.earlier(dueNanos, now() + BACKLOG_RETRY_NANOS));
        }
    }

    private boolean sendBacklogs() {
        boolean allSent = true;
        for (ClientConnection connection : connections) {
            allSent &= connection == null || connection.sendBacklog();
        }
        return allSent;
    }

    private void onTimer() {
        if (!closed) {
            machine.onTick(now());
            settle();
        }
    }

    private void completeDone() {
        if (completing) {
            return;
        }
        completing = true;
        for (int i = 0; i < done.size(); i++) { // It may grow meanwhile.
            complete(done.get(i));
        }
        done.clear();
        completing = false;
        if (drained != null && machine.openCount() == 0) {
            drained.complete(true);
        }
    }

    private void complete(ClientCall call) {
        bounds.release(call.bodyBytes);
        if (call.failure != null) {
            call.future.fail(call.failure);
        } else if (call.reply != null) {
            call.future.succeed(UnsafeMessages.wrap(call.reply));
        }
    }

    /** Returns what completes once no call is open, with true, or with false once the client is closed. */
    CompletableFuture<Boolean> drain() {
        if (drained == null) {
            drained = new CompletableFuture<>();
        }
        if (closed) {
            drained.complete(false);
        } else {
            takeSubmitted();
            settle();
        }
        return drained;
    }

    void close() {
        if (!closed) {
            takeSubmitted();
            closed = true;
            machine.close(now(), endOf());
            timer.cancel();
            loop.leave(this);
            completeDone();
            if (drained != null) {
                drained.complete(false);
            }
        }
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        loopFailure = failure;
        close();
        if (failure != null) {
            listener.tell(to -> to.onFailed(failure));
        }
    }

    PirateClientStats stats(long rejected) {
        return machine.counters().snapshot(rejected, bounds, machine.links(), malformed, listener.failures());
    }

    @Override
    public boolean open(int endpoint) {
        try {
            connections[endpoint] = new ClientConnection(loop, config, endpoint, machine, this);
            return true;
        } catch (EndpointException e) {
            log.debug("endpoint cannot be connected client={} endpoint={}", config.name(), address(endpoint), e);
            return false;
        }
    }

    @Override
    public void close(int endpoint) {
        at(endpoint).close();
        connections[endpoint] = null;
    }

    @Override
    public void hello(int endpoint, boolean vote) {
        at(endpoint).outbox.hello(self, config.socketSettings().messageBytesMax(), vote);
    }

    @Override
    public void heartbeat(int endpoint) {
        at(endpoint).outbox.heartbeat();
    }

    @Override
    public void goodbye(int endpoint) {
        at(endpoint).outbox.goodbye(Status.OK);
    }

    @Override
    public void acknowledge(int endpoint, long firstOpen) {
        at(endpoint).outbox.acknowledge(firstOpen);
    }

    @Override
    public void request(int endpoint, ClientCall call, long ttlMicros) {
        call.writeTo(at(endpoint).outbox, ttlMicros);
    }

    @Override
    public void cancel(int endpoint, long id) {
        at(endpoint).outbox.cancel(id);
    }

    @Override
    public void flush(int endpoint) {
        at(endpoint).outbox.flush();
    }

    @Override
    public void limit(int endpoint, int messageBytesMax) {
        at(endpoint).limit(messageBytesMax);
    }

    @Override
    public boolean tryAcquire(int endpoint) {
        return breakers.tryAcquire(endpoint);
    }

    @Override
    public void ended(int endpoint, Outcome outcome, long elapsedNanos) {
        breakers.ended(endpoint, new Attempt(address(endpoint), outcome, Duration.ofNanos(elapsedNanos)));
    }

    @Override
    public void welcomed(int endpoint, PeerId incarnation) {
        log.info("connected client={} endpoint={} incarnation={}", config.name(), address(endpoint), incarnation);
        listener.tell(to -> to.onConnected(new Connected(address(endpoint), incarnation.toString())));
    }

    @Override
    public void inactive(int endpoint) {
        log.info("server takes no requests client={} endpoint={}", config.name(), address(endpoint));
    }

    @Override
    public void lost(int endpoint, Outcome outcome, int openCalls) {
        log.info(
                "connection lost client={} endpoint={} cause={} openCalls={}",
                config.name(),
                address(endpoint),
                outcome,
                openCalls);
        listener.tell(to -> to.onConnectionLost(new ConnectionLost(address(endpoint), outcome, openCalls)));
    }

    @Override
    public void withdrawn(ClientCall call) {
        done.add(call);
    }

    @Override
    public void succeed(ClientCall call, byte[][] reply) {
        call.reply = reply;
        done.add(call);
    }

    @Override
    public void fail(ClientCall call, Reason reason, @Nullable String text) {
        call.failure = failure(call, reason, text);
        done.add(call);
    }

    private PirateException failure(ClientCall call, Reason reason, @Nullable String text) {
        return ClientErrors.of(reason, text, call.attempts(), config, loopFailure);
    }

    private Reason endOf() {
        return loopFailure == null && loop.failure() == null ? Reason.CLOSED : Reason.TRANSPORT_FAILED;
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

    EpochFence epochs() {
        return epochs;
    }

    void malformed(int endpoint, @Nullable String problem) {
        malformed++;
        if (malformed == 1) {
            String text = "malformed message dropped client={} endpoint={} problem={} (counted, not logged again)";
            log.warn(text, config.name(), address(endpoint), problem);
        }
    }

    long now() {
        return loop.clock().nanoTime();
    }

    private ClientConnection at(int endpoint) {
        ClientConnection connection = connections[endpoint];
        if (connection == null) {
            throw new IllegalStateException("no connection to endpoint " + endpoint);
        }
        return connection;
    }

    private String address(int endpoint) {
        return config.endpoints().get(endpoint);
    }
}
