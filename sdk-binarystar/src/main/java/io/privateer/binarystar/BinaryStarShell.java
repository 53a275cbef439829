package io.privateer.binarystar;

import io.privateer.core.ClosedException;
import io.privateer.core.Guard;
import io.privateer.core.Guarded;
import io.privateer.core.StorageException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.ListenProbe;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Joins one {@link BinaryStarMachine} to its state links, its witness, its epoch store and the service that it guards. Not
 * thread-safe: confine to the loop's thread, except what {@link Guard} says.
 *
 * <p>A state link is a ROUTER here and a DEALER there, one pair each way: what the peer says comes in on the ROUTER, and that
 * the peer's process is gone shows on the DEALER. The epoch is stored on a thread of its own, for a disk may take its time.
 */
final class BinaryStarShell implements BinaryStarPort, Guard, LoopMember {

    /** Messages of this size are far larger than any that belongs here. */
    private static final int MESSAGE_BYTES_MAX = 4_096;

    /** What waits for a peer that is away is old when it comes, so little of it is kept. */
    private static final int HIGH_WATER_MARK = 4;

    private static final Duration PROBE_TIMEOUT = Duration.ofSeconds(2);

    private final EventLoop loop;
    private final BinaryStarConfig config;
    private final Guarded service;
    private final StarObserver observer;
    private final BinaryStarMachine machine;
    private final EpochStore epochs;
    private final ExecutorService storing;
    private final LoopTimer timer;
    private final List<RouterSocket> inbound = new ArrayList<>();
    private final List<DealerSocket> outbound = new ArrayList<>();
    private final boolean[] probing;
    private final AtomicBoolean voteComes = new AtomicBoolean();
    private @Nullable DealerSocket witness;
    private long statesSent;
    private long statesReceived;
    private long malformed;
    private long votes;
    private long activations;
    private long toldUntilNanos;
    private boolean closed;

    BinaryStarShell(EventLoop loop, BinaryStarConfig config, Guarded service) {
        this.loop = loop;
        this.config = config;
        this.service = service;
        this.epochs = config.epochs();
        this.observer = new StarObserver(loop, config);
        this.machine = new BinaryStarMachine(config.settings(), now(), this, observer);
        this.probing = new boolean[config.states().size()];
        this.timer = loop.timer(() -> input(() -> machine.onTick(now())));
        this.storing = Executors.newSingleThreadExecutor(task -> {
            Thread thread = new Thread(task, "privateer-epoch-" + config.name());
            thread.setDaemon(true);
            return thread;
        });
        try {
            openSockets();
        } catch (RuntimeException e) {
            closeSockets();
            throw e;
        }
        loop.join(this);
    }

    private void openSockets() {
        SocketSettings settings = SocketSettings.defaults()
                .withMessageBytesMax(MESSAGE_BYTES_MAX)
                .withHighWaterMark(HIGH_WATER_MARK)
                .withLinger(Duration.ZERO);
        for (int link = 0; link < config.states().size(); link++) {
            inbound.add(loop.bindRouter("state", config.states().get(link), settings, new Inbound(link)));
        }
        for (int link = 0; link < config.peerStates().size(); link++) {
            outbound.add(loop.connectDealer(config.peerStates().get(link), null, settings, new Outbound(link)));
        }
        if (config.witness() != null) {
            witness = loop.connectDealer(config.witness(), null, settings, new FromWitness());
        }
    }

    void start() {
        observer.started(endpoints());
        storing.execute(() -> {
            try {
                long stored = epochs.load();
                post(() -> machine.onStart(now(), stored));
            } catch (StorageException e) {
                post(() -> machine.onStartWithoutEpoch(now(), String.valueOf(e.getMessage())));
            }
        });
    }

    /** Thread-safe. */
    List<String> endpoints() {
        return inbound.stream().map(RouterSocket::endpoint).toList();
    }

    OperatorAnswer promote() {
        return command("promote", () -> machine.promote(now()));
    }

    OperatorAnswer stepDown() {
        return command("stepDown", () -> machine.stepDown(now()));
    }

    OperatorAnswer failBack() {
        return command("failBack", () -> machine.failBack(now()));
    }

    private OperatorAnswer command(String what, Supplier<OperatorAnswer> order) {
        if (closed) {
            throw new ClosedException("server " + config.name() + " is closed", List.of());
        }
        OperatorAnswer answer = order.get();
        afterInput();
        observer.commanded(what, answer);
        return answer;
    }

    BinaryStarStats stats() {
        PeerState peer = machine.lastOfPeer();
        return new BinaryStarStats(
                config.settings().role(),
                machine.state(),
                machine.newestEpoch(),
                !closed && machine.mayServe(now()),
                machine.canServe(),
                peer == null ? null : peer.state(),
                machine.isPeerGone(now()),
                machine.misconfiguration(),
                activations,
                votes,
                statesSent,
                statesReceived,
                malformed,
                observer.listenerFailures());
    }

    void close() {
        if (!closed) {
            closed = true;
            timer.cancel();
            loop.leave(this);
            service.standBy(machine.newestEpoch(), machine.activeFrontend());
            closeSockets();
            storing.shutdown();
            observer.closed(machine.state());
        }
    }

    private void closeSockets() {
        inbound.forEach(RouterSocket::close);
        outbound.forEach(DealerSocket::close);
        if (witness != null) {
            witness.close();
        }
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
                votes++;
                machine.onVote(now());
            });
        }
    }

    @Override
    public void newerEpoch(long epoch) {
        post(() -> machine.onNewerEpoch(now(), epoch));
    }

    @Override
    public void diverged(long accepted, long answered) {
        post(() -> observer.doneAlone(accepted, answered));
    }

    @Override
    public void sendState(PeerState state) {
        byte[] frame = StateCodec.encode(state);
        for (DealerSocket socket : outbound) {
            if (socket.send(frame)) {
                statesSent++;
            }
        }
    }

    @Override
    public void storeEpoch(long epoch) {
        storing.execute(() -> {
            try {
                epochs.store(epoch);
                post(() -> machine.onEpochStored(now(), epoch));
            } catch (StorageException e) {
                post(() -> machine.onEpochFailed(now(), String.valueOf(e.getMessage())));
            }
        });
    }

    @Override
    public void activate(long epoch) {
        activations++;
        service.activate(epoch);
    }

    @Override
    public void deactivate(long newestEpoch, String activeFrontend) {
        service.standBy(newestEpoch, activeFrontend);
    }

    @Override
    public void probe(int link) {
        if (!probing[link]) {
            probing[link] = true;
            ListenProbe.ask(
                    loop,
                    config.peerStates().get(link),
                    PROBE_TIMEOUT,
                    result -> input(() -> {
                        probing[link] = false;
                        if (result == ListenProbe.Result.REFUSED) {
                            machine.onPeerRefused(now(), link);
                        }
                    }));
        }
    }

    @Override
    public void askLease(LeaseRequest request) {
        toWitness(request);
    }

    @Override
    public void releaseLease(LeaseRequest release) {
        toWitness(release);
    }

    private void toWitness(LeaseRequest request) {
        if (witness != null) {
            witness.send(LeaseCodec.encode(request));
        }
    }

    /** From any thread; what comes after the end is of no use. */
    private void post(Runnable input) {
        try {
            loop.execute(() -> input(input));
        } catch (ClosedException | TransportFailedException e) {
            observer.tooLate();
        }
    }

    private void input(Runnable input) {
        if (!closed) {
            input.run();
            afterInput();
        }
    }

    /** The service hears of the peer's coming and going behind what that has led to: it reports by how it was before. */
    private void afterInput() {
        if (!closed) {
            Boolean isAlone = observer.takeAlone();
            if (isAlone != null) {
                service.alone(isAlone);
            }
            tellLease();
            timer.arm(machine.nextDeadlineNanos(now()));
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
        malformed++;
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
            byte[] frame = frames.length == 1 ? frames[0] : new byte[0];
            PeerState state = StateCodec.decode(frame);
            AdminCodec.Command command = AdminCodec.decodeCommand(frame);
            if (state != null) {
                statesReceived++;
                input(() -> machine.onPeerState(now(), link, state));
            } else if (command != null) {
                inbound.get(link).send(peer, AdminCodec.encode(obey(command), stats()));
            } else {
                dropMalformed("state", peer);
            }
        }

        private OperatorAnswer obey(AdminCodec.Command command) {
            return switch (command) {
                case STATUS -> OperatorAnswer.DONE;
                case PROMOTE -> promote();
                case STEP_DOWN -> stepDown();
                case FAIL_BACK -> failBack();
            };
        }

        @Override
        public void onPeerGone(Identity peer) {
            // The outbound side of the link tells.
        }
    }

    /** Where this server finds the peer. */
    private final class Outbound implements DealerSocket.Handler {
        private final int link;

        Outbound(int link) {
            this.link = link;
        }

        @Override
        public void onMessage(byte[][] frames) {
            malformed++; // A peer answers on its own way.
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
                malformed++;
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
