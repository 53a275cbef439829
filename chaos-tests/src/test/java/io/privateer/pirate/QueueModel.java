package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Follows one life of a queue from outside and says what it may do: what it holds, in which order, whom it may give what,
 * and whether its counts and events agree with that. Knows no fault; when something was lost for a time is
 * {@link LossRules}' business.
 */
final class QueueModel implements SimWatch {

    private final SimWorld world;
    private final SimQueue queue;
    private final QueueSettings settings;
    private final LossRules rules;
    private final IdentityHashMap<byte[][], ModelRequest> byBody = new IdentityHashMap<>();
    private final Map<Long, ModelRequest> held = new HashMap<>();
    private final ModelWaiting waiting;
    private final Map<Identity, ModelWorker> workers = new LinkedHashMap<>();
    private final Map<String, ModelWorker> byName = new HashMap<>();
    private final Set<ByteBuffer> issuedAddresses = new HashSet<>();
    private final ModelCounts counts = new ModelCounts();
    private int workersMost;
    private long lastDeliveryId;
    private boolean draining;
    private boolean drained;
    private @Nullable IntakeCause closedFor;

    /** What the reply that is being handled must end. */
    private @Nullable ModelRequest answering;

    /** Who says at this moment that it holds nothing, or is at this moment known to be gone. */
    private @Nullable ModelWorker subject;

    QueueModel(Sim sim, SimQueue queue) {
        this.world = sim.world;
        this.queue = queue;
        this.settings = sim.settings.queue;
        this.rules = new LossRules(sim, queue);
        this.waiting = new ModelWaiting(world, settings);
    }

    @Override
    public void onRequest(Identity identity, byte[][] address, byte[][] body) {
        ModelClient client = waiting.client(identity);
        ModelRequest request = new ModelRequest(counts.accepted + 1, client, address, body, world.now());
        if (!draining && waiting.admits(client, request.bytes)) {
            counts.accepted++;
            byBody.put(body, request);
            waiting.addNew(request);
        } else {
            counts.rejected++;
        }
    }

    @Override
    public void onClientGone(Identity identity) {
        if (!identity.survivesReconnect()) {
            for (ModelRequest request : byBody.values()) {
                request.abandoned |= request.client.identity.equals(identity);
            }
        }
        waiting.clientGone(identity);
    }

    @Override
    public void onReady(Identity identity, Dialect dialect) {
        ModelWorker worker = workers.get(identity);
        if (worker == null) {
            worker = new ModelWorker(identity, dialect);
            workers.put(identity, worker);
            byName.put(identity.toString(), worker);
        }
        world.trace(queue.name, "hears READY of", worker);
        worker.owes = 0;
        heard(worker);
        subject = worker;
    }

    @Override
    public void onHeartbeat(Identity identity, boolean whileBusy) {
        ModelWorker worker = workers.get(identity);
        if (worker != null) {
            worker.beatsWhileBusy |= whileBusy && worker.marked;
            heard(worker);
        }
    }

    @Override
    public void onReply(Identity identity, byte[][] address, long deliveryId) {
        boolean issuedHere = address.length == 1 && issuedAddresses.contains(ByteBuffer.wrap(address[0]));
        check(issuedHere == (deliveryId != 0), "only this queue's own addresses are its own", identity, deliveryId);
        ModelWorker worker = workers.get(identity);
        world.trace(queue.name, "hears a reply of", worker, "delivery", deliveryId);
        if (!issuedHere) {
            counts.strayReplies++;
            world.reach(SimGoal.STRAY_REPLY_DISCARDED);
        } else if (worker != null && worker.holds != null && worker.deliveryId == deliveryId) {
            if (worker.gone || worker.goneAtNanos - worker.deliveredAtNanos > 0) {
                world.reach(SimGoal.GRACE_RESUMED);
            }
            answering = worker.holds;
            release(worker);
        } else {
            counts.lateReplies++;
            world.reach(SimGoal.LATE_REPLY_DISCARDED);
            if (worker != null && worker.owes == deliveryId) {
                worker.owes = 0;
            }
        }
        if (worker != null) {
            heard(worker);
        }
    }

    @Override
    public void onWorkerGone(Identity identity) {
        ModelWorker worker = workers.get(identity);
        if (worker != null && !worker.gone) {
            world.trace(queue.name, "sees gone", worker);
            worker.gone = true;
            worker.goneAtNanos = world.now();
            subject = worker;
        }
    }

    @Override
    public void onDrain() {
        draining = true;
    }

    @Override
    public void delivered(Identity identity, long deliveryId, byte[][] address, byte[][] body) {
        ModelRequest request = Objects.requireNonNull(byBody.get(body), "delivers what it does not hold");
        ModelWorker worker = known(identity);
        world.trace(queue.name, "delivers", deliveryId, request, "to", worker);
        check(waiting.first() == request, "whose turn it is goes first", request, waiting);
        check(!request.abandoned, "an abandoned request is not delivered", request);
        long ageNanos = world.now() - request.acceptedAtNanos;
        check(ageNanos < settings.requestTtlNanos(), "an expired request is not delivered", request, ageNanos);
        check(request.deliveries < settings.deliveriesMax(), "no request is delivered too often", request);
        check(worker.isFree(), "only a free and trusted worker gets work", worker, "owes", worker.owes, worker.holds);
        check(deliveryId > lastDeliveryId, "a delivery id is used once", deliveryId);
        lastDeliveryId = deliveryId;
        issuedAddresses.add(ByteBuffer.wrap(address[0]));
        waiting.takeFirst();
        request.deliveries++;
        held.put(request.id, request);
        worker.holds = request;
        worker.deliveryId = deliveryId;
        worker.deliveryAddress = address;
        worker.deliveredAtNanos = world.now();
        counts.deliveries++;
        if (request.deliveries > 1) {
            counts.redelivered++;
            world.reach(SimGoal.REDELIVERY);
        }
    }

    @Override
    public void undeliverable(Identity identity, byte[][] body) {
        world.reach(SimGoal.DELIVERY_UNROUTABLE);
        ModelRequest request = Objects.requireNonNull(byBody.get(body), "delivers what it does not hold");
        check(waiting.first() == request, "whose turn it is goes first", request, waiting);
        waiting.addReturned(waiting.takeFirst());
        ModelWorker worker = known(identity);
        worker.gone = true;
        worker.goneAtNanos = world.now();
        subject = worker;
    }

    @Override
    public void replied(Identity client, byte[][] address, byte[][] body) {
        ModelRequest request = Objects.requireNonNull(answering, "answers what nobody replied to");
        answering = null;
        check(!request.abandoned, "nobody is there to be answered", request);
        check(request.client.identity.equals(client), "the reply goes to who asked", request, client);
        check(Arrays.deepEquals(request.address, address), "the return address is returned as it came", request);
        check(SimContent.isReplyTo(body, request.body), "the reply answers this request", request);
        byBody.remove(request.body);
        counts.answered++;
    }

    @Override
    public void drained() {
        check(draining && !drained, "drained once, and only when asked to");
        drained = true;
    }

    @Override
    public boolean isDrained() {
        return drained;
    }

    @Override
    public void onWorkerJoined(WorkerJoined event) {
        ModelWorker worker = known(event.workerId());
        world.trace(queue.name, "trusts", worker);
        check(!worker.trusted, "a worker joins once", worker);
        check(worker.holds == null && worker.owes == 0 && !worker.gone, "who joins is free", worker);
        worker.trusted = true;
    }

    @Override
    public void onWorkerLost(WorkerLost event) {
        ModelWorker worker = known(event.workerId());
        world.trace(queue.name, "loses", worker, event.cause());
        check(worker.trusted, "a worker is lost once", worker, event.cause());
        rules.checkLoss(worker, event.cause(), worker == subject);
        worker.trusted = false;
        if (event.cause() == LossCause.DISCONNECTED) {
            workers.remove(worker.identity);
        }
    }

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        ModelWorker worker = known(event.workerId());
        ModelRequest request = worker.holds;
        world.trace(queue.name, "takes back", request, "from", worker, event.cause());
        check(request != null && request.id == event.requestId(), "what comes back was held", worker, event);
        if (event.cause() == LossCause.GAVE_BACK) {
            world.reach(SimGoal.GAVE_BACK);
            rules.checkGivenBack(worker, worker == subject);
        } else {
            check(!worker.trusted, "what a trusted worker holds stays with it", worker, event);
        }
        ModelRequest returned = Objects.requireNonNull(request);
        if (event.cause() != LossCause.GAVE_BACK) {
            worker.owes = worker.deliveryId;
        }
        release(worker);
        waiting.addReturned(returned);
        counts.returned++;
    }

    @Override
    public void onDeadLetter(DeadLetter event) {
        world.reach(SimGoal.DEAD_LETTER);
        ModelRequest request = endOfWaiting(event.requestId());
        check(request.deliveries == settings.deliveriesMax(), "given up after the last delivery only", request);
        check(!request.abandoned, "an abandoned request is no dead letter", request);
        counts.deadLettered++;
    }

    @Override
    public void onRequestDropped(RequestDropped event) {
        if (event.cause() == DropCause.EXPIRED) {
            world.reach(SimGoal.EXPIRY);
            ModelRequest request = endOfWaiting(event.requestId());
            long ageNanos = world.now() - request.acceptedAtNanos;
            check(ageNanos >= settings.requestTtlNanos(), "only what is too old expires", request, ageNanos);
            counts.expired++;
            return;
        }
        world.reach(SimGoal.ABANDONMENT);
        ModelRequest request = answering;
        if (request != null && request.id == event.requestId()) {
            answering = null;
            byBody.remove(request.body);
        } else {
            request = endOfWaiting(event.requestId());
        }
        check(request.abandoned, "only what nobody waits for is dropped", request);
        counts.abandoned++;
    }

    @Override
    public void onIntakeClosed(IntakeClosed event) {
        if (event.cause() == IntakeCause.FULL) {
            world.reach(SimGoal.INTAKE_CLOSED);
        }
        check(closedFor != event.cause(), "the intake closes once", event);
        closedFor = event.cause();
    }

    @Override
    public void onIntakeOpened() {
        world.reach(SimGoal.INTAKE_REOPENED);
        check(closedFor == IntakeCause.FULL, "only a full intake opens again");
        closedFor = null;
    }

    /** To be called after each input, with what the queue says of itself. */
    @Override
    public void settled(QueueStats stats) {
        check(answering == null, "a reply ends its request at once", answering);
        if (subject != null) {
            boolean free = subject.holds == null || (subject.gone && subject.mayResume());
            check(free || subject.deliveredAtNanos == world.now(), "it comes back at once", subject, subject.holds);
            if (subject.gone && (subject.holds == null || !subject.mayResume())) {
                workers.remove(subject.identity);
            }
            subject = null;
        }
        counts.check(stats, waiting.count(), waiting.bytes(), held.size());
        int returned = 0;
        for (ModelRequest request : waiting.all()) {
            returned += request.deliveries > 0 ? 1 : 0;
            check(!request.abandoned, "what nobody waits for does not wait", request);
            check(request.deliveries < settings.deliveriesMax(), "the last delivery was the last", request);
        }
        int free = 0;
        for (ModelWorker worker : workers.values()) {
            free += worker.isFree() ? 1 : 0;
            rules.checkBounds(worker);
        }
        check(stats.workersIdle() == free, "the free workers stand in line", stats.workersIdle(), free);
        checkFlow(free > 0);
        workersMost = Math.max(workersMost, stats.workers());
        check(waiting.count() - returned <= settings.pendingMax(), "what waits is bounded", waiting.count());
        check(returned + held.size() <= workersMost, "what was delivered is bounded", returned, workersMost);
        check(!draining || drained == (waiting.isEmpty() && held.isEmpty()), "drained when it holds nothing", stats);
    }

    /** Free workers get what waits, unless all together hold as many bytes as they may. */
    private void checkFlow(boolean anyFree) {
        long heldBytes =
                held.values().stream().mapToLong(request -> request.bytes).sum();
        boolean bounded = heldBytes <= settings.inFlightBytesMax() || held.size() == 1;
        check(bounded, "workers hold no more bytes than they may", heldBytes, settings.inFlightBytesMax());
        boolean heldBack = !held.isEmpty()
                && waiting.all().stream().anyMatch(it -> heldBytes + it.bytes > settings.inFlightBytesMax());
        check(!anyFree || waiting.isEmpty() || heldBack, "nothing waits while a worker is free", waiting, heldBytes);
        if (anyFree && heldBack) {
            world.reach(SimGoal.HELD_BACK);
        }
    }

    private void heard(ModelWorker worker) {
        worker.heardAtNanos = world.now();
        worker.gone = false;
    }

    private void release(ModelWorker worker) {
        ModelRequest request = Objects.requireNonNull(worker.holds);
        held.remove(request.id);
        worker.holds = null;
    }

    private ModelRequest endOfWaiting(long id) {
        ModelRequest request = waiting.take(id);
        byBody.remove(request.body);
        return request;
    }

    private ModelWorker known(Identity identity) {
        return Objects.requireNonNull(workers.get(identity), () -> "a worker is known: " + identity);
    }

    private ModelWorker known(String workerId) {
        return Objects.requireNonNull(byName.get(workerId), () -> "a worker is known: " + workerId);
    }
}
