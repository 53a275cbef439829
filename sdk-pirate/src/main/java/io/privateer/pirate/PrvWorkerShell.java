package io.privateer.pirate;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.Message;
import io.privateer.core.NanoClock;
import io.privateer.core.Randomness;
import io.privateer.core.TransportFailedException;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one {@link PrvWorkerMachine} to its DEALER socket and to the handler. Not thread-safe: confine to the loop's thread,
 * except what says otherwise.
 *
 * <p>Everything the machine says during one turn of the loop leaves in one message at its end. Outcomes never enter the
 * machine while it is at work: those of handlers on this thread wait in a plain queue until it has finished, those of other
 * threads in a concurrent one, for which the loop is woken once per burst.
 */
final class PrvWorkerShell
        implements Registration, PrvWorkerPort, PrvDelivery.Host, HandlerRunner.Outcome<PrvDelivery>, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(PirateWorker.class);

    private final EventLoop loop;
    private final PirateWorkerConfig config;
    private final HandlerRunner runner;
    private final PeerId id;
    private final PrvWorkerMachine machine;
    private final LoopTimer timer;
    private final RecordReader reader = new RecordReader();
    private final Outbox outbox = new Outbox(this::transmit);
    private final PrvReplies replies;
    private final Runnable endOfTurn = this::onEndOfTurn;
    private final ArrayDeque<PrvDelivery> endedHere = new ArrayDeque<>();
    private final Queue<PrvDelivery> endedElsewhere = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean wokenForEnded = new AtomicBoolean();
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private @Nullable DealerSocket socket;
    /** Counts the sockets, so that what an earlier one brought is not taken for the present one's. */
    private int life;

    private boolean machineAtWork;
    private boolean closed;
    private boolean connected;
    private boolean everOpened;
    private boolean toldNotReached;
    private boolean flushDue;
    private boolean sendFailed;
    private long malformed;

    PrvWorkerShell(EventLoop loop, PirateWorkerConfig config, HandlerRunner runner) {
        this.loop = loop;
        this.config = config;
        this.runner = runner;
        RandomGenerator random = Randomness.system();
        this.id = PeerId.random(random);
        this.replies = new PrvReplies(config.name(), config.socketSettings());
        this.machine = new PrvWorkerMachine(
                config.concurrency(),
                config.credit(),
                config.heartbeatNanos(),
                config.liveness(),
                config.reconnect(),
                random,
                this);
        this.timer = loop.timer(this::onTimer);
    }

    @Override
    public void start() {
        loop.join(this);
        machineAtWork = true;
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
        if (machineAtWork) {
            machine.onDrain(); // By a handler on this thread; who called the machine also leaves it.
            return;
        }
        machineAtWork = true;
        machine.onDrain();
        leaveMachine(now());
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
        if (everOpened && !connected && !toldNotReached) {
            toldNotReached = true;
            log.warn("queue not reached, trying on worker={} queue={}", config.name(), config.queue());
        }
        connected = false;
        sendFailed = false;
        life++;
        try {
            socket = loop.connectDealer(config.queue(), null, config.socketSettings(), new Backend(life));
            everOpened = true;
        } catch (EndpointException e) {
            if (!everOpened) {
                throw e;
            }
            // A name that resolved before may do so again; the machine opens the next socket when this one stays
            // silent.
            log.warn("queue cannot be connected worker={} queue={}", config.name(), config.queue(), e);
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
    public void sendReady(int credit, long[] held) {
        outbox.ready(id, credit, config.socketSettings().messageBytesMax(), config.service(), held);
        flushLater();
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
    public void sendProgress(long deliveryId) {
        outbox.progress(deliveryId);
        flushLater();
    }

    @Override
    public void handle(PrvDelivery delivery) {
        runner.handle(delivery, this);
    }

    @Override
    public void drained() {
        closed = true;
        timer.cancel();
        loop.leave(this);
        stopped.complete(true);
    }

    /** Any thread, also the loop's own while the machine is at work. */
    @Override
    public void ended(PrvDelivery delivery, @Nullable Message reply, @Nullable Throwable failure) {
        delivery.end(
                reply == null ? Status.HANDLER_FAILED : Status.OK,
                reply == null ? PrvReplies.textOf(failure) : UnsafeMessages.framesOf(reply),
                failure != null);
        if (machineAtWork && loop.isLoopThread()) {
            endedHere.add(delivery);
            return;
        }
        endedElsewhere.add(delivery);
        if (!wokenForEnded.get() && wokenForEnded.compareAndSet(false, true)) {
            inLoop(this::onEndedElsewhere);
        }
    }

    private void onEndedElsewhere() {
        wokenForEnded.set(false); // Before they are taken, or the wake-up for one that ends meanwhile is lost.
        long nowNanos = now();
        machineAtWork = true;
        for (PrvDelivery delivery = endedElsewhere.poll(); delivery != null; delivery = endedElsewhere.poll()) {
            onEnded(nowNanos, delivery);
        }
        leaveMachine(nowNanos);
    }

    private void onEnded(long nowNanos, PrvDelivery delivery) {
        if (!closed) {
            replies.count(delivery);
            machine.onHandled(nowNanos, delivery);
        }
    }

    /** Any thread. */
    @Override
    public void progress(PrvDelivery delivery) {
        inLoop(() -> {
            if (!closed) {
                machine.onProgress(delivery);
            }
        });
    }

    private void inLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (ClosedException | TransportFailedException e) {
            log.debug("handler has nobody to tell, the loop has ended worker={}", config.name(), e);
        }
    }

    @Override
    public NanoClock clock() {
        return loop.clock();
    }

    @Override
    public String service() {
        return config.service();
    }

    @Override
    public void cancelActionFailed(Throwable failure) {
        log.error("onCancel action failed worker={}", config.name(), failure);
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
            machineAtWork = true;
            machine.onDisconnected(now());
            leaveMachine(now());
        }
    }

    /** A full pipe means a queue that has not read for a thousand messages: it shall hear of us on the next socket. */
    private void transmit(byte[][] frames) {
        if (socket != null && !socket.send(frames)) {
            sendFailed = true;
        }
    }

    private void onTimer() {
        if (!closed) {
            long nowNanos = now();
            machineAtWork = true;
            machine.onTick(nowNanos);
            leaveMachine(nowNanos);
        }
    }

    /** Follows every call of the machine that may have called a handler. */
    private void leaveMachine(long nowNanos) {
        takeEndedHere(nowNanos);
        machineAtWork = false;
        if (!closed) {
            timer.arm(machine.nextDeadlineNanos());
        }
    }

    private void takeEndedHere(long nowNanos) {
        for (PrvDelivery delivery = endedHere.poll(); delivery != null; delivery = endedHere.poll()) {
            onEnded(nowNanos, delivery);
        }
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    @Override
    public WorkerStats stats() {
        return new WorkerStats(
                replies.handled(),
                replies.failed(),
                replies.sent(),
                machine.vainReplies(),
                machine.droppedJobs(),
                machine.expired(),
                machine.cancelled(),
                machine.reopenedSockets(),
                malformed,
                machine.running(),
                machine.held());
    }

    private final class Backend implements DealerSocket.Handler {

        private final int ownLife;

        Backend(int ownLife) {
            this.ownLife = ownLife;
        }

        @Override
        public void onMessage(byte[][] frames) {
            long nowNanos = now();
            machineAtWork = true;
            reader.open(frames);
            while (!closed && life == ownLife && reader.next()) {
                onRecord(nowNanos);
                takeEndedHere(nowNanos);
            }
            if (reader.problem() != null && !closed) {
                onMalformed(nowNanos, reader.problem());
            }
            leaveMachine(nowNanos);
        }

        private void onRecord(long nowNanos) {
            switch (reader.type()) {
                case Prv.REQUEST -> onRequest(nowNanos);
                case Prv.CANCEL -> machine.onCancel(nowNanos, reader.id());
                case Prv.HEARTBEAT -> machine.onHeartbeat(nowNanos);
                case Prv.WELCOME -> onWelcome(nowNanos);
                case Prv.GOODBYE -> {
                    log.info("queue says goodbye worker={} why={}", config.name(), reader.status());
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
                            PrvWorkerShell.this,
                            nowNanos,
                            reader.id(),
                            reader.attempt(),
                            ttlMicros,
                            reader.headers(),
                            reader.body()));
        }

        private void onWelcome(long nowNanos) {
            if (!connected) {
                connected = true;
                toldNotReached = false;
                log.info(
                        "queue reached worker={} queue={} incarnation={}",
                        config.name(),
                        config.queue(),
                        reader.peer());
            }
            outbox.limit(reader.messageBytesMax());
            replies.limit(reader.messageBytesMax());
            machine.onWelcome(nowNanos, reader.peer(), reader.heartbeatMillis());
        }

        private void onMalformed(long nowNanos, @Nullable String problem) {
            if (malformed++ == 0) {
                log.warn(
                        "malformed message dropped worker={} queue={} problem={} (counted, not logged again;"
                                + " a queue that does not speak PRV needs dialect PPP)",
                        config.name(),
                        config.queue(),
                        problem);
            }
            machine.onMalformed(nowNanos);
        }

        @Override
        public void onDisconnected() {
            if (closed || life != ownLife) {
                return;
            }
            if (connected) {
                log.info("queue lost worker={} queue={}", config.name(), config.queue());
            }
            long nowNanos = now();
            machineAtWork = true;
            machine.onDisconnected(nowNanos);
            leaveMachine(nowNanos);
        }
    }
}
