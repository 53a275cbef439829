package io.privateer.pipeline;

import io.privateer.core.Reason;
import io.privateer.core.wire.PeerId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A ventilator and its producers, one for each batch, which remember their batches through all lives. */
@NullUnmarked // Fields are set by boot.
final class PipeVentilator extends PipeNode implements VentilatorPort, ServerLink.Port {

    /** What the producer wants done. */
    static final class Order {
        PeerId id;
        final int count;
        final boolean stagedEnd;
        boolean begun;
        boolean done;

        /** What its producer is yet to give. */
        final ArrayDeque<VentTask> toGive = new ArrayDeque<>();

        Order(PeerId id, int count, boolean stagedEnd) {
            this.id = id;
            this.count = count;
            this.stagedEnd = stagedEnd;
        }
    }

    final Map<PeerId, Order> orders = new LinkedHashMap<>();
    private final Map<PipeLink, PipeConnection> links = new HashMap<>();
    private final int number;
    private final Map<VentBatch, Order> open = new LinkedHashMap<>();
    private final Set<VentBatch> resuming = new HashSet<>();
    private final PlnReader reader = new PlnReader();
    private @Nullable PipeConnection sink;
    VentilatorMachine machine;
    private VentIntake intake;
    boolean stopping;

    PipeVentilator(PipeSim sim, int number) {
        super(sim, "V" + number);
        this.number = number;
    }

    @Override
    void boot() {
        links.clear();
        orders.values().forEach(order -> order.toGive.clear());
        open.clear();
        resuming.clear();
        intake = new VentIntake(sim.windowTasks, Long.MAX_VALUE, () -> {});
        sink = null;
        machine = new VentilatorMachine(
                clock(),
                world.random().nextLong() | 1,
                new VentilatorSettings(sim.heartbeatNanos, sim.liveness, sim.deliveriesMax, 1 << 20),
                this,
                this);
        machine.onStart(clock());
        orders.values().stream().filter(order -> !order.done).toList().forEach(this::begin);
    }

    private void begin(Order order) {
        world.trace(name, order.begun ? "resumes" : "gives", order.id, order.count, order.stagedEnd ? "staged" : "");
        VentBatch batch = new VentBatch(order.id);
        open.put(batch, order);
        PipeWorld.check(machine.onOpen(batch), "a batch is new to a new ventilator");
        if (order.begun) {
            resuming.add(batch); // The sink says first what it has.
        } else {
            order.begun = true;
            give(batch, order, false);
        }
    }

    private void give(VentBatch batch, Order order, boolean onlyRemaining) {
        if (onlyRemaining) {
            world.reach(PipeWorld.Goal.BATCH_RESUMED);
            new TaskNumbers(batch.accepted.missingBelow(order.count, Integer.MAX_VALUE))
                    .forEach(number -> order.toGive.add(task(batch, number)));
        } else {
            for (int task = 0; task < order.count; task++) {
                order.toGive.add(task(batch, task));
            }
        }
        if (!order.stagedEnd) {
            machine.onEnd(batch, order.count);
        }
        giveMore();
    }

    private VentTask task(VentBatch batch, int task) {
        return new VentTask(batch, task, PipeSim.taskBody(batch.id, task, sim.taskBytes));
    }

    /** All producers give at the same time, as far as there is room. */
    private void giveMore() {
        List<Order> giving = new ArrayList<>(open.values());
        while (!giving.isEmpty()) {
            Order order = world.any(giving);
            VentTask task = order.toGive.peek();
            if (task == null || !intake.tryAdd(task)) {
                giving.remove(order);
            } else {
                order.toGive.remove();
                intake.takeAll().forEach(machine::onTask);
                if (order.stagedEnd && task.number == order.count - 1) {
                    machine.onEnd(task.batch, order.count);
                }
            }
        }
    }

    void stopWorkers() {
        stopping = true;
        input(machine::onStopWorkers);
    }

    @Override
    void endTurn() {
        giveMore();
        machine.onDispatch(clock());
        PipeWorld.check(inWindow() <= 2L * sim.windowTasks, "the window holds", inWindow());
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
    public PlnWriter open() {
        PipeConnection opened = connect(sim.sink, sink);
        sink = opened;
        return writer(frame -> opened.send(this, frame));
    }

    @Override
    public void hello(PlnWriter writer) {
        writer.hello(Pln.ROLE_VENTILATOR, new PeerId(1 + number, life()), sim.heartbeatMillis(), 1, 1, 1, 1 << 20);
    }

    @Override
    void accept(PipeConnection connection) {
        connection.link = new PipeLink(name, writer(frame -> connection.send(this, frame)));
        links.put(connection.link, connection);
    }

    @Override
    void receive(PipeConnection connection, byte[] frame) {
        if (connection != sink && connection.link == null) {
            return; // One that was abandoned.
        }
        PipeWorld.check(reader.open(new byte[][] {frame}), "frames are sound", reader.problem());
        while (reader.next()) {
            if (connection == sink) {
                machine.onSinkRecord(clock(), reader);
            } else {
                machine.onWorkerRecord(clock(), connection.link, reader);
            }
        }
        PipeWorld.check(reader.problem() == null, "records are sound", reader.problem());
    }

    @Override
    void gone(PipeConnection connection) {
        if (connection == sink) {
            machine.onSinkLost(clock());
        } else if (connection.link != null) {
            machine.onWorkerGone(connection.link);
        }
    }

    @Override
    public void released(VentTask task) {
        if (task.batch.hasBegun()) {
            intake.release(1, task.body.length);
        } else {
            intake.releaseWaiting(task);
        }
    }

    @Override
    public void batchBegun(VentBatch batch) {
        world.trace(name, "batch begins", batch.id);
        intake.begin(batch);
    }

    @Override
    public void batchKnown(VentBatch batch) {
        Order order = open.get(batch);
        if (order != null && resuming.remove(batch)) {
            boolean onlyRemaining = world.chance(0.5);
            if (!onlyRemaining) {
                world.reach(PipeWorld.Goal.BATCH_GIVEN_AGAIN);
            }
            give(batch, order, onlyRemaining);
            if (order.stagedEnd && batch.accepted.contains(order.count - 1)) {
                machine.onEnd(batch, order.count);
            }
        }
    }

    @Override
    public void batchDone(VentBatch batch, int count, int failed) {
        Order order = open.remove(batch);
        world.trace(name, "batch done", batch.id);
        PipeWorld.check(order != null && !order.done, "a batch is done once", batch.id);
        PipeWorld.check(count == order.count, "a batch has as many tasks as were given", count, order.count);
        sim.judge.doneAtVentilator(batch.id, count, failed);
        order.done = true;
        order.toGive.clear();
        if (!sim.journal) {
            sim.sink.forget(
                    batch.id); // Its successors do not know that it is done, and workers may have results of it.
        }
    }

    @Override
    public void batchFailed(VentBatch batch, Reason reason, String why) {
        world.trace(name, "batch failed", batch.id, why);
        if (reason == Reason.CLOSED) {
            PipeWorld.check(sim.sink.isForgotten(batch.id), "nothing is forgotten that nobody forgets", why);
            world.reach(PipeWorld.Goal.BATCH_FORGOTTEN);
        } else {
            PipeWorld.check(!sim.journal && why.contains("lost"), "a batch does not fail", why);
            world.reach(PipeWorld.Goal.BATCH_LOST_WITHOUT_JOURNAL);
            sim.sink.forget(batch.id);
        }
        Order order = open.remove(batch);
        orders.remove(order.id);
        order.toGive.clear();
        order.id = sim.newBatchId();
        order.begun = false;
        orders.put(order.id, order);
        inputIn(sim.heartbeatNanos, () -> begin(order));
    }

    @Override
    public void workerJoined(VentWorker worker) {
        world.trace(name, "worker joined", worker);
    }

    @Override
    public void workerLost(VentWorker worker, boolean silent) {
        world.trace(name, "worker lost", worker, silent);
    }

    @Override
    public void workerStopped(VentWorker worker) {
        world.trace(name, "worker stopped", worker);
    }

    @Override
    public void taskReturned(VentTask task, TaskLoss cause) {
        world.trace(name, "task returned", task.number, cause, task.losses);
        if (cause == TaskLoss.OVERDUE) {
            world.reach(PipeWorld.Goal.TASK_OVERDUE);
            sim.judge.overdue(task);
        }
    }

    @Override
    public void taskTooLong(VentTask task, int bytesMax) {
        PipeWorld.check(false, "no task is too long for the workers", task.number, bytesMax);
    }

    @Override
    public void taskFailed(VentTask task, String reason) {
        world.reach(PipeWorld.Goal.TASK_FAILED);
        sim.judge.failing(task.batch.id, task.number, reason);
    }

    long inWindow() {
        return intake.counts()[0];
    }
}
