package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage;
import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.BackendMessage.Ready;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.Envelope;
import io.privateer.core.wire.PeerId;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A queue's process: the production machine and codec, joined as {@link QueueShell} joins them to its sockets. */
final class SimQueue extends SimProcess {

    private static final byte[][] NO_FRAMES = {};
    private static final QueueCounters.OfShell NOTHING_ELSE = new QueueCounters.OfShell(0, 0, 0, 0, 0, 0, 0);

    final SimRouter frontend;
    final SimRouter backend;
    private @Nullable Life current;

    SimQueue(Sim sim, String name) {
        super(sim, name);
        this.frontend = new SimRouter(sim, this, new Frontend());
        this.backend = new SimRouter(sim, this, new Backend());
    }

    @Override
    void onStart() {
        current = new Life();
    }

    @Override
    void onCrash() {
        frontend.crash();
        backend.crash();
    }

    @Override
    boolean hasDeadline() {
        return true;
    }

    @Override
    long nextDeadlineNanos() {
        return live().machine.nextDeadlineNanos();
    }

    @Override
    void onTick() {
        Life live = live();
        live.machine.onTick(world.now());
        live.settle();
    }

    void drain() {
        Life live = live();
        live.model.onDrain();
        live.machine.onDrain(world.now());
        live.settle();
    }

    QueueStats stats() {
        return live().stats();
    }

    QueueModel model() {
        return live().model;
    }

    private Life live() {
        return Objects.requireNonNull(current);
    }

    /** One incarnation: all that a crash takes away. */
    private final class Life implements QueuePort {
        private final DeliveryAddress address = new DeliveryAddress(world.random());
        private final QueueModel model = new QueueModel(sim, SimQueue.this);
        private final QueueMachine machine =
                new QueueMachine(sim.settings.queue, PeerId.random(world.random()), this, model, world.now());

        private QueueStats stats() {
            return machine.stats(NOTHING_ELSE);
        }

        private void settle() {
            model.settled(stats());
        }

        @Override
        public boolean deliver(Identity worker, Dialect dialect, long deliveryId, byte[][] body) {
            byte[][] deliveryAddress = address.of(deliveryId);
            boolean sent = backend.deliver(worker, BackendCodec.job(dialect, deliveryAddress, body));
            if (sent) {
                model.delivered(worker, deliveryId, deliveryAddress, body);
            } else {
                model.undeliverable(worker, body);
            }
            return sent;
        }

        @Override
        public void reply(Identity client, byte[][] returnAddress, byte[][] body) {
            model.replied(client, returnAddress, body);
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
            model.drained();
        }
    }

    private final class Frontend implements SimRouter.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            Envelope request = Envelope.parse(frames);
            SimViolation.check(request != null, "a client's request is well-formed", peer);
            Envelope parsed = Objects.requireNonNull(request);
            Life live = live();
            live.model.onRequest(peer, parsed.address(), parsed.body());
            live.machine.onRequest(world.now(), peer, parsed.address(), parsed.body());
            live.settle();
        }

        @Override
        public void onPeerGone(Identity peer) {
            Life live = live();
            live.model.onClientGone(peer);
            live.machine.onClientGone(world.now(), peer);
            live.settle();
        }
    }

    private final class Backend implements SimRouter.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            Life live = live();
            BackendMessage message = BackendCodec.decode(frames);
            if (message instanceof Job job) {
                onReply(live, peer, job.content());
            } else if (message instanceof Heartbeat heartbeat) {
                live.model.onHeartbeat(peer, heartbeat.whileBusy());
                live.machine.onHeartbeat(world.now(), peer, heartbeat.whileBusy());
            } else if (message instanceof Ready ready) {
                live.model.onReady(peer, ready.dialect());
                live.machine.onReady(world.now(), peer, ready.dialect());
            } else {
                throw new SimViolation("a worker said what no dialect knows " + message);
            }
            live.settle();
        }

        private void onReply(Life live, Identity peer, Envelope reply) {
            long deliveryId = live.address.idIn(reply.address());
            live.model.onReply(peer, reply.address(), deliveryId);
            if (deliveryId == QueueWorker.NONE) {
                live.machine.onStrayReply(world.now(), peer);
            } else {
                live.machine.onReply(world.now(), peer, deliveryId, reply.body());
            }
        }

        @Override
        public void onPeerGone(Identity peer) {
            Life live = live();
            live.model.onWorkerGone(peer);
            live.machine.onWorkerGone(world.now(), peer);
            live.settle();
        }
    }

    /** Lets a client that has no socket ask, as the last thing that happens to a drained queue. */
    void refuseOneMore(Identity client, byte[][] body) {
        Life live = live();
        live.model.onRequest(client, NO_FRAMES, body);
        live.machine.onRequest(world.now(), client, NO_FRAMES, body);
        live.settle();
    }
}
