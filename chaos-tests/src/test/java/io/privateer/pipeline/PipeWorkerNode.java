package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A worker and its handlers. */
@NullUnmarked // Fields are set by boot.
final class PipeWorkerNode extends PipeNode implements PipelineWorkerPort {

    private final int number;
    private final PipeVentilator ventilator;
    private final ArrayDeque<PipelineTask> unbegun = new ArrayDeque<>();
    private final PlnReader reader = new PlnReader();
    private @Nullable PipeConnection toVentilator;
    private @Nullable PipeConnection toSink;
    private PeerId id;
    private int running;
    private boolean handlersPaused;
    PipelineWorkerMachine machine;
    boolean hasStopped;

    PipeWorkerNode(PipeSim sim, int number, PipeVentilator ventilator) {
        super(sim, "w" + number);
        this.number = number;
        this.ventilator = ventilator;
    }

    @Override
    void boot() {
        unbegun.clear();
        running = 0;
        handlersPaused = false;
        hasStopped = false;
        toVentilator = null;
        toSink = null;
        id = new PeerId(100 + number, life());
        machine = new PipelineWorkerMachine(
                clock(),
                new PipelineWorkerSettings(sim.credit, sim.resultBytesMax, 1 << 20, sim.heartbeatNanos, sim.liveness),
                new Way(true),
                new Way(false),
                this);
        machine.onStart(clock());
    }

    private final class Way implements ServerLink.Port {
        private final boolean leadsToVentilator;

        Way(boolean leadsToVentilator) {
            this.leadsToVentilator = leadsToVentilator;
        }

        @Override
        public PlnWriter open() {
            PipeConnection opened = leadsToVentilator ? connect(ventilator, toVentilator) : connect(sim.sink, toSink);
            if (leadsToVentilator) {
                toVentilator = opened;
            } else {
                toSink = opened;
            }
            return writer(frame -> opened.send(PipeWorkerNode.this, frame));
        }

        @Override
        public void hello(PlnWriter writer) {
            writer.hello(
                    Pln.ROLE_WORKER, id, sim.heartbeatMillis(), sim.concurrency, sim.credit, sim.creditBytes, 1 << 20);
        }
    }

    @Override
    public void handle(PipelineTask task) {
        unbegun.add(task);
    }

    @Override
    public List<PipelineTask> takeBack() {
        List<PipelineTask> taken = new ArrayList<>(unbegun);
        unbegun.clear();
        return taken;
    }

    @Override
    public void pause(boolean value) {
        handlersPaused = value;
    }

    @Override
    public void resultTooLong(PipelineTask task, int bytes, int bytesMax, boolean ofSink) {
        PipeWorld.check(sim.isTooLong(task.number()), "only long results are too long", task);
        world.reach(PipeWorld.Goal.RESULT_TOO_LONG);
    }

    @Override
    public void stopped() {
        hasStopped = true;
        PipeWorld.check(machine.stats(0).held() == 0, "a worker that stops holds nothing", name);
        world.trace(name, "has stopped");
        world.in(0, () -> {
            crash();
            if (!ventilator.stopping) {
                world.reach(PipeWorld.Goal.WORKER_DRAINED);
                sim.startLater(this);
            }
        });
    }

    void drain() {
        input(() -> machine.onDrain(clock()));
    }

    @Override
    void endTurn() {
        PipeWorld.check(machine.stats(0).malformed() == 0, "no word of ours is strange", name);
        while (!handlersPaused && running < sim.concurrency && !unbegun.isEmpty()) {
            begin(unbegun.remove());
        }
        PipeWorld.check(
                machine.stats(0).held() <= 4 * sim.credit + sim.concurrency,
                "a worker holds no more than it may",
                name);
    }

    private void begin(PipelineTask task) {
        running++;
        sim.judge.begun(this, task);
        if (sim.isPoison(task.number())) {
            world.reach(PipeWorld.Goal.WORKER_POISONED);
            inputIn(world.between(0, sim.workNanosMax), () -> {
                crash();
                sim.startLater(this);
            });
            return;
        }
        boolean sane = number < sim.ventilators.size(); // One worker of each ventilator always is.
        if (!sane && sim.faulty(PipeSim.Fault.HUNG_HANDLER, 0.01)) {
            world.reach(PipeWorld.Goal.HANDLER_HUNG);
            return;
        }
        inputIn(sim.workNanos(), () -> {
            running--;
            if (sim.throwsAlways(task.number()) || sim.faulty(PipeSim.Fault.HANDLER_THROWS, 0.05)) {
                world.reach(PipeWorld.Goal.HANDLER_THREW);
                task.failure = "thrown";
            } else {
                task.result = PipeSim.resultOf(task.batch, task.number());
            }
            machine.onHandled(clock(), task);
        });
    }

    @Override
    void tick(long nowNanos) {
        machine.onTick(nowNanos);
    }

    @Override
    long nextDeadline(long nowNanos) {
        return machine.nextDeadlineNanos(nowNanos);
    }

    @Override
    void receive(PipeConnection connection, byte[] frame) {
        PipeWorld.check(reader.open(new byte[][] {frame}), "frames are sound", reader.problem());
        while (reader.next()) {
            if (connection == toVentilator) {
                machine.onVentilatorRecord(clock(), reader);
            } else if (connection == toSink) {
                machine.onSinkRecord(clock(), reader);
            }
        }
    }

    @Override
    void gone(PipeConnection connection) {
        if (connection == toVentilator) {
            machine.onVentilatorLost(clock());
        } else if (connection == toSink) {
            machine.onSinkLost(clock());
        }
    }
}
