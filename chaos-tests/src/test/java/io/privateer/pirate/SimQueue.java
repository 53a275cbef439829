package io.privateer.pirate;

import io.privateer.core.Guard;
import io.privateer.core.Replicator;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage;
import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.BackendMessage.Ready;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.Envelope;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A queue's process: the production machine and codec, joined as {@link QueueShell} joins them to its sockets. */
final class SimQueue extends SimProcess {

    private static final byte[][] NO_FRAMES = {};
    private static final QueueCounters.OfShell NOTHING_ELSE = new QueueCounters.OfShell(0, 0, 0, 0, 0, 0, 0);

    final SimRouter frontend;
    final SimRouter backend;
    private final @Nullable Guard guard;
    private final @Nullable Replicator replicator;
    private SimFlows flows = SimFlows.NONE;
    private @Nullable Life current;
    private boolean leaving;

    SimQueue(Sim sim, String name) {
        this(sim, name, sim.newClock(), null, null);
    }

    /** Makes one that serves when {@code guard} says so, and tells {@code replicator} what it does. */
    SimQueue(Sim sim, String name, SimClock clock, @Nullable Guard guard, @Nullable Replicator replicator) {
        super(sim, name, clock);
        this.guard = guard;
        this.replicator = replicator;
        this.frontend = new SimRouter(sim, this, new Frontend());
        this.backend = new SimRouter(sim, this, new Backend());
    }

    /** It has these sockets too, from its next life on. */
    void flows(SimFlows others) {
        flows = others;
    }

    @Override
    void onStart() {
        current = new Life();
        leaving = false;
        if (guard != null) {
            live().machine.onGuarded(now(), guard);
            if (replicator != null) {
                live().machine.replication().open(live().new ToReplicator(replicator));
            }
            live().settle();
        }
        flows.begin(live().machine, live());
    }

    @Override
    void onCrash() {
        frontend.close(true);
        backend.close(true);
        flows.crash();
    }

    @Override
    boolean hasDeadline() {
        return true;
    }

    @Override
    long nextDeadlineNanos() {
        return flows.earlierDeadline(live().machine.nextDeadlineNanos());
    }

    @Override
    void onTick() {
        Life live = live();
        live.machine.onTick(now());
        live.settle();
        flows.onTick();
    }

    /** Hands the machine something that its guard decides. */
    void command(Consumer<QueueMachine> order) {
        input(() -> {
            order.accept(live().machine);
            live().settle();
        });
    }

    void drain() {
        Life live = live();
        live.ended = true;
        live.watch.onDrain();
        flows.leave();
        live.machine.onDrain(now());
        live.settle();
        live.flush();
    }

    /** Stops in good order, and starts again without memory. Half of the time it tries to finish first what it holds. */
    void close() {
        input(() -> {
            if (sim.isHealed() || leaving) {
                return;
            }
            if (world.chance(0.5)) {
                leave();
            } else {
                world.trace(name, "drains");
                leaving = true;
                drain();
                inputIn(world.between(0, 2 * sim.settings.queue.silenceNanos()), this::leave);
            }
        });
    }

    /** If it is about to stop, stops at once. */
    void finishClosing() {
        if (isUp() && leaving) {
            leave();
        }
    }

    private void leave() {
        world.trace(name, "leaves");
        flows.leave();
        live().leave();
        frontend.close(false);
        backend.close(false);
        flows.close();
        crash();
        sim.startLater(this);
    }

    QueueStats stats() {
        return live().stats();
    }

    /** Whether it was told to drain: it will never serve again. */
    boolean isEnded() {
        return live().ended;
    }

    SimWatch watch() {
        return live().watch;
    }

    @Override
    void onTurnEnd() {
        live().flush();
        flows.turnEnded();
    }

    private Life live() {
        return Objects.requireNonNull(current);
    }

    /** One incarnation: all that a crash takes away. */
    private final class Life implements QueuePort, SimFlows.Host {
        private final DeliveryAddress address = new DeliveryAddress(world.random());
        private final SimWatch watch = sim.watch(SimQueue.this);
        private final QueueMachine machine =
                new QueueMachine(sim.settings.queue, PeerId.random(world.random()), this, watch, now());
        private final PrvLinks clients = new PrvLinks(machine, new LinkPort(frontend));
        private final PrvLinks workers = new PrvLinks(machine, new LinkPort(backend));
        private boolean flushPlanned;
        private boolean ended;

        private QueueStats stats() {
            return machine.stats(NOTHING_ELSE);
        }

        @Override
        public void settle() {
            watch.settled(stats());
            flows.touched();
        }

        @Override
        public void flushLater() {
            flushPlanned = true;
        }

        private void leave() {
            machine.onClose();
            flush();
        }

        private void flush() {
            while (flushPlanned) {
                flushPlanned = false;
                machine.replication().flush();
                clients.flush(now());
                workers.flush(now());
                flows.flush();
                settle();
            }
            watch.turnEnded();
        }

        @Override
        public boolean deliver(Identity worker, Dialect dialect, long deliveryId, byte[][] body) {
            byte[][] deliveryAddress = address.of(deliveryId);
            boolean sent = backend.deliver(worker, BackendCodec.job(dialect, deliveryAddress, body));
            if (sent) {
                watch.delivered(worker, deliveryId, deliveryAddress, body);
            } else {
                watch.undeliverable(worker, body);
            }
            return sent;
        }

        @Override
        public void reply(Identity client, byte[][] returnAddress, byte[][] body) {
            watch.replied(client, returnAddress, body);
            if (!frontend.send(client, Envelope.join(returnAddress, body))) {
                world.reach(SimGoal.REPLY_UNROUTABLE);
            }
        }

        @Override
        public void beat(Identity worker, boolean whileBusy) {
            backend.send(worker, BackendCodec.heartbeat(whileBusy));
        }

        @Override
        public void drained() {
            watch.drained();
            if (leaving) {
                inputIn(0, SimQueue.this::leave);
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
                flushPlanned = true;
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

        /** What carries the PRV/1 connections of one socket. A peer that does not read is as good as gone. */
        private final class LinkPort implements PrvLinks.Port {
            private final SimRouter router;

            LinkPort(SimRouter router) {
                this.router = router;
            }

            @Override
            public boolean send(Identity peer, byte[][] frames) {
                if (router == backend) {
                    watch.sentToWorker(peer, frames);
                } else {
                    watch.sentToClient(peer, frames);
                }
                boolean slow = sim.faulty(SimFault.OVERLOAD, 0.003);
                if (slow) {
                    world.trace(name, "drops what a slow peer does not read", peer);
                    world.reach(SimGoal.SLOW_PEER);
                    router.disturb(peer);
                }
                boolean sent = !slow && router.send(peer, frames);
                if (!sent && router == backend) {
                    watch.workerCut(peer);
                } else if (!sent) {
                    watch.clientCut(peer);
                }
                return sent;
            }

            @Override
            public void flushLater() {
                Life.this.flushLater();
            }

            @Override
            public void malformed(Identity peer, String problem) {
                throw new SimViolation("a peer speaks PRV/1 well: " + problem);
            }
        }
    }

    private final class Frontend implements SimRouter.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            if (Prv.isPrv(frames)) {
                Life live = live();
                live.watch.onClientMessage(peer, frames);
                live.clients.onClientMessage(now(), peer, frames);
                live.settle();
                return;
            }
            Envelope request = Envelope.parse(frames);
            SimViolation.check(request != null, "a client's request is well-formed", peer);
            Envelope parsed = Objects.requireNonNull(request);
            Life live = live();
            live.watch.onRequest(peer, parsed.address(), parsed.body());
            live.machine.onRequest(now(), peer, parsed.address(), parsed.body());
            live.settle();
        }

        @Override
        public void onPeerGone(Identity peer) {
            Life live = live();
            live.watch.onClientGone(peer);
            live.clients.onPeerGone(now(), peer);
            live.machine.onClientGone(now(), peer);
            live.settle();
        }
    }

    private final class Backend implements SimRouter.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            Life live = live();
            if (Prv.isPrv(frames)) {
                live.watch.onWorkerMessage(peer, frames);
                live.workers.onWorkerMessage(now(), peer, frames);
                live.settle();
                return;
            }
            BackendMessage message = BackendCodec.decode(frames);
            if (message instanceof Job job) {
                onReply(live, peer, job.content());
            } else if (message instanceof Heartbeat heartbeat) {
                live.watch.onHeartbeat(peer, heartbeat.whileBusy());
                live.machine.onHeartbeat(now(), peer, heartbeat.whileBusy());
            } else if (message instanceof Ready ready) {
                live.watch.onReady(peer, ready.dialect());
                live.machine.onReady(now(), peer, ready.dialect());
            } else {
                throw new SimViolation("a worker said what no dialect knows " + message);
            }
            live.settle();
        }

        private void onReply(Life live, Identity peer, Envelope reply) {
            long deliveryId = live.address.idIn(reply.address());
            live.watch.onReply(peer, reply.address(), deliveryId);
            if (deliveryId == QueueWorker.NONE) {
                live.machine.onStrayReply(now(), peer);
            } else {
                live.machine.onReply(now(), peer, deliveryId, reply.body());
            }
        }

        @Override
        public void onPeerGone(Identity peer) {
            Life live = live();
            live.watch.onWorkerGone(peer);
            live.workers.onPeerGone(now(), peer);
            live.machine.onWorkerGone(now(), peer);
            live.settle();
        }
    }

    /** Lets a client that has no socket ask, as the last thing that happens to a drained queue. */
    void refuseOneMore(Identity client, byte[][] body) {
        Life live = live();
        live.watch.onRequest(client, NO_FRAMES, body);
        live.machine.onRequest(now(), client, NO_FRAMES, body);
        live.settle();
    }
}
