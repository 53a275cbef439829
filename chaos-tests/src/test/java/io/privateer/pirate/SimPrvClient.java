package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Reason;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import io.privateer.pirate.SimPrvCalls.Call;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client of PRV/1: the production machines and codec, joined as {@link ClientShell} and {@link ClientConnection} join
 * them to their sockets, and a caller that has several calls in flight.
 */
final class SimPrvClient extends SimAsker {

    private static final int OPEN_MAX = 8;
    private static final int MESSAGE_BYTES_MAX = 1 << 20;
    private static final int LAST_CALLS = 4;

    private final List<SimPath> paths = new ArrayList<>();
    private final PirateClientConfig config;
    private final SimRecovery recovery;
    private @Nullable Life current;
    private int asked;
    private int succeeded;

    SimPrvClient(Sim sim, String name, List<SimQueue> queues) {
        super(sim, name);
        List<String> endpoints = new ArrayList<>();
        for (SimQueue queue : queues) {
            paths.add(sim.path(this, queue));
            endpoints.add("tcp://" + queue.name + ":" + paths.size());
        }
        this.recovery = sim.recovery(this, paths);
        SimSettings settings = sim.settings;
        this.config = PirateClient.builder()
                .endpoints(endpoints.toArray(String[]::new))
                .backoff(settings.retry)
                .liveness(settings.queue.liveness())
                .welcomeTimeout(Duration.ofNanos(settings.queue.silenceNanos()))
                .retryBudget(settings.retryBudget)
                .inFlightMax(2 * OPEN_MAX)
                .build();
    }

    @Override
    void onStart() {
        current = new Life();
        current.machine.links().start(now());
        thinkThenCall();
    }

    @Override
    void onCrash() {
        live().calls.clear();
    }

    @Override
    boolean hasDeadline() {
        return true;
    }

    @Override
    long nextDeadlineNanos() {
        return live().machine.nextDeadlineNanos();
    }

    @Override
    void onTick() {
        live().machine.onTick(now());
        live().calls.values().forEach(sim.prvCalls::checkInTime);
    }

    @Override
    void onTurnEnd() {
        live().machine.flush(now());
        checkRecovery(live().machine.links().primary());
    }

    private void checkRecovery(@Nullable ClientLink primary) {
        if (primary == null) {
            recovery.checkInTime(ClientCall.NOWHERE, false);
        } else {
            SimDealer socket = live().at(primary.endpoint).socket;
            recovery.checkInTime(primary.endpoint, primary.welcomed && socket.isConnected());
        }
    }

    @Override
    int succeeded() {
        return succeeded;
    }

    @Override
    boolean isWaiting() {
        return !live().calls.isEmpty();
    }

    @Override
    void checkCallsEnded() {
        live().calls
                .forEach((call, judged) ->
                        check(call.phase == ClientCall.Phase.STARVED, "what can go on ends", name, judged));
    }

    @Override
    int lastCalls() {
        return sim.settings.faults.contains(SimFault.OVERLOAD) ? 1 : LAST_CALLS;
    }

    @Override
    void callAtLast() {
        long delayNanos = 0;
        for (int i = 0; i < lastCalls(); i++) {
            inputIn(delayNanos, this::call);
            delayNanos += world.between(0, sim.settings.heartbeatNanos / 4);
        }
    }

    @Override
    void giveUp() {
        input(() -> {
            List<ClientCall> open = new ArrayList<>(live().calls.keySet());
            if (!open.isEmpty()) {
                ClientCall call = world.any(open);
                world.trace(name, "gives up", live().calls.get(call));
                live().machine.onGiveUp(now(), call, world.chance(0.5) ? Reason.INTERRUPTED : null);
            }
        });
    }

    @Override
    void call() {
        boolean poisoned = sim.faulty(SimFault.POISONED_REQUEST, 0.05);
        byte[][] body = SimContent.request(world, name + "#" + ++asked, poisoned);
        if (!sim.isHealed() && world.chance(0.03)) {
            body[body.length - 1] = body.length > 1 ? new byte[10_000] : body[0];
        }
        Call call = sim.prvCalls.begin(this, body, options());
        world.trace(name, "asks", call);
        Life live = live();
        ClientCall made = new ClientCall(UnsafeMessages.wrap(body), call.options, now(), withdrawn -> {});
        live.calls.put(made, call);
        live.machine.onSubmit(now(), made);
    }

    private CallOptions options() {
        CallOptions options = CallOptions.defaults()
                .withDeadline(sim.settings.callDeadline)
                .withAttemptTimeout(sim.settings.callAttemptTimeout)
                .withService(world.any(sim.settings.services));
        if (world.chance(0.4)) {
            return options.withDelivery(Delivery.ONCE);
        }
        return world.chance(0.2) ? options.withHedgeAfter(Duration.ofNanos(sim.settings.heartbeatNanos)) : options;
    }

    private void thinkThenCall() {
        if (!sim.isHealed()) {
            inputIn(world.between(0, sim.settings.thinkNanosMax), () -> {
                if (!sim.isHealed() && live().calls.size() < OPEN_MAX) {
                    call();
                }
                thinkThenCall();
            });
        }
    }

    private Life live() {
        return Objects.requireNonNull(current);
    }

    /** One incarnation: all that a crash takes away. */
    private final class Life implements ClientPort {
        private final PeerId self = PeerId.random(world.random());
        private final Map<ClientCall, Call> calls = new LinkedHashMap<>();
        private final SimFence fence = new SimFence(SimPrvClient.this);
        private final @Nullable SimPrvConnection[] connections = new @Nullable SimPrvConnection[paths.size()];
        private final ClientMachine machine = new ClientMachine(now(), config, world.random(), this);

        @Override
        public boolean open(int endpoint) {
            check(connections[endpoint] == null, "one socket per endpoint at a time", name);
            connections[endpoint] =
                    new SimPrvConnection(SimPrvClient.this, machine, paths.get(endpoint), endpoint, recovery, fence);
            return true;
        }

        @Override
        public void close(int endpoint) {
            at(endpoint).close();
            connections[endpoint] = null;
        }

        @Override
        public void hello(int endpoint, boolean vote) {
            at(endpoint).outbox.hello(self, MESSAGE_BYTES_MAX, vote);
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
            world.trace(name, "sends", calls.get(call), "attempt", call.attempt, "to", endpoint);
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
            at(endpoint).outbox.limit(Math.min(MESSAGE_BYTES_MAX, messageBytesMax));
        }

        @Override
        public boolean tryAcquire(int endpoint) {
            return !sim.faulty(SimFault.OPEN_CIRCUIT, 0.05);
        }

        @Override
        public void ended(int endpoint, Outcome outcome, long elapsedNanos) {}

        @Override
        public void welcomed(int endpoint, PeerId incarnation) {
            world.trace(name, "is welcomed by", endpoint, incarnation);
        }

        @Override
        public void inactive(int endpoint) {
            world.trace(name, "is taken no requests from by", endpoint);
        }

        @Override
        public void lost(int endpoint, Outcome outcome, int openCalls) {
            world.trace(name, "loses", endpoint, outcome, "open=" + openCalls);
        }

        @Override
        public void withdrawn(ClientCall call) {
            sim.prvCalls.withdrawn(take(call));
        }

        @Override
        public void succeed(ClientCall call, byte[][] reply) {
            Call ended = take(call);
            world.trace(name, "got", SimContent.text(reply), "for", ended);
            sim.prvCalls.succeeded(ended, reply);
            if (call.endpoint > 0) {
                world.reach(SimGoal.SECOND_ENDPOINT_ANSWERED);
            }
            succeeded++;
        }

        @Override
        public void fail(ClientCall call, Reason reason, @Nullable String text) {
            Call ended = take(call);
            world.trace(name, "got no reply to", ended, reason, text, call.attempts());
            sim.prvCalls.failed(ended, reason, text);
        }

        private Call take(ClientCall call) {
            return Objects.requireNonNull(calls.remove(call), "a call ends once");
        }

        private SimPrvConnection at(int endpoint) {
            return Objects.requireNonNull(connections[endpoint], "nothing is done with a closed socket");
        }
    }
}
