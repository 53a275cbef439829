package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.NanoClock;
import io.privateer.core.UnsafeMessages;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.EpochFence.Verdict;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A worker of PRV/1: the production machine and codec, joined as {@link PrvWorkerShell} and {@link PrvHandlerSide} join
 * them to socket and handlers. Works on several deliveries at once.
 */
final class SimPrvWorker extends SimWorker {

    private final String service;
    private final Function<PeerId, SimWorkerLife> lives;
    private final SimRecovery recovery;
    private @Nullable Life current;

    SimPrvWorker(Sim sim, String name, SimQueue queue, String service) {
        this(sim, name, queue, service, sim.newClock(), null);
    }

    /** Makes the side of a worker that faces {@code queue}, and shares {@code lives} with its other side, if it has one. */
    SimPrvWorker(
            Sim sim,
            String name,
            SimQueue queue,
            String service,
            SimClock clock,
            @Nullable Function<PeerId, SimWorkerLife> lives) {
        super(sim, name, queue, clock);
        this.service = service;
        this.lives = lives == null ? id -> new SimWorkerLife(List.of(this), id) : lives;
        this.recovery = sim.recovery(this, List.of(path));
    }

    @Override
    String service() {
        return service;
    }

    /** Whether its queue knows it, and it knows that. */
    boolean isWelcome() {
        return live().isWelcome();
    }

    @Override
    void onStart() {
        current = new Life();
        current.enter(machine -> machine.onStart(now()));
    }

    @Override
    boolean hasDeadline() {
        return !live().drained;
    }

    @Override
    long nextDeadlineNanos() {
        return live().machine.nextDeadlineNanos();
    }

    @Override
    void onTick() {
        live().enter(machine -> machine.onTick(now()));
    }

    @Override
    void onTurnEnd() {
        live().outbox.flush();
        recovery.checkInTime(0, live().isWelcome());
    }

    @Override
    void drain() {
        input(() -> {
            world.trace(name, "drains");
            live().enter(entered -> entered.onDrain(now()));
        });
    }

    @Override
    void changeCredit(int credit) {
        input(() -> {
            if (live().socket != null) {
                world.trace(name, "changes its credit to", credit);
                live().outbox.credit(credit);
            }
        });
    }

    private Life live() {
        return Objects.requireNonNull(current);
    }

    /** One incarnation: all that a crash takes away. */
    private final class Life implements PrvWorkerPort, PrvDelivery.Host {
        private final SimWorkerLife shared = lives.apply(PeerId.random(world.random()));
        private final PrvWorkerMachine machine = new PrvWorkerMachine(
                sim.settings.concurrency,
                sim.settings.credit,
                sim.settings.heartbeatNanos,
                sim.settings.queue.liveness(),
                sim.settings.reconnect,
                world.random(),
                this);
        private final PrvReplies replies = new PrvReplies(name, SocketSettings.defaults());
        private final SimFence fence = shared.fence;
        private final Outbox outbox = new Outbox(this::transmit, fence);
        private final RecordReader reader = new RecordReader();
        private final ArrayDeque<PrvDelivery> endedHere = new ArrayDeque<>();

        private final SimDeliveries deliveries = shared.deliveries;
        private @Nullable PeerId incarnation;
        private @Nullable SimDealer socket;
        private int atWork;
        private boolean welcome;
        private boolean drained;

        Life() {
            shared.sides.add(machine);
        }

        void enter(Consumer<PrvWorkerMachine> input) {
            if (!drained) {
                input.accept(machine);
                takeEndedHere();
            }
        }

        boolean isWelcome() {
            return welcome && socket != null && socket.isConnected();
        }

        private void takeEndedHere() {
            for (PrvDelivery ended = endedHere.poll(); ended != null; ended = endedHere.poll()) {
                onEnded(ended);
            }
        }

        private void onEnded(PrvDelivery delivery) {
            atWork--;
            if (!drained) {
                replies.count(delivery);
                shared.turnSoon(delivery, machine);
                machine.onHandled(now(), delivery);
                if (machine.counters().vainReplies > 0) {
                    world.reach(SimGoal.PRV_VAIN_REPLY);
                }
            }
        }

        private void transmit(byte[][] frames) {
            if (socket != null) {
                socket.send(frames);
            }
        }

        @Override
        public void open() {
            check(socket == null, "one socket at a time", name);
            socket = new SimDealer(sim, SimPrvWorker.this, path.queue().backend, path, null, new Backend());
        }

        @Override
        public void abandonSocket() {
            outbox.clear();
            Objects.requireNonNull(socket).closeWithoutLinger();
            socket = null;
        }

        @Override
        public void closeSocket() {
            outbox.flush();
            Objects.requireNonNull(socket).close();
            socket = null;
        }

        @Override
        public void sendReady(int credit, long[] held, boolean takenOver) {
            check(held.length == machine.held(), "a worker names all that it holds", name, held.length);
            welcome &= takenOver;
            int longest = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
            outbox.ready(shared.sides.id(), credit, sim.settings.concurrency, longest, service, takenOver, held);
        }

        @Override
        public List<PrvDelivery> takeOver(PeerId of) {
            List<PrvDelivery> taken = shared.sides.takeOver(machine, of);
            sim.handedOver(SimPrvWorker.this, taken.size());
            return taken;
        }

        @Override
        public void sendHeartbeat() {
            outbox.heartbeat();
        }

        @Override
        public void sendDrain() {
            outbox.drain();
        }

        @Override
        public void sendGoodbye() {
            outbox.goodbye(Status.OK);
        }

        @Override
        public void sendReply(PrvDelivery delivery) {
            deliveries.replies(delivery, incarnation);
            replies.write(delivery, outbox);
        }

        @Override
        public void sendNotHeld(long deliveryId) {
            outbox.reply(deliveryId, Status.EXPIRED, 0, 0, null);
        }

        @Override
        public void sendProgress(long deliveryId) {
            outbox.progress(deliveryId);
        }

        @Override
        public void handle(PrvDelivery delivery) {
            byte[][] body = UnsafeMessages.framesOf(delivery.message());
            world.trace(name, "works on", SimContent.text(body), "delivery", delivery.id);
            check(!drained && ++atWork <= sim.settings.concurrency, "no more at once than allowed", name, atWork);
            deliveries.begins(delivery, now());
            sim.prvCalls.executing(body, SimPrvWorker.this);
            sim.executing(SimPrvWorker.this, delivery.id, body);
            sim.calls.executed(body);
            if (world.chance(0.1)) {
                end(delivery, body);
                endedHere.add(delivery);
            } else {
                long workNanos = workNanos();
                if (world.chance(0.1)) {
                    inputIn(workNanos / 2, delivery::progress);
                }
                inputIn(workNanos, () -> {
                    end(delivery, body);
                    onEnded(delivery);
                    takeEndedHere();
                });
            }
        }

        private void end(PrvDelivery delivery, byte[][] body) {
            boolean fails = SimContent.isPoisoned(body) || sim.faulty(SimFault.FAILING_HANDLER, 0.2);
            world.trace(name, fails ? "fails on" : "is done with", SimContent.text(body), "delivery", delivery.id);
            if (fails) {
                sim.prvCalls.handlerFailed(body);
                delivery.end(Status.HANDLER_FAILED, PrvReplies.textOf(null), true);
            } else {
                delivery.end(Status.OK, SimContent.replyTo(body), false);
            }
        }

        @Override
        public void drained() {
            check(!drained && socket == null && atWork == 0, "drained once, with nothing left", name, atWork);
            world.reach(SimGoal.PRV_DRAINED);
            drained = true;
            crash();
            sim.startLater(SimPrvWorker.this);
        }

        @Override
        public NanoClock clock() {
            return SimPrvWorker.this::now;
        }

        @Override
        public String service() {
            return service;
        }

        @Override
        public void progress(PrvDelivery delivery) {
            enter(entered -> entered.onProgress(delivery));
            shared.turnSoon(delivery, machine);
        }

        @Override
        public void cancelActionFailed(Throwable failure) {
            throw new SimViolation("no action of these handlers fails " + failure);
        }

        /** What one socket brings. */
        private final class Backend implements SimDealer.Handler {
            private final @Nullable SimDealer before = socket;
            private @Nullable SimDealer own;

            private boolean isPresent() {
                if (own == null && socket != before) {
                    own = socket;
                }
                return !drained && own != null && own == socket;
            }

            @Override
            public void onMessage(byte[][] frames) {
                check(reader.open(frames), "a queue speaks PRV/1 to its peers", name);
                boolean stale = fence.judge(reader.epoch()) == Verdict.STALE;
                while (isPresent() && reader.next()) {
                    onRecord(stale);
                    takeEndedHere();
                }
                check(reader.problem() == null, "a queue speaks PRV/1 well", name, reader.problem());
            }

            private void onRecord(boolean stale) {
                if (reader.type() != Prv.GOODBYE) {
                    recovery.onKnown(0);
                }
                switch (reader.type()) {
                    case Prv.REQUEST -> onRequest(stale);
                    case Prv.CANCEL -> onCancel(reader.id());
                    case Prv.HEARTBEAT -> machine.onHeartbeat(now());
                    case Prv.DRAIN -> machine.onDrainHeard(now());
                    case Prv.ACKNOWLEDGE -> machine.onAcknowledge(now(), reader.id());
                    case Prv.WELCOME -> onWelcome(reader.peer());
                    case Prv.GOODBYE -> onGoodbye(reader.status());
                    default -> throw new SimViolation("a queue tells a worker what is no worker's: " + reader.type());
                }
            }

            private void onGoodbye(Status why) {
                machine.onGoodbye(now(), why);
                if (why == Status.UNKNOWN_PEER) {
                    world.reach(SimGoal.PRV_WORKER_UNKNOWN);
                }
                if (why == Status.OK) {
                    world.reach(SimGoal.PRV_WORKER_HEARD_GOODBYE);
                    check(!isPresent(), "a queue that leaves is left", name);
                }
            }

            private void onRequest(boolean stale) {
                if (stale) {
                    world.reach(PairGoal.WORKER_REFUSED_DELIVERY);
                    sendHeartbeat();
                    return;
                }
                fence.checkBelieved();
                PrvDelivery delivery = new PrvDelivery(
                        Life.this,
                        now(),
                        reader.id(),
                        reader.attempt(),
                        reader.ttlMicros(),
                        reader.headers(),
                        reader.body());
                deliveries.came(delivery, incarnation);
                machine.onRequest(now(), delivery);
            }

            private void onCancel(long deliveryId) {
                deliveries.cancels(machine, incarnation, deliveryId);
                machine.onCancel(now(), deliveryId);
                deliveries.checkCancelled(incarnation, deliveryId);
            }

            private void onWelcome(PeerId peer) {
                boolean serves = !reader.isStandby();
                boolean another = serves && incarnation != null && !peer.equals(incarnation);
                incarnation = serves || incarnation == null ? peer : incarnation;
                welcome = true;
                machine.onWelcome(now(), peer, reader.heartbeatMillis(), reader.flags());
                if (another) {
                    world.reach(SimGoal.PRV_INCARNATION_CHANGED);
                    boolean forgets = machine.held() == 0 || reader.isTakeover();
                    check(forgets, "another queue wants nothing of what is held", name, machine.held());
                }
            }

            @Override
            public void onDisconnected() {
                if (isPresent()) {
                    enter(entered -> entered.onDisconnected(now()));
                }
            }
        }
    }
}
