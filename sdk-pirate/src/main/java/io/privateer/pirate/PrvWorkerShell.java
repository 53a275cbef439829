package io.privateer.pirate;

import io.privateer.core.EndpointException;
import io.privateer.core.Randomness;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.EpochFence;
import io.privateer.core.wire.EpochFence.Verdict;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one {@link PrvWorkerMachine} to its DEALER socket and to the handler. Not thread-safe: confine to the loop's thread,
 * except what says otherwise.
 *
 * <p>Everything the machine says during one turn of the loop leaves in one message at its end. Outcomes never enter the
 * machine while it is at work; see {@link PrvHandlerSide}.
 */
final class PrvWorkerShell implements Registration, PrvWorkerPort, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(PirateWorker.class);

    /** Every reply may be a message of its own, and the queue sends nothing new before it has read one. */
    private static final int MESSAGES_PER_CREDIT = 4;

    /** Heartbeats and PROGRESS are few. */
    private static final int BESIDES_REPLIES_MAX = 1_000;

    private final EventLoop loop;
    private final PirateWorkerConfig config;
    private final String queue;
    private final PrvWorkerSides sides;
    private final EpochFence epochs;
    private final QueueContact contact;
    private final HandlerRunner runner;
    private final SocketSettings settings;
    private final PrvWorkerMachine machine;
    private final LoopTimer timer;
    private final RecordReader reader = new RecordReader();
    private final Outbox outbox;
    private final PrvReplies replies;
    private final Runnable endOfTurn = this::onEndOfTurn;
    private final PrvHandlerSide handlers;
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private @Nullable DealerSocket socket;
    /** Counts the sockets, so that what an earlier one brought is not taken for the present one's. */
    private int life;

    private boolean closed;
    private boolean flushDue;
    private boolean sendFailed;
    private long staleDeliveries;

    /** Makes the side of a worker that faces {@code queue}; those that face the queues of a pair know each other. */
    PrvWorkerShell(
            EventLoop loop, PirateWorkerConfig config, String queue, PrvWorkerSides sides, HandlerRunner runner) {
        this.loop = loop;
        this.config = config;
        this.queue = queue;
        this.sides = sides;
        this.epochs = sides.epochs();
        this.contact = new QueueContact(config.name(), sides.id(), queue);
        this.outbox = new Outbox(this::transmit, sides.epochs());
        this.runner = runner;
        this.settings =
                config.socketSettings().withHighWaterMark(BESIDES_REPLIES_MAX + MESSAGES_PER_CREDIT * config.credit());
        RandomGenerator random = Randomness.system();
        this.replies = new PrvReplies(config.name(), settings);
        this.machine = new PrvWorkerMachine(
                config.concurrency(),
                config.credit(),
                config.heartbeatNanos(),
                config.liveness(),
                config.reconnect(),
                random,
                this);
        this.handlers = new PrvHandlerSide(loop, config, this::onEndedElsewhere, machine::onProgress);
        this.timer = loop.timer(this::onTimer);
        sides.add(machine);
    }

    @Override
    public void start() {
        loop.join(this);
        handlers.machineAtWork = true;
        machine.onStart(now());
        leaveMachine(now());
    }

    @Override
    public CompletableFuture<Boolean> stopped() {
        return stopped;
    }

    @Override
    public void drain() {
        if (closed) {
            return;
        }
        boolean byHandler = handlers.machineAtWork; // On this thread; who called the machine also leaves it.
        handlers.machineAtWork = true;
        machine.onDrain(now());
        if (!byHandler) {
            leaveMachine(now());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            machine.onClose();
            timer.cancel();
            loop.leave(this);
            closeSocket();
            stopped.complete(false);
        }
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        close();
    }

    @Override
    public void open() {
        contact.opening();
        sendFailed = false;
        life++;
        try {
            socket = loop.connectDealer(queue, null, settings, new Backend(life));
            contact.opened();
        } catch (EndpointException e) {
            if (!contact.wasOpened()) {
                throw e;
            }
            // A name that resolved before may do so again; the machine opens the next socket when this one stays
            // silent.
            contact.cannotBeConnected(e);
        }
    }

    @Override
    public void abandonSocket() {
        outbox.clear();
        if (socket != null) {
            socket.abandon();
            socket = null;
        }
    }

    @Override
    public void closeSocket() {
        outbox.flush();
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    @Override
    public void sendReady(int credit, long[] held, boolean takenOver) {
        int longest = settings.messageBytesMax();
        outbox.ready(sides.id(), credit, config.concurrency(), longest, config.service(), takenOver, held);
        flushLater();
    }

    @Override
    public List<PrvDelivery> takeOver(PeerId incarnation) {
        return sides.takeOver(machine, incarnation);
    }

    @Override
    public void sendHeartbeat() {
        outbox.heartbeat();
        flushLater();
    }

    @Override
    public void sendDrain() {
        outbox.drain();
        flushLater();
    }

    @Override
    public void sendGoodbye() {
        outbox.goodbye(Status.OK);
    }

    @Override
    public void sendReply(PrvDelivery delivery) {
        replies.write(delivery, outbox);
        flushLater();
    }

    @Override
    public void sendNotHeld(long deliveryId) {
        outbox.reply(deliveryId, Status.EXPIRED, 0, 0, null);
        flushLater();
    }

    @Override
    public void sendProgress(long deliveryId) {
        outbox.progress(deliveryId);
        flushLater();
    }

    @Override
    public void handle(PrvDelivery delivery) {
        runner.handle(delivery, handlers);
    }

    @Override
    public void drained() {
        closed = true;
        timer.cancel();
        loop.leave(this);
        stopped.complete(true);
    }

    private void onEndedElsewhere() {
        long nowNanos = now();
        handlers.machineAtWork = true;
        handlers.drainElsewhere(delivery -> onEnded(nowNanos, delivery));
        leaveMachine(nowNanos);
    }

    private void onEnded(long nowNanos, PrvDelivery delivery) {
        if (!closed) {
            replies.count(delivery);
            machine.onHandled(nowNanos, delivery);
        }
    }

    private void flushLater() {
        if (!flushDue) {
            flushDue = true;
            loop.atEndOfTurn(endOfTurn);
        }
    }

    private void onEndOfTurn() {
        flushDue = false;
        outbox.flush();
        if (sendFailed && !closed) {
            sendFailed = false;
            log.debug("connection given up, the queue does not read worker={}", config.name());
            handlers.machineAtWork = true;
            machine.onDisconnected(now());
            leaveMachine(now());
        }
    }

    /** A pipe that is full in spite of its length means a queue that does not read: it shall hear of us on the next. */
    private void transmit(byte[][] frames) {
        if (socket != null && !socket.send(frames)) {
            sendFailed = true;
        }
    }

    private void onTimer() {
        if (!closed) {
            long nowNanos = now();
            handlers.machineAtWork = true;
            machine.onTick(nowNanos);
            leaveMachine(nowNanos);
        }
    }

    /** Follows every call of the machine that may have called a handler. */
    private void leaveMachine(long nowNanos) {
        takeEndedHere(nowNanos);
        handlers.machineAtWork = false;
        if (!closed) {
            timer.arm(machine.nextDeadlineNanos());
        }
    }

    private void takeEndedHere(long nowNanos) {
        for (PrvDelivery delivery = handlers.pollHere(); delivery != null; delivery = handlers.pollHere()) {
            onEnded(nowNanos, delivery);
        }
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    @Override
    public WorkerStats stats() {
        return machine.counters()
                .snapshot(replies, machine.running(), machine.held(), contact.malformedCount(), staleDeliveries);
    }

    private final class Backend implements DealerSocket.Handler {

        private final int ownLife;

        Backend(int ownLife) {
            this.ownLife = ownLife;
        }

        @Override
        public void onMessage(byte[][] frames) {
            long nowNanos = now();
            handlers.machineAtWork = true;
            Verdict verdict = reader.open(frames) ? epochs.judge(reader.epoch()) : Verdict.CURRENT;
            if (verdict == Verdict.ABSURD) {
                onMalformed(nowNanos, "epoch " + Long.toUnsignedString(reader.epoch()) + " leaps ahead");
            } else {
                while (!closed && life == ownLife && reader.next()) {
                    onRecord(nowNanos, verdict == Verdict.STALE);
                    takeEndedHere(nowNanos);
                }
            }
            if (reader.problem() != null && !closed) {
                onMalformed(nowNanos, reader.problem());
            }
            leaveMachine(nowNanos);
        }

        /** What a queue delivers that has been replaced, and does not know it, is not for it to give. */
        private void onRecord(long nowNanos, boolean stale) {
            switch (reader.type()) {
                case Prv.REQUEST -> {
                    if (stale) {
                        staleDeliveries++;
                        sendHeartbeat(); // Which tells the newer epoch.
                    } else {
                        onRequest(nowNanos);
                    }
                }
                case Prv.CANCEL -> machine.onCancel(nowNanos, reader.id());
                case Prv.HEARTBEAT -> machine.onHeartbeat(nowNanos);
                case Prv.DRAIN -> machine.onDrainHeard(nowNanos);
                case Prv.ACKNOWLEDGE -> machine.onAcknowledge(nowNanos, reader.id());
                case Prv.WELCOME -> onWelcome(nowNanos);
                case Prv.GOODBYE -> {
                    contact.goodbye(reader.status());
                    machine.onGoodbye(nowNanos, reader.status());
                }
                default -> onMalformed(nowNanos, "record type " + reader.type() + " is not for workers");
            }
        }

        /** Only who has a deadline needs a new reading of the clock: handlers may have run since the message came. */
        private void onRequest(long nowNanos) {
            long ttlMicros = reader.ttlMicros();
            long readNanos = ttlMicros == Prv.NO_TTL ? nowNanos : now();
            machine.onRequest(
                    readNanos,
                    new PrvDelivery(
                            handlers,
                            nowNanos,
                            reader.id(),
                            reader.attempt(),
                            ttlMicros,
                            reader.headers(),
                            reader.body()));
        }

        private void onWelcome(long nowNanos) {
            contact.reached(reader.peer());
            outbox.limit(reader.messageBytesMax());
            replies.limit(reader.messageBytesMax());
            machine.onWelcome(nowNanos, reader.peer(), reader.heartbeatMillis(), reader.flags());
        }

        private void onMalformed(long nowNanos, @Nullable String problem) {
            contact.malformed(problem);
            machine.onMalformed(nowNanos);
        }

        @Override
        public void onDisconnected() {
            if (closed || life != ownLife) {
                return;
            }
            contact.lost();
            long nowNanos = now();
            handlers.machineAtWork = true;
            machine.onDisconnected(nowNanos);
            leaveMachine(nowNanos);
        }
    }
}
