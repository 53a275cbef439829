package io.privateer.pirate;

import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Backoff;
import io.privateer.core.Message;
import io.privateer.core.Reason;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A {@link ClientMachine} in virtual time, and everything it does in words. */
class ClientWorld implements ClientPort {

    static final PeerId LIFE = new PeerId(1, 1);
    static final PeerId NEXT_LIFE = new PeerId(1, 2);
    static final Duration WAIT = Duration.ofMillis(100);
    static final CallOptions OPTIONS = CallOptions.defaults();

    private final List<String> done = new ArrayList<>();
    private final List<ClientCall> calls = new ArrayList<>();
    final Set<Integer> openBreakers = new HashSet<>();
    final Set<Integer> unreachable = new HashSet<>();
    long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(7).toNanos();
    boolean verbose;
    ClientMachine machine = newMachine(config -> config);

    ClientMachine newMachine(UnaryOperator<PirateClientConfig.Builder> change) {
        PirateClientConfig.Builder config = PirateClient.builder()
                .endpoints("tcp://a:1", "tcp://b:1")
                .backoff(Backoff.exponential(WAIT, Duration.ofSeconds(1), 0));
        machine = new ClientMachine(nowNanos, change.apply(config).build(), new SplittableRandom(1), this);
        machine.links().start(nowNanos);
        machine.flush(nowNanos);
        return machine;
    }

    ClientMachine withOneEndpoint() {
        ClientMachine made = newMachine(config -> config.endpoints("tcp://a:1"));
        take();
        return made;
    }

    ClientCall submit(String text, CallOptions options) {
        return submit(Message.of(text), options);
    }

    ClientCall submit(Message body, CallOptions options) {
        ClientCall call = new ClientCall(body, options, nowNanos, withdrawn -> {});
        calls.add(call);
        machine.onSubmit(nowNanos, call);
        machine.flush(nowNanos);
        return call;
    }

    ClientCall submit(String text) {
        return submit(text, OPTIONS);
    }

    void welcome(int endpoint, PeerId incarnation) {
        machine.links().onHeard(nowNanos, endpoint);
        machine.links().onWelcome(nowNanos, endpoint, incarnation, 1_000, 1 << 20, false);
        machine.flush(nowNanos);
    }

    /** The server welcomes the client, or is welcome no more, as one that takes no requests. */
    void standBy(int endpoint, PeerId incarnation) {
        machine.links().onHeard(nowNanos, endpoint);
        machine.links().onWelcome(nowNanos, endpoint, incarnation, 1_000, 1 << 20, true);
        machine.flush(nowNanos);
    }

    void drain(int endpoint) {
        machine.links().onHeard(nowNanos, endpoint);
        machine.links().onInactive(nowNanos, endpoint);
        machine.flush(nowNanos);
    }

    void reply(int endpoint, long id, Status status, int retryAfterMillis, String text) {
        reply(endpoint, id, status, 0, retryAfterMillis, text);
    }

    void reply(int endpoint, long id, Status status, int deliveries, int retryAfterMillis, String text) {
        machine.links().onHeard(nowNanos, endpoint);
        byte[][] body = {text.getBytes(StandardCharsets.UTF_8)};
        machine.onReply(nowNanos, endpoint, id, status, deliveries, retryAfterMillis, body);
        machine.flush(nowNanos);
    }

    /** The server stands down, and has delivered the request. */
    void letGo(int endpoint, long id) {
        reply(endpoint, id, Status.NOT_ACTIVE, 1, 0, "");
    }

    void reply(int endpoint, long id) {
        reply(endpoint, id, Status.OK, 0, "re");
    }

    void goodbye(int endpoint, Status why) {
        machine.links().onGoodbye(nowNanos, endpoint, why);
        machine.flush(nowNanos);
    }

    void disconnect(int endpoint) {
        machine.links().onDisconnected(nowNanos, endpoint);
        machine.flush(nowNanos);
    }

    void giveUp(ClientCall call, @Nullable Reason reason) {
        machine.onGiveUp(nowNanos, call, reason);
        machine.flush(nowNanos);
    }

    /** Lets time pass, with a tick at every deadline; servers beat meanwhile if {@code beats} says so. */
    void pass(Duration duration, int... beats) {
        long untilNanos = nowNanos + duration.toNanos();
        while (untilNanos - nowNanos > 0) {
            nowNanos = Deadlines.earlier(untilNanos, Math.max(machine.nextDeadlineNanos() - nowNanos, 1) + nowNanos);
            for (int endpoint : beats) {
                machine.links().onHeard(nowNanos, endpoint);
            }
            machine.onTick(nowNanos);
            machine.flush(nowNanos);
        }
    }

    /** Returns what was done since the last time. */
    List<String> take() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    /** Returns which requests were sent since the last time. */
    List<String> takeRequests() {
        return take().stream().filter(what -> what.contains("request")).toList();
    }

    private void say(int endpoint, String what) {
        done.add((endpoint == 0 ? "A " : "B ") + what);
    }

    @Override
    public boolean open(int endpoint) {
        boolean reachable = !unreachable.contains(endpoint);
        say(endpoint, reachable ? "open" : "unreachable");
        return reachable;
    }

    @Override
    public void close(int endpoint) {
        say(endpoint, "close");
    }

    @Override
    public void inactive(int endpoint) {
        say(endpoint, "inactive");
    }

    @Override
    public void hello(int endpoint, boolean vote) {
        say(endpoint, vote ? "hello with a vote" : "hello");
    }

    @Override
    public void heartbeat(int endpoint) {
        say(endpoint, "beat");
    }

    @Override
    public void goodbye(int endpoint) {
        say(endpoint, "goodbye");
    }

    @Override
    public void acknowledge(int endpoint, long firstOpen) {
        say(endpoint, "acknowledge " + firstOpen);
    }

    @Override
    public void request(int endpoint, ClientCall call, long ttlMicros) {
        say(endpoint, "request " + call.id + "." + call.attempt + (verbose ? " ttl " + ttlMicros / 1_000 : ""));
    }

    @Override
    public void cancel(int endpoint, long id) {
        say(endpoint, "cancel " + id);
    }

    @Override
    public void flush(int endpoint) {
        if (verbose) {
            say(endpoint, "flush");
        }
    }

    @Override
    public void limit(int endpoint, int messageBytesMax) {}

    @Override
    public boolean tryAcquire(int endpoint) {
        return !openBreakers.contains(endpoint);
    }

    @Override
    public void ended(int endpoint, Outcome outcome, long elapsedNanos) {
        if (verbose) {
            say(endpoint, "breaker " + outcome);
        }
    }

    @Override
    public void welcomed(int endpoint, PeerId incarnation) {}

    @Override
    public void lost(int endpoint, Outcome outcome, int openCalls) {
        say(endpoint, "lost " + outcome + " open " + openCalls);
    }

    @Override
    public void withdrawn(ClientCall call) {
        done.add("withdrawn " + call.id);
    }

    @Override
    public void succeed(ClientCall call, byte[][] reply) {
        done.add("succeed " + call.id);
    }

    @Override
    public void fail(ClientCall call, Reason reason, @Nullable String text) {
        done.add("fail " + call.id + " " + reason + (text == null ? "" : " " + text));
    }
}
