package io.privateer.pirate;

import io.privateer.core.Guard;
import io.privateer.core.Randomness;
import io.privateer.core.Replicator;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.RouterSocket.SendResult;
import io.privateer.core.transport.SocketStats;
import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage;
import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.BackendMessage.Malformed;
import io.privateer.core.wire.BackendMessage.Ready;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.Envelope;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Joins one {@link QueueMachine} to its two ROUTER sockets: decodes, validates, feeds the machine and carries out what
 * it decides. Not thread-safe: confine to the loop's thread, except what says otherwise.
 */
final class QueueShell implements QueuePort, LoopMember {

    final EventLoop loop;
    final QueueSetup setup;
    private final QueueObserver observer;
    private final DeliveryAddress address;
    private final QueueMachine machine;
    private final LoopTimer timer;
    private final RouterSocket frontend;
    private final RouterSocket backend;
    private final CompletableFuture<Boolean> drained = new CompletableFuture<>();
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private final PrvLinks clients;
    private final PrvLinks workers;
    private long malformed;
    long slowPeers;
    private @Nullable Replicator replicator;
    private volatile @Nullable Guard guard;
    private @Nullable LendingShell lending;
    private boolean flushPlanned;
    private boolean closed;

    QueueShell(EventLoop loop, PirateQueueConfig config) {
        this.setup = config.setup();
        this.loop = loop;
        this.observer = new QueueObserver(loop, setup.name(), setup.listener());
        this.address = DeliveryAddress.ofNewQueue();
        this.machine = new QueueMachine(config.settings(), PeerId.random(Randomness.system()), this, observer, now());
        this.timer = loop.timer(this::onTimer);
        this.frontend = loop.bindRouter("frontend", setup.frontend(), setup.socketSettings(), new Frontend());
        try {
            this.backend = loop.bindRouter("backend", setup.backend(), setup.socketSettings(), new Backend());
        } catch (RuntimeException e) {
            frontend.close();
            throw e;
        }
        this.clients = new PrvLinks(machine, new LinkPort("frontend", frontend));
        this.workers = new PrvLinks(machine, new LinkPort("backend", backend));
        if (setup.standby()) {
            machine.onStandBy(now(), 0, "");
        }
        loop.join(this);
        armTimer();
        observer.started(frontend.endpoint(), backend.endpoint());
    }

    /** Thread-safe. */
    String frontend() {
        return frontend.endpoint();
    }

    /** Thread-safe. */
    String backend() {
        return backend.endpoint();
    }

    QueueStats stats() {
        SocketStats cloud = lending == null ? SocketStats.NONE : lending.stats();
        return machine.stats(QueueCounters.OfShell.of(
                malformed, observer.listenerFailures(), slowPeers, frontend.stats(), backend.stats(), cloud));
    }

    void guardedBy(Guard by) {
        guard = by;
        inMachine(() -> machine.onGuarded(now(), by));
    }

    void activate(long epoch) {
        inMachine(() -> {
            machine.onActivate(now(), epoch, PeerId.random(Randomness.system()));
            observer.activated(epoch);
        });
    }

    void standBy(long newestEpoch, String activeAddress) {
        inMachine(() -> {
            machine.onStandBy(now(), newestEpoch, activeAddress);
            observer.standingBy(newestEpoch, activeAddress);
        });
        standsBy(newestEpoch);
    }

    /** Thread-safe. So does a queue that is closed. */
    void standsBy(long newestEpoch) {
        Guard by = guard;
        if (by != null) {
            by.standsBy(newestEpoch);
        }
    }

    void serveUntil(long nanoTime) {
        inMachine(() -> machine.onServeUntil(nanoTime));
    }

    void alone(boolean isAlone) {
        inMachine(() -> machine.onAlone(isAlone));
    }

    void replicatedBy(Replicator to) {
        replicator = to;
        machine.replication().open(new ToReplicator(to));
    }

    void replicate(long session) {
        inMachine(() -> machine.onFollowed(now(), session));
    }

    void followed(long session, long chunks) {
        inMachine(() -> machine.replication().onStored(now(), session, chunks));
    }

    void replicationEnded(long session) {
        inMachine(() -> machine.replication().onEnded(now(), session));
    }

    void forgetFollowed() {
        inMachine(machine.replication()::forget);
    }

    void follow(byte[] chunk) {
        inMachine(() -> {
            String problem = machine.replication().follow(now(), chunk);
            if (problem != null && replicator != null) {
                replicator.notUnderstood(problem);
            }
        });
    }

    Lending lend(String endpoint, PeerId self, Runnable onTouched) {
        if (lending != null) {
            throw new IllegalStateException("queue lends already, at " + lending.endpoint());
        }
        lending = new LendingShell(this, machine, self, endpoint, onTouched);
        return lending;
    }

    /** What the machine says meanwhile leaves at the end of the turn. */
    private void inMachine(Runnable input) {
        if (!closed) {
            input.run();
            armTimer();
        }
    }

    /** Starts draining; completes with whether everything was finished. Thread-safe. */
    CompletableFuture<Boolean> drain() {
        try {
            loop.execute(() -> {
                if (!closed) {
                    machine.onDrain(now());
                }
            });
        } catch (RuntimeException e) {
            drained.complete(false);
        }
        return drained.copy();
    }

    /** Completes when the queue has ended, with whether everything was finished. Thread-safe. */
    CompletableFuture<Boolean> stopped() {
        return stopped;
    }

    void close() {
        if (closed) {
            return;
        }
        machine.onClose();
        flush();
        closed = true;
        timer.cancel();
        loop.leave(this);
        frontend.close();
        backend.close();
        if (lending != null) {
            lending.close();
        }
        drained.complete(false);
        observer.closed(stats());
        stopped.complete(drained.join());
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        close();
        if (failure != null) {
            observer.onFailed(failure);
        }
    }

    @Override
    public boolean deliver(Identity worker, Dialect dialect, long deliveryId, byte[][] body) {
        SendResult result = backend.send(worker, BackendCodec.job(dialect, address.of(deliveryId), body));
        return result == SendResult.SENT || result == SendResult.PARKED;
    }

    @Override
    public void reply(Identity client, byte[][] returnAddress, byte[][] body) {
        frontend.send(client, Envelope.join(returnAddress, body));
    }

    @Override
    public void beat(Identity worker, boolean whileBusy) {
        backend.send(worker, BackendCodec.heartbeat(whileBusy));
    }

    @Override
    public void drained() {
        drained.complete(true);
    }

    void flushLater() {
        if (!flushPlanned) {
            flushPlanned = true;
            loop.atEndOfTurn(this::flush);
        }
    }

    private void flush() {
        flushPlanned = false;
        if (!closed) {
            machine.replication().flush();
            clients.flush(now());
            workers.flush(now());
            if (lending != null) {
                lending.flush(now());
            }
            armTimer();
        }
    }

    private void onTimer() {
        machine.onTick(now());
        armTimer();
    }

    void armTimer() {
        if (!closed) {
            timer.arm(machine.nextDeadlineNanos());
            if (lending != null) {
                lending.touch();
            }
        }
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    void dropMalformed(String where, Identity peer, String problem) {
        malformed++;
        observer.malformed(where, peer, problem);
    }

    private final class Frontend implements RouterSocket.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            if (Prv.isPrv(frames)) {
                clients.onClientMessage(now(), peer, frames);
                armTimer();
                return;
            }
            Envelope request = Envelope.parse(frames);
            if (request == null) {
                dropMalformed("frontend", peer, "no empty frame with a body behind it");
            } else {
                machine.onRequest(now(), peer, request.address(), request.body());
                armTimer();
            }
        }

        @Override
        public void onPeerGone(Identity peer) {
            clients.onPeerGone(now(), peer);
            machine.onClientGone(now(), peer);
            armTimer();
        }
    }

    private final class Backend implements RouterSocket.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            if (Prv.isPrv(frames)) {
                workers.onWorkerMessage(now(), peer, frames);
                armTimer();
                return;
            }
            BackendMessage message = BackendCodec.decode(frames);
            if (message instanceof Job job) {
                onReply(peer, job.content());
            } else if (message instanceof Heartbeat heartbeat) {
                machine.onHeartbeat(now(), peer, heartbeat.whileBusy());
            } else if (message instanceof Ready ready) {
                machine.onReady(now(), peer, ready.dialect());
            } else if (message instanceof Malformed nonsense) {
                dropMalformed("backend", peer, nonsense.reason());
            }
            armTimer();
        }

        private void onReply(Identity peer, Envelope reply) {
            long deliveryId = address.idIn(reply.address());
            if (deliveryId == QueueWorker.NONE) {
                machine.onStrayReply(now(), peer);
            } else {
                machine.onReply(now(), peer, deliveryId, reply.body());
            }
        }

        @Override
        public void onPeerGone(Identity peer) {
            workers.onPeerGone(now(), peer);
            machine.onWorkerGone(now(), peer);
            armTimer();
        }
    }

    /** What carries the log of the ledger. */
    private final class ToReplicator implements LedgerPort {
        private final Replicator to;

        ToReplicator(Replicator to) {
            this.to = to;
        }

        @Override
        public void flushLater() {
            QueueShell.this.flushLater();
        }

        @Override
        public void send(long session, byte[] chunk) {
            to.send(session, chunk);
        }

        @Override
        public void inStep(long session) {
            to.inStep(session);
        }
    }

    /** What carries the PRV/1 connections of one socket. */
    private final class LinkPort implements PrvLinks.Port {
        private final String where;
        private final RouterSocket socket;

        LinkPort(String where, RouterSocket socket) {
            this.where = where;
            this.socket = socket;
        }

        @Override
        public boolean send(Identity peer, byte[][] frames) {
            SendResult result = socket.send(peer, frames);
            if (result == SendResult.DROPPED) {
                slowPeers++;
            }
            return result == SendResult.SENT || result == SendResult.PARKED;
        }

        @Override
        public void flushLater() {
            QueueShell.this.flushLater();
        }

        @Override
        public void malformed(Identity peer, String problem) {
            dropMalformed(where, peer, problem);
        }
    }
}
