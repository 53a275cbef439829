package io.privateer.binarystar;

import io.privateer.core.ClosedException;
import io.privateer.core.Guard;
import io.privateer.core.Guarded;
import io.privateer.core.Replicated;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.RouterSocket;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Joins one {@link BinaryStarMachine} to its state links, its witness, its epoch store and the service that it guards. Not
 * thread-safe: confine to the loop's thread, except what {@link Guard} says.
 */
final class BinaryStarShell implements BinaryStarPort, Guard, LoopMember {

    private final EventLoop loop;
    private final BinaryStarConfig config;
    private final Guarded service;
    private final StarObserver observer;
    private final BinaryStarMachine machine;
    private final EpochWriter epochs;
    private final StarLinks links;
    private final LoopTimer timer;
    private final @Nullable ReplicationShell replication;
    private final AtomicBoolean voteComes = new AtomicBoolean();
    private final StarCounters counters = new StarCounters();
    private final CountDownLatch left = new CountDownLatch(1);
    private long toldUntilNanos;
    private final EarlyEpochs early = new EarlyEpochs();
    private volatile boolean started;
    private boolean leaving;
    private boolean closed;

    BinaryStarShell(EventLoop loop, BinaryStarConfig config, Guarded service) {
        this.loop = loop;
        this.config = config;
        this.service = service;
        this.observer = new StarObserver(loop, config);
        this.machine = new BinaryStarMachine(config.settings(), now(), this, observer);
        this.timer = loop.timer(() -> input(() -> machine.onTick(now())));
        this.links = new StarLinks(loop, config, Inbound::new, Outbound::new, new FromWitness());
        this.replication = config.replicates() && service instanceof Replicated replicated
                ? new ReplicationShell(loop, config.settings(), machine, replicated, links, observer)
                : null;
        this.epochs = new EpochWriter(config.name(), config.epochs());
        loop.join(this);
    }

    /** What the service tells of itself to its other copy, if it can and is to; before it is told anything else. */
    void guard() {
        service.guardedBy(this);
        if (replication != null && service instanceof Replicated replicated) {
            replicated.replicatedBy(replication);
        }
    }

    void start() {
        observer.started(endpoints());
        epochs.load(
                stored -> post(() -> begin(() -> machine.onStart(now(), stored))),
                problem -> post(() -> begin(() -> machine.onStartWithoutEpoch(now(), problem))));
    }

    /** What came before the epoch is known was dropped, for it will come again; only a newer epoch may not. */
    private void begin(Runnable start) {
        started = true;
        start.run();
        early.tell(epoch -> machine.onNewerEpoch(now(), epoch));
    }

    /** Thread-safe. */
    List<String> endpoints() {
        return links.endpoints();
    }

    /** Does what the operator wants, who is in this process or behind a state link. */
    OperatorAnswer obey(AdminCodec.Command command) {
        if (closed) {
            throw new ClosedException("server " + config.name() + " is closed", List.of());
        }
        OperatorAnswer answer =
                switch (command) {
                    case STATUS -> OperatorAnswer.DONE;
                    case PROMOTE -> machine.promote(now());
                    case STEP_DOWN -> machine.stepDown(now());
                    case FAIL_BACK -> machine.failBack(now());
                };
        afterInput();
        if (command != AdminCodec.Command.STATUS) {
            observer.commanded(command, answer);
        }
        return answer;
    }

    BinaryStarStats stats() {
        return counters.snapshot(
                machine,
                config.settings().role(),
                !closed && machine.mayServe(now()),
                observer.listenerFailures(),
                replication == null ? ReplicationState.OFF : replication.state(),
                now());
    }

    /** The last words are due: the peer takes over at once, and the witness has its lease back. */
    void leave() {
        if (started && !leaving) {
            leaving = true;
            machine.onServiceEnded(now());
            afterInput();
        }
    }

    /** Waits until the last words are said, which wait for the service. Not on the loop's thread. */
    void awaitLeft() {
        try {
            long waitNanos = started ? config.settings().leaseNanos() : 0;
            boolean unused = left.await(waitNanos, TimeUnit.NANOSECONDS); // Otherwise the lease has ended.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    void close() {
        if (!closed) {
            leave();
            closed = true;
            left.countDown();
            timer.cancel();
            loop.leave(this);
            service.standBy(machine.newestEpoch(), machine.peer().activeFrontend());
            if (replication != null) {
                replication.close();
            }
            links.close();
            epochs.end();
            observer.closed(machine.state());
        }
    }

    /** Any thread. */
    void awaitStored() {
        epochs.awaitEnd();
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        close();
        if (failure != null) {
            observer.onFailed(failure);
        }
    }

    @Override
    public void voted() {
        if (!voteComes.getAndSet(true)) {
            post(() -> {
                voteComes.set(false);
                counters.votes++;
                machine.onVote(now());
            });
        }
    }

    @Override
    public void newerEpoch(long epoch) {
        run(() -> {
            if (started) {
                input(() -> machine.onNewerEpoch(now(), epoch));
            } else {
                early.hear(epoch);
            }
        });
    }

    @Override
    public void serviceEnded(String why) {
        post(() -> {
            observer.serviceEnded(why);
            machine.onServiceEnded(now());
        });
    }

    @Override
    public void standsBy(long newestEpoch) {
        post(() -> machine.onStandsBy(now(), newestEpoch));
    }

    @Override
    public void diverged(long accepted, long answered) {
        post(() -> observer.doneAlone(accepted, answered));
    }

    @Override
    public void sendState(PeerState state) {
        byte[] frame = config.hasGuidePeer() ? toGuide(state) : StateCodec.encode(state, config.replicates());
        counters.statesSent += frame == null ? 0 : links.sendToPeer(frame);
    }

    private byte @Nullable [] toGuide(PeerState state) {
        PeerState peer = machine.peer().last();
        return GuideStateCodec.say(state.state(), peer == null ? null : peer.state());
    }

    @Override
    public void storeEpoch(long epoch) {
        epochs.store(
                epoch,
                () -> post(() -> machine.onEpochStored(now(), epoch)),
                problem -> post(() -> machine.onEpochFailed(now(), problem)));
    }

    @Override
    public void activate(long epoch) {
        counters.activations++;
        tellLease(); // First, for the service may read all this late.
        service.activate(epoch);
        if (machine.peer().last() == null) {
            observer.alone(); // Whom it has never heard it cannot lose.
        }
    }

    @Override
    public void deactivate(long newestEpoch, String activeFrontend) {
        service.standBy(newestEpoch, activeFrontend);
    }

    @Override
    public void probe(int link) {
        links.probe(link, () -> input(() -> machine.onPeerRefused(now(), link)));
    }

    @Override
    public void askLease(LeaseRequest request) {
        links.sendToWitness(LeaseCodec.encode(request));
    }

    @Override
    public void releaseLease(LeaseRequest release) {
        links.sendToWitness(LeaseCodec.encode(release));
    }

    /** From any thread. */
    private void post(Runnable input) {
        run(() -> {
            if (!closed) {
                input.run();
                afterInput();
            }
        });
    }

    /** From any thread; what comes after the end is of no use. */
    private void run(Runnable task) {
        try {
            loop.execute(task);
        } catch (ClosedException | TransportFailedException e) {
            observer.tooLate();
        }
    }

    private void input(Runnable input) {
        if (started && !closed) {
            input.run();
            afterInput();
        }
    }

    /** The service hears of the peer's coming and going behind what that has led to: it reports by how it was before. */
    private void afterInput() {
        if (started && !closed) {
            Boolean isAlone = observer.takeAlone();
            if (isAlone != null) {
                service.alone(isAlone);
            }
            tellLease();
            if (leaving && !machine.isResigning()) {
                left.countDown();
            }
            long dueNanos = machine.nextDeadlineNanos(now());
            if (replication != null) {
                replication.afterInput();
                dueNanos = replication.earlier(dueNanos);
            }
            timer.arm(dueNanos);
        }
    }

    /** The service counts its lease itself, for both threads may have stood still. */
    private void tellLease() {
        long untilNanos = machine.leasedUntilNanos();
        if (config.settings().hasWitness() && machine.state() == StarState.ACTIVE && untilNanos != toldUntilNanos) {
            toldUntilNanos = untilNanos;
            service.serveUntil(untilNanos);
        }
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    private void dropMalformed(String where, Identity peer) {
        counters.malformed++;
        observer.malformed(where, peer.toString());
    }

    /** Where the peer, and operators, find this server. */
    private final class Inbound implements RouterSocket.Handler {
        private final int link;

        Inbound(int link) {
            this.link = link;
        }

        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            StreamMessage stream = frames.length <= 2 ? StreamCodec.decode(frames[0]) : null;
            if (stream != null) {
                if (replication != null && !closed) { // Otherwise the peer is told so, and told by, the state messages.
                    replication.onMessage(peer, stream, frames.length == 2 ? frames[1] : null);
                }
                return;
            }
            byte[] frame = frames.length == 1 ? frames[0] : new byte[0];
            PeerState state = StateCodec.decode(frame);
            AdminCodec.Command command = AdminCodec.decodeCommand(frame);
            if (state != null) {
                counters.statesReceived++;
                input(() -> machine.onPeerState(now(), link, state));
                if (machine.peer().isFrom(state.nodeId())) {
                    observer.peerReplicates(StateCodec.replicates(frame));
                }
            } else if (command != null) {
                links.inbound(link).send(peer, AdminCodec.encode(obey(command), stats(), config.settings()));
            } else {
                dropMalformed("state", peer);
            }
        }

        @Override
        public void onPeerGone(Identity peer) {
            // The outbound side of the link tells.
        }
    }

    /** Where this server finds the peer. */
    private final class Outbound implements StarLinks.AtPeer {
        private final int link;

        Outbound(int link) {
            this.link = link;
        }

        @Override
        public void onMessage(byte[][] frames) {
            boolean guide = config.hasGuidePeer() && frames.length == 1;
            StarState told = guide ? GuideStateCodec.decode(frames[0]) : null;
            if (told == null) {
                counters.malformed++; // A peer of ours answers on its own way.
                observer.malformed("peerState", config.peerStates().get(link));
            } else {
                counters.statesReceived++;
                observer.guideSaid(told == StarState.ACTIVE && machine.state() == StarState.ACTIVE);
                input(() -> machine.onGuidePeerState(now(), link, told));
            }
        }

        @Override
        public void onDisconnected() {
            input(() -> machine.onPeerLinkLost(now(), link));
        }
    }

    private final class FromWitness implements DealerSocket.Handler {
        @Override
        public void onMessage(byte[][] frames) {
            LeaseAnswer answer = frames.length == 1 ? LeaseCodec.decodeAnswer(frames[0]) : null;
            if (answer == null) {
                counters.malformed++;
            } else {
                input(() -> machine.onGrant(now(), answer));
            }
        }

        @Override
        public void onDisconnected() {
            observer.witnessLost();
        }
    }
}
