package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.Attempt;
import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Reason;
import io.privateer.core.wire.Envelope;
import io.privateer.pirate.SimCalls.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A client's process: the production machine and envelope, joined as {@link LazyPirateShell} joins them to its socket,
 * and a caller that makes one call after another. Some clients ask through hops, which lengthen the return address.
 */
final class SimClient extends SimAsker {

    private final List<String> endpoints = new ArrayList<>();
    private final List<SimPath> paths = new ArrayList<>();
    private final byte[][] hops;
    private @Nullable Life current;
    private int calls;
    private int succeeded;
    private int lastEndpoint;

    SimClient(Sim sim, String name, List<SimQueue> queues) {
        super(sim, name);
        for (SimQueue queue : queues) {
            endpoints.add(queue.name);
            paths.add(sim.path(this, queue));
        }
        this.hops = new byte[world.chance(0.7) ? 0 : 1 + world.random().nextInt(3)][];
        for (int i = 0; i < hops.length; i++) {
            hops[i] = new byte[] {(byte) (i + 1), (byte) world.random().nextInt()};
        }
    }

    @Override
    void onStart() {
        current = new Life();
        thinkThenCall();
    }

    @Override
    void onCrash() {
        live().call = null;
    }

    @Override
    boolean hasDeadline() {
        return !live().machine.isIdle();
    }

    @Override
    long nextDeadlineNanos() {
        return live().machine.nextDeadlineNanos();
    }

    @Override
    void onTick() {
        live().machine.onTick(world.now());
        check(live().machine.isIdle() == (live().call == null), "a machine is idle between calls", name);
    }

    @Override
    int succeeded() {
        return succeeded;
    }

    @Override
    boolean isWaiting() {
        return live().call != null;
    }

    @Override
    void giveUp() {
        input(() -> live().machine.onGiveUp(world.now(), Reason.INTERRUPTED));
    }

    @Override
    void call() {
        Life live = live();
        boolean poisoned = sim.faulty(SimFault.POISONED_REQUEST, 0.05);
        Call call = sim.calls.begin(this, SimContent.request(world, name + "#" + ++calls, poisoned));
        world.trace(name, "asks", call);
        live.call = call;
        RequestOptions options = sim.settings.calls;
        long leftNanos = options.deadline().map(left -> left.toNanos()).orElse(0L);
        live.machine.onSubmit(world.now(), Envelope.join(hops, call.body), options, leftNanos);
    }

    private void thinkThenCall() {
        if (!sim.isHealed()) {
            inputIn(world.between(0, sim.settings.thinkNanosMax), () -> {
                if (!sim.isHealed()) {
                    call();
                }
            });
        }
    }

    private Life live() {
        return Objects.requireNonNull(current);
    }

    /** One incarnation: all that a crash takes away. */
    private final class Life implements LazyPiratePort, SimDealer.Handler {
        private final LazyPirateMachine machine =
                new LazyPirateMachine(endpoints, sim.settings.retry, 0, world.random(), this);
        private @Nullable SimDealer socket;
        private @Nullable Call call;

        @Override
        public void onMessage(byte[][] frames) {
            Envelope reply = Envelope.parse(frames);
            check(reply != null, "a client gets well-formed replies", name);
            Envelope parsed = Objects.requireNonNull(reply);
            check(Arrays.deepEquals(parsed.address(), hops), "the envelope comes back as it was sent", name);
            machine.onReply(world.now(), parsed.body());
        }

        @Override
        public void onDisconnected() {
            machine.onDisconnected(world.now());
        }

        @Override
        public boolean open(int endpoint) {
            check(socket == null, "one socket at a time", name);
            lastEndpoint = endpoint;
            SimPath path = paths.get(endpoint);
            socket = new SimDealer(sim, SimClient.this, path.queue().frontend, path, null, this);
            return true;
        }

        @Override
        public void closeSocket() {
            Objects.requireNonNull(socket, "nothing is done with a closed socket")
                    .close();
            socket = null;
        }

        @Override
        public boolean send(byte[][] body) {
            Objects.requireNonNull(socket, "nothing is done with a closed socket")
                    .send(body);
            return true;
        }

        @Override
        public boolean tryAcquire(int endpoint) {
            boolean closed = !sim.faulty(SimFault.OPEN_CIRCUIT, 0.05);
            Objects.requireNonNull(call).circuitFoundOpen = !closed;
            return closed;
        }

        @Override
        public void ended(int endpoint, Attempt attempt) {
            check(endpoints.get(endpoint).equals(attempt.endpoint()), "an outcome is its endpoint's", attempt);
            boolean full = attempt.elapsed().compareTo(sim.settings.calls.attemptTimeout()) >= 0;
            boolean cutShort = sim.settings.calls.deadline().isPresent();
            check(attempt.outcome() != Outcome.TIMED_OUT || full || cutShort, "an attempt has its time", attempt);
        }

        @Override
        public void retrying(Attempt failed, int nextAttempt, long waitNanos) {
            world.trace(name, "tries again", failed, "in", waitNanos);
        }

        @Override
        public void succeed(byte[][] body) {
            Call ended = takeCall();
            world.trace(name, "got", SimContent.text(body));
            sim.calls.succeeded(ended, body);
            succeeded++;
            if (lastEndpoint > 0) {
                world.reach(SimGoal.SECOND_ENDPOINT_ANSWERED);
            }
            thinkThenCall();
        }

        @Override
        public void fail(Reason reason, List<Attempt> attempts) {
            Call ended = takeCall();
            world.trace(name, "got no reply to", ended, reason, attempts);
            sim.calls.failed(ended, reason, attempts);
            thinkThenCall();
        }

        private Call takeCall() {
            Call ended = Objects.requireNonNull(call, "a call ends once");
            call = null;
            return ended;
        }
    }
}
