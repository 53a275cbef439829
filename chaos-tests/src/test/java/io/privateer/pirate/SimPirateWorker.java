package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage;
import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.BusyBeats;
import io.privateer.core.wire.Dialect;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Our own worker: the production machine and codec, joined as {@link WorkerShell} joins them to its socket. */
final class SimPirateWorker extends SimWorker {

    private @Nullable Life current;

    SimPirateWorker(Sim sim, String name, SimQueue queue) {
        super(sim, name, queue);
    }

    @Override
    void onStart() {
        current = new Life();
        current.machine.onStart(world.now());
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
        Life live = live();
        if (!live.drained) {
            live.ticking = true;
            live.machine.onTick(world.now());
            live.ticking = false;
            live.checkSilenceIsNoticed();
        }
    }

    @Override
    void drain() {
        input(() -> {
            if (!live().drained) {
                world.trace(name, "drains");
                live().machine.onDrain(world.now());
            }
        });
    }

    private Life live() {
        return Objects.requireNonNull(current);
    }

    /** One incarnation: all that a crash takes away. */
    private final class Life implements WorkerPort, SimDealer.Handler {
        private final WorkerMachine machine = new WorkerMachine(
                sim.settings.heartbeatNanos,
                sim.settings.queue.liveness(),
                sim.settings.reconnect,
                world.random(),
                this);
        private @Nullable SimDealer socket;
        private @Nullable SimDealer jobCameOn;
        private byte @Nullable [][] jobAddress;
        private long openedAtNanos;
        private long heardAtNanos;
        private boolean ticking;
        private boolean drained;
        private long vainReplies;

        @Override
        public void onMessage(byte[][] frames) {
            heardAtNanos = world.now();
            BackendMessage message = BackendCodec.decode(frames);
            if (message instanceof Job job) {
                check(!isAtWork(), "a worker that holds something is given nothing", name);
                jobCameOn = socket;
                jobAddress = job.content().address();
                machine.onJob(
                        world.now(), job.content().address(), job.content().body());
            } else if (message instanceof Heartbeat heartbeat) {
                machine.onHeartbeat(world.now(), heartbeat.whileBusy());
            } else {
                throw new SimViolation("a queue said what no dialect knows " + message);
            }
        }

        @Override
        public void onDisconnected() {
            machine.onDisconnected(world.now());
        }

        @Override
        public void open() {
            check(socket == null, "one socket at a time", name);
            openedAtNanos = world.now();
            heardAtNanos = world.now();
            byte[] identity = BusyBeats.newIdentity(world.random());
            socket = new SimDealer(sim, SimPirateWorker.this, path.queue().backend, path, identity, this);
        }

        @Override
        public void closeSocket() {
            if (ticking) {
                checkSilenceOfQueue();
            }
            present().close();
            socket = null;
        }

        @Override
        public void sendReady() {
            check(!isAtWork(), "only who holds nothing says READY", name);
            present().send(BackendCodec.ready());
        }

        @Override
        public void sendHeartbeat(boolean whileBusy) {
            check(whileBusy || !isAtWork(), "busy workers beat only where that is understood", name);
            present().send(BackendCodec.heartbeat(whileBusy));
        }

        @Override
        public void sendReply(byte[][] address, byte[][] body) {
            check(jobCameOn == socket && jobAddress == address, "a reply goes where its request came from", name);
            present().send(BackendCodec.job(Dialect.PARANOID, address, body));
        }

        @Override
        public void handle(byte[][] body) {
            work(Objects.requireNonNull(jobAddress), body, this::onDone);
        }

        @Override
        public void drained() {
            check(!drained && socket == null && !isAtWork(), "drained once, with nothing left", name);
            drained = true;
            crash();
            sim.startLater(SimPirateWorker.this);
        }

        private void onDone(byte @Nullable [][] reply) {
            heardAtNanos = world.now();
            if (reply == null) {
                machine.onFailed(world.now());
            } else {
                machine.onHandled(world.now(), reply);
            }
            check(machine.droppedJobs() == 0, "no request is dropped", name);
            if (machine.vainReplies() > vainReplies) {
                vainReplies = machine.vainReplies();
                world.reach(SimGoal.REPLY_IN_VAIN);
            }
        }

        /** A healthy queue, well connected, is not given up, unless it may have forgotten who was stopped for so long. */
        private void checkSilenceOfQueue() {
            long silenceNanos = sim.settings.queue.silenceNanos();
            long fromNanos = world.now() - silenceNanos - 2 * sim.settings.heartbeatNanos;
            long forgottenNanos = sim.settings.queue.forgetNanos() - 2 * silenceNanos;
            boolean explained = openedAtNanos - fromNanos >= 0
                    || stoppedNanosSince(openedAtNanos) >= forgottenNanos
                    || path.isCut()
                    || present().isHalfOpen()
                    || wasDisturbedSince(fromNanos)
                    || path.queue().wasDisturbedSince(fromNanos);
            check(explained, "a healthy queue is not given up", name);
        }

        /**
         * An idle worker does not wait for a silent queue, but for as long as its patience with a new socket lasts; and
         * one that was stopped gives the queue its full time again.
         */
        private void checkSilenceIsNoticed() {
            long limitNanos = sim.settings.queue.silenceNanos() + sim.settings.reconnectNanosMax();
            long slackNanos = 3 * sim.settings.lagNanosMax();
            long silentNanos = Math.min(world.now() - heardAtNanos, world.now() - resumedAtNanos());
            boolean noticed = socket == null || isAtWork() || silentNanos <= limitNanos + slackNanos;
            check(noticed, "a silent queue is noticed", name, silentNanos);
        }

        private SimDealer present() {
            return Objects.requireNonNull(socket, "nothing is done with a closed socket");
        }
    }
}
