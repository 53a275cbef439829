package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/** A ventilator and its producer, which remembers its batches through all lives. */
@NullUnmarked // Fields are set by boot.
final class PipeVentilator extends PipeNode implements VentilatorPort, ServerLink.Port {

    /** What the producer wants done. */
    static final class Order {
        PeerId id;
        final int count;
        final boolean stagedEnd;
        boolean begun;
        boolean done;

        Order(PeerId id, int count, boolean stagedEnd) {
            this.id = id;
            this.count = count;
            this.stagedEnd = stagedEnd;
        }
    }

    final Map<PeerId, Order> orders = new LinkedHashMap<>();
    private final Map<PipeLink, PipeConnection> links = new HashMap<>();
    private final ArrayDeque<VentTask> toGive = new ArrayDeque<>();
    private final Map<VentBatch, Order> open = new HashMap<>();
    private final PlnReader reader = new PlnReader();
    private @Nullable PipeConnection sink;
    VentilatorMachine machine;
    private int inWindow;
    boolean stopping;

    PipeVentilator(PipeSim sim) {
        super(sim, "V");
    }

    @Override
    void boot() {
        links.clear();
        toGive.clear();
        open.clear();
        inWindow = 0;
        sink = null;
        machine = new VentilatorMachine(
                clock(),
                world.random().nextLong() | 1,
                new VentilatorSettings(sim.heartbeatNanos, sim.liveness, sim.deliveriesMax),
                this,
                this);
        machine.onStart(clock());
        orders.values().stream().filter(order -> !order.done).toList().forEach(this::begin);
    }

    private void begin(Order order) {
        VentBatch batch = new VentBatch(order.id);
        open.put(batch, order);
        PipeWorld.check(machine.onOpen(batch), "a batch is new to a new ventilator");
        if (!order.begun) {
            order.begun = true;
            give(batch, order, false);
        } // Otherwise the sink says first what it has.
    }

    private void give(VentBatch batch, Order order, boolean onlyRemaining) {
        if (onlyRemaining) {
            world.reach(PipeWorld.Goal.BATCH_RESUMED);
            new TaskNumbers(batch.accepted.missingBelow(order.count, Integer.MAX_VALUE))
                    .forEach(number -> toGive.add(task(batch, number)));
        } else {
            for (int number = 0; number < order.count; number++) {
                toGive.add(task(batch, number));
            }
        }
        if (!order.stagedEnd) {
            machine.onEnd(batch, order.count);
        }
        giveMore();
    }

    private VentTask task(VentBatch batch, int number) {
        return new VentTask(batch, number, PipeSim.taskBody(batch.id, number, sim.taskBytes));
    }

    private void giveMore() {
        while (!toGive.isEmpty() && inWindow < sim.windowTasks) {
            VentTask task = toGive.remove();
            inWindow++;
            machine.onTask(task);
            Order order = open.get(task.batch);
            if (order != null && order.stagedEnd && task.number == order.count - 1) {
                machine.onEnd(task.batch, order.count);
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
        PipeWorld.check(inWindow <= sim.windowTasks, "the window holds", inWindow);
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
        writer.hello(Pln.ROLE_VENTILATOR, new PeerId(1, life()), sim.heartbeatMillis(), 1, 1, 1);
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
        inWindow--;
    }

    @Override
    public void batchKnown(VentBatch batch) {
        Order order = open.get(batch);
        if (order != null && batch.tasks.isEmpty() && !resumed.containsKey(batch) && life() > 1) {
            resumed.put(batch, life());
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

    private final Map<VentBatch, Integer> resumed = new HashMap<>();

    @Override
    public void batchDone(VentBatch batch, int count, int failed) {
        Order order = open.remove(batch);
        PipeWorld.check(order != null && !order.done, "a batch is done once", batch.id);
        PipeWorld.check(count == order.count, "a batch has as many tasks as were given", count, order.count);
        sim.judge.doneAtVentilator(batch.id, count, failed);
        order.done = true;
        toGive.removeIf(task -> task.batch == batch);
    }

    @Override
    public void batchFailed(VentBatch batch, String why) {
        PipeWorld.check(!sim.journal && why.contains("lost"), "a batch does not fail", why);
        world.reach(PipeWorld.Goal.BATCH_LOST_WITHOUT_JOURNAL);
        Order order = open.remove(batch);
        orders.remove(order.id);
        toGive.removeIf(task -> task.batch == batch);
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
    public void taskFailed(VentTask task, String reason) {
        world.reach(PipeWorld.Goal.TASK_FAILED);
        sim.judge.failing(task.batch.id, task.number, reason);
    }

    int inWindow() {
        return inWindow;
    }
}
