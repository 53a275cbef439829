package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.NanoClock;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A worker machine in virtual time; what it does is noted in words. */
abstract class PrvWorkerWorld implements PrvWorkerPort, PrvDelivery.Host {

    static final Duration BEAT = Duration.ofSeconds(1);
    static final Duration MILLI = Duration.ofMillis(1);
    static final Backoff RECONNECT = Backoff.exponential(Duration.ofSeconds(1), Duration.ofSeconds(32), 0);
    static final PeerId QUEUE = new PeerId(1, 1);
    static final PeerId OTHER_QUEUE = new PeerId(1, 2);
    static final PeerId NEXT_QUEUE = new PeerId(1, 3);
    static final int BEAT_MILLIS = (int) BEAT.toMillis();

    final List<String> done = new ArrayList<>();
    final Map<Long, PrvDelivery> handled = new HashMap<>();

    /** What the side of the worker that faces the other queue of a pair holds. */
    @Nullable
    PrvWorkerMachine otherSide;

    long nowNanos = Long.MAX_VALUE - Duration.ofSeconds(2).toNanos();
    PrvWorkerMachine machine = newMachine(1, 4);

    final PrvWorkerMachine newMachine(int concurrency, int credit) {
        return new PrvWorkerMachine(concurrency, credit, BEAT.toNanos(), 3, RECONNECT, new SplittableRandom(1), this);
    }

    void start() {
        machine.onStart(nowNanos);
        welcome(QUEUE);
        done.clear();
    }

    void welcome(PeerId queue) {
        machine.onWelcome(nowNanos, queue, BEAT_MILLIS, 0);
    }

    void request(long id) {
        machine.onRequest(nowNanos, newDelivery(id, Prv.NO_TTL));
    }

    void requestWithTtl(long id, Duration ttl) {
        machine.onRequest(nowNanos, newDelivery(id, ttl.toNanos() / 1_000));
    }

    PrvDelivery newDelivery(long id, long ttlMicros) {
        byte[][] body = {Long.toString(id).getBytes(StandardCharsets.UTF_8)};
        return new PrvDelivery(this, nowNanos, id, 1, ttlMicros, new byte[0], body);
    }

    PrvDelivery delivery(long id) {
        return Objects.requireNonNull(handled.get(id));
    }

    void end(long id) {
        delivery(id).end(Status.OK, null, false);
        machine.onHandled(nowNanos, delivery(id));
    }

    void pass(Duration time) {
        long untilNanos = nowNanos + time.toNanos();
        while (untilNanos - machine.nextDeadlineNanos() >= 0 && machine.nextDeadlineNanos() - nowNanos > 0) {
            nowNanos = machine.nextDeadlineNanos();
            machine.onTick(nowNanos);
        }
        nowNanos = untilNanos;
        machine.onTick(nowNanos);
    }

    List<String> take() {
        List<String> taken = List.copyOf(done);
        done.clear();
        return taken;
    }

    long opened() {
        return take().stream().filter("open"::equals).count();
    }

    @Override
    public void open() {
        done.add("open");
    }

    @Override
    public void abandonSocket() {
        done.add("abandon");
    }

    @Override
    public void closeSocket() {
        done.add("close");
    }

    @Override
    public void sendReady(int credit, long[] held, boolean takenOver) {
        done.add((takenOver ? "taken over " : "ready ") + credit + " " + Arrays.toString(held));
    }

    @Override
    public List<PrvDelivery> takeOver(PeerId incarnation) {
        return otherSide == null ? List.of() : otherSide.surrender(incarnation);
    }

    @Override
    public void sendHeartbeat() {
        done.add("beat");
    }

    @Override
    public void sendDrain() {
        done.add("drain");
    }

    @Override
    public void sendGoodbye() {
        done.add("goodbye");
    }

    @Override
    public void sendReply(PrvDelivery delivery) {
        done.add("reply " + delivery.id + " " + delivery.status());
    }

    @Override
    public void sendNotHeld(long deliveryId) {
        done.add("not held " + deliveryId);
    }

    @Override
    public void sendProgress(long deliveryId) {
        done.add("progress " + deliveryId);
    }

    @Override
    public void handle(PrvDelivery delivery) {
        done.add("handle " + delivery.id);
        handled.put(delivery.id, delivery);
    }

    @Override
    public void drained() {
        done.add("drained");
    }

    @Override
    public NanoClock clock() {
        return () -> nowNanos;
    }

    @Override
    public String service() {
        return "";
    }

    @Override
    public void progress(PrvDelivery delivery) {
        machine.onProgress(delivery);
    }

    @Override
    public void cancelActionFailed(Throwable failure) {
        done.add("action failed");
    }
}
