package io.privateer.pirate;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.Message;
import io.privateer.core.Randomness;
import io.privateer.core.TransportFailedException;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage;
import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.BusyBeats;
import io.privateer.core.wire.Dialect;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Joins one {@link WorkerMachine} to its DEALER socket and to the handler. Not thread-safe: confine to the loop's thread,
 * except what says otherwise.
 */
final class WorkerShell implements Registration, WorkerPort, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(PirateWorker.class);

    private final EventLoop loop;
    private final PirateWorkerConfig config;
    private final String queue;
    private final HandlerRunner runner;
    private final RandomGenerator random = Randomness.system();
    private final WorkerMachine machine;
    private final LoopTimer timer;
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private @Nullable DealerSocket socket;
    private boolean closed;
    private boolean connected;
    private String id = ""; // What the queue calls this socket in its own log.
    private boolean everOpened;
    private boolean toldNotReached;
    private long handled;
    private long failed;
    private long replies;
    private long malformed;

    WorkerShell(EventLoop loop, PirateWorkerConfig config, String queue, HandlerRunner runner) {
        this.loop = loop;
        this.config = config;
        this.queue = queue;
        this.runner = runner;
        this.machine = new WorkerMachine(config.heartbeatNanos(), config.liveness(), config.reconnect(), random, this);
        this.timer = loop.timer(this::onTimer);
    }

    @Override
    public void start() {
        loop.join(this);
        machine.onStart(now());
        armTimer();
    }

    @Override
    public CompletableFuture<Boolean> stopped() {
        return stopped;
    }

    @Override
    public void drain() {
        if (!closed) {
            machine.onDrain(now());
        }
    }

    @Override
    public void close() {
        if (!closed) {
            end(false);
        }
    }

    private void end(boolean drained) {
        closed = true;
        timer.cancel();
        loop.leave(this);
        closeSocket();
        stopped.complete(drained);
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        close();
    }

    @Override
    public void open() {
        byte[] identity = BusyBeats.newIdentity(random);
        id = HexFormat.of().formatHex(identity);
        if (everOpened && !connected && !toldNotReached) {
            toldNotReached = true;
            log.warn("queue not reached, trying on worker={} queue={}", config.name(), queue);
        }
        connected = false;
        try {
            socket = loop.connectDealer(queue, identity, config.socketSettings(), new Backend());
            everOpened = true;
        } catch (EndpointException e) {
            if (!everOpened) {
                throw e;
            }
            // A name that resolved before may do so again; the machine opens the next socket when this one stays
            // silent.
            log.warn("queue cannot be connected worker={} queue={}", config.name(), queue, e);
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
    public void sendReady() {
        send(BackendCodec.ready());
    }

    @Override
    public void sendHeartbeat(boolean whileBusy) {
        send(BackendCodec.heartbeat(whileBusy));
    }

    @Override
    public void sendReply(byte[][] address, byte[][] body) {
        replies++;
        send(BackendCodec.job(Dialect.PARANOID, address, body));
    }

    /** A full pipe means a queue that has not read for a thousand messages: it will hear of us on the next socket. */
    private void send(byte[][] frames) {
        if (socket != null && !socket.send(frames)) {
            log.debug("message dropped, the queue does not read worker={}", config.name());
        }
    }

    @Override
    public void handle(byte[][] body) {
        runner.handle(new PppRequest(body), this::onOutcome);
    }

    /** Any thread, also the loop's own while the machine is at work: so always by way of the loop's tasks. */
    private void onOutcome(PppRequest request, @Nullable Message reply, @Nullable Throwable failure) {
        try {
            loop.execute(() -> onOutcomeInLoop(reply, failure));
        } catch (ClosedException | TransportFailedException e) {
            log.debug("reply has nowhere to go, the loop has ended worker={}", config.name(), e);
        }
    }

    private void onOutcomeInLoop(@Nullable Message reply, @Nullable Throwable failure) {
        if (closed) {
            return;
        }
        byte[][] sendable = sendable(reply);
        if (failure == null && sendable != null) {
            handled++;
        } else {
            failed++;
        }
        if (sendable == null) {
            machine.onFailed(now());
        } else {
            machine.onHandled(now(), sendable);
        }
        armTimer();
    }

    /** A reply that the queue does not take would cost the connection, and then every other worker's too. */
    private byte @Nullable [][] sendable(@Nullable Message reply) {
        if (reply == null) {
            return null;
        }
        byte[][] frames = UnsafeMessages.framesOf(reply);
        try {
            config.socketSettings().check("reply", frames);
            return frames;
        } catch (IllegalArgumentException e) {
            log.error("reply cannot be sent worker={}", config.name(), e);
            return null;
        }
    }

    @Override
    public void drained() {
        end(true);
    }

    private void onTimer() {
        if (!closed) {
            machine.onTick(now());
            armTimer();
        }
    }

    private void armTimer() {
        if (!closed) {
            timer.arm(machine.nextDeadlineNanos());
        }
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    @Override
    public WorkerStats stats() {
        return new WorkerStats(
                handled,
                failed,
                replies,
                machine.vainReplies(),
                machine.droppedJobs(),
                0,
                0,
                machine.reopenedSockets(),
                malformed,
                machine.isBusy() ? 1 : 0,
                machine.held(),
                0);
    }

    private final class Backend implements DealerSocket.Handler {
        @Override
        public void onMessage(byte[][] frames) {
            if (!connected) {
                connected = true;
                toldNotReached = false;
                log.info("queue reached worker={} id={} queue={}", config.name(), id, queue);
            }
            BackendMessage message = BackendCodec.decode(frames);
            if (message instanceof Job job) {
                machine.onJob(now(), job.content().address(), job.content().body());
            } else if (message instanceof Heartbeat heartbeat) {
                machine.onHeartbeat(now(), heartbeat.whileBusy());
            } else {
                if (malformed++ == 0) {
                    log.warn("malformed message dropped worker={} queue={}", config.name(), queue);
                }
                machine.onMalformed(now());
            }
            armTimer();
        }

        @Override
        public void onDisconnected() {
            if (connected) {
                log.info("queue lost worker={} queue={}", config.name(), queue);
            }
            machine.onDisconnected(now());
            armTimer();
        }
    }
}
