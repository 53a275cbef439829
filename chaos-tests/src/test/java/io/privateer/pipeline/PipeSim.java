package io.privateer.pipeline;

import static io.privateer.pipeline.PipeWorld.MILLI;

import io.privateer.core.wire.PeerId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * Ventilators, workers and a sink, made of the production machines, codec and journal, over a simulated network in virtual time.
 * While faults strike, batches are on their way; then the faults stop, every batch must get done, nothing may be left behind, and
 * all workers must stop in order.
 */
final class PipeSim {

    /** What strikes in a world. */
    enum Fault {
        WORKER_CRASH,
        WORKER_DRAIN,
        VENTILATOR_CRASH,
        SINK_CRASH,
        ALL_CRASH,
        PAUSE,
        BREAK,
        HALF_OPEN,
        CUT,
        SLOW_NETWORK,
        HUNG_HANDLER,
        HANDLER_THROWS,
        POISON,
        DISK_FULL,
        FORGET
    }

    /** How a world went. */
    record Outcome(String failure, Set<PipeWorld.Goal> reached, long events, List<String> trace) {}

    final PipeWorld world;
    final Set<Fault> faults = EnumSet.noneOf(Fault.class);
    final long heartbeatNanos = 1_000 * MILLI;
    final int liveness;
    final int batchesMax;
    final int deliveriesMax;
    final int windowTasks;
    final int credit;
    final long creditBytes;
    final long resultBytesMax;
    /** The longest result that the sink takes; longer ones fail like tasks that no handler can do. */
    final int resultBytesLongest;

    final int concurrency;
    final int taskBytes;
    final long workNanosMax;
    final long overdueNanos;
    final long compactBytesMin;
    final boolean journal;
    final PipeJudge judge = new PipeJudge(this);
    final List<PipeVentilator> ventilators = new ArrayList<>();
    final PipeSink sink;
    final List<PipeWorkerNode> workers = new ArrayList<>();
    private final List<PipeNode> nodes = new ArrayList<>();
    private long batchIds;
    private boolean healed;

    PipeSim(PipeWorld world) {
        this.world = world;
        if (world.chance(0.9)) {
            for (Fault fault : Fault.values()) {
                if (world.chance(0.35)) {
                    faults.add(fault);
                }
            }
        }
        liveness = (int) world.between(2, 5);
        // Where workers die by the nemesis too, so often that nothing fails by bad luck.
        deliveriesMax = faults.contains(Fault.POISON) ? (int) world.between(3, 8) : 1_000;
        if (faults.contains(Fault.POISON)) {
            faults.removeAll(Set.of(
                    Fault.WORKER_CRASH,
                    Fault.PAUSE,
                    Fault.BREAK,
                    Fault.HALF_OPEN,
                    Fault.CUT,
                    Fault.SLOW_NETWORK,
                    Fault.HUNG_HANDLER,
                    Fault.HANDLER_THROWS,
                    Fault.ALL_CRASH,
                    Fault.FORGET)); // Workers would still have the poison of a batch that its ventilator has not.
        }
        windowTasks = (int) world.between(1, 200);
        credit = (int) world.between(1, 100);
        concurrency = (int) world.between(1, 5);
        taskBytes = world.chance(0.2) ? (int) world.between(12, 20_000) : 12;
        creditBytes = world.chance(0.3) ? world.between(1, 100_000) : 1 << 20;
        resultBytesMax = world.chance(0.3) ? world.between(1, 1_000) : 1 << 20;
        resultBytesLongest = faults.contains(Fault.POISON) && world.chance(0.5) ? resultBytes(28) : 1 << 20;
        workNanosMax = world.chance(0.5) ? 2 * MILLI : world.between(MILLI, 300 * MILLI);
        overdueNanos = 20 * heartbeatNanos;
        compactBytesMin = world.between(1, 20_000);
        journal = world.chance(0.8);
        batchesMax = world.chance(0.5) ? (int) world.between(1, 3) : 100;
        sink = new PipeSink(this);
        int ventilatorCount = world.chance(0.3) ? 2 : 1;
        for (int i = 0; i < ventilatorCount; i++) {
            ventilators.add(new PipeVentilator(this, i));
        }
        int workerCount = (int) world.between(ventilatorCount, 6);
        for (int i = 0; i < workerCount; i++) {
            workers.add(new PipeWorkerNode(this, i, ventilators.get(i % ventilatorCount)));
        }
        nodes.addAll(workers);
        nodes.addAll(ventilators);
        nodes.add(sink);
        int batches = (int) world.between(1, 4);
        for (int i = 0; i < batches; i++) {
            int count = world.chance(0.1) ? 0 : (int) world.between(1, 300);
            PeerId id = newBatchId();
            ventilators
                    .get(i % ventilatorCount)
                    .orders
                    .put(id, new PipeVentilator.Order(id, count, count > 0 && world.chance(0.5)));
        }
    }

    private Stream<PipeVentilator.Order> orders() {
        return ventilators.stream().flatMap(ventilator -> ventilator.orders.values().stream());
    }

    PeerId newBatchId() {
        return new PeerId(7, ++batchIds);
    }

    static Outcome run(long seed, boolean tracing) {
        PipeWorld world = new PipeWorld(seed, tracing);
        String failure = "";
        try {
            new PipeSim(world).live();
        } catch (AssertionError | RuntimeException e) {
            StackTraceElement[] stack = e.getStackTrace();
            failure = e + (stack.length > 1 ? " at " + stack[0] + " from " + stack[1] : "");
            world.trace("SIM", failure);
        }
        return new Outcome(failure, world.reached(), world.eventsRun(), world.trace());
    }

    private void live() {
        world.trace("SIM", faults, "journal", journal, "window", windowTasks, "credit", credit, "places", batchesMax);
        nodes.forEach(node -> world.in(world.between(0, 2 * heartbeatNanos), node::start));
        strikeLater();
        world.runFor(world.between(heartbeatNanos, 20 * heartbeatNanos));
        heal();
        long patienceNanos = 40 * overdueNanos + 2_000 * workNanosMax;
        runUntil(() -> orders().allMatch(order -> order.done), patienceNanos);
        orders().forEach(order -> PipeWorld.check(order.done, "every batch gets done", order.id));
        runUntil(this::isEmpty, 10L * liveness * heartbeatNanos);
        PipeWorld.check(isEmpty(), "nothing is left behind", sink.machine.stats(0, 0, 0, 0));
        checkNothingDoneTwiceInPeace();
        stopInOrder();
    }

    private boolean isEmpty() {
        return ventilators.stream()
                        .allMatch(ventilator -> ventilator.inWindow() == 0 && ventilator.machine.batches() == 0)
                && (faults.contains(Fault.HUNG_HANDLER)
                        || workers.stream()
                                .allMatch(worker -> worker.machine.stats(0).held() == 0))
                && sinkIsEmpty();
    }

    private boolean sinkIsEmpty() {
        SinkStats stats = sink.machine.stats(0, 0, 0, 0);
        return stats.untaken() == 0 && stats.batches() == 0 && stats.batchesWaiting() == 0;
    }

    private void checkNothingDoneTwiceInPeace() {
        if (faults.isEmpty()) {
            long tasks = orders().mapToLong(order -> order.count).sum();
            PipeWorld.check(judge.begun() == tasks, "in peace nothing is done twice", judge.begun(), tasks);
        }
    }

    private void stopInOrder() {
        if (faults.contains(Fault.HUNG_HANDLER)) {
            return; // Who hangs never stops.
        }
        ventilators.forEach(PipeVentilator::stopWorkers);
        if (faults.contains(Fault.BREAK)) {
            world.reach(PipeWorld.Goal.STOP_MISSED);
            for (PipeWorkerNode worker : workers) {
                world.in(world.between(0, MILLI), () -> worker.connections().forEach(c -> c.breakNow(true, true)));
            }
        }
        workers.forEach(PipeNode::start); // One may have drained just now.
        runUntil(() -> workers.stream().allMatch(worker -> worker.hasStopped), 10L * liveness * heartbeatNanos);
        for (PipeWorkerNode worker : workers) {
            PipeWorld.check(worker.hasStopped, "every worker stops", worker);
        }
        for (PipeVentilator ventilator : ventilators) {
            PipeWorld.check(ventilator.machine.stopped() >= 1, "the ventilator hears that workers stop", ventilator);
        }
    }

    private void heal() {
        world.trace("SIM", "no fault from here on");
        healed = true;
        nodes.forEach(PipeNode::resume);
        nodes.forEach(PipeNode::start);
    }

    private boolean runUntil(BooleanSupplier done, long nanosMax) {
        long stepNanos = heartbeatNanos / 4;
        for (long leftNanos = nanosMax; leftNanos > 0 && !done.getAsBoolean(); leftNanos -= stepNanos) {
            world.runFor(stepNanos);
        }
        return done.getAsBoolean();
    }

    boolean faulty(Fault fault, double probability) {
        return !healed && faults.contains(fault) && world.chance(probability);
    }

    private void strikeLater() {
        List<Fault> strikes = new ArrayList<>(faults);
        strikes.removeAll(
                List.of(Fault.SLOW_NETWORK, Fault.HUNG_HANDLER, Fault.HANDLER_THROWS, Fault.POISON, Fault.DISK_FULL));
        if (strikes.isEmpty()) {
            return;
        }
        world.in(world.between(0, heartbeatNanos), () -> {
            if (!healed) {
                strike(world.any(strikes));
                strikeLater();
            }
        });
    }

    private void strike(Fault fault) {
        switch (fault) {
            case WORKER_CRASH -> crash(world.any(workers), PipeWorld.Goal.WORKER_CRASHED);
            case WORKER_DRAIN -> world.any(workers).drain();
            case VENTILATOR_CRASH -> crash(world.any(ventilators), PipeWorld.Goal.VENTILATOR_CRASHED);
            case SINK_CRASH -> crash(sink, PipeWorld.Goal.SINK_CRASHED);
            case ALL_CRASH -> nodes.forEach(node -> crash(node, PipeWorld.Goal.ALL_CRASHED));
            case PAUSE -> {
                PipeNode node = world.any(nodes);
                node.pause();
                world.in(world.between(0, 2L * liveness * heartbeatNanos), node::resume);
            }
            case BREAK ->
                anyConnection(connection -> {
                    world.reach(PipeWorld.Goal.CONNECTION_BROKEN);
                    connection.breakNow(true, true);
                });
            case HALF_OPEN ->
                anyConnection(connection -> {
                    world.reach(PipeWorld.Goal.CONNECTION_HALF_OPEN);
                    boolean clientNotices = world.chance(0.3);
                    connection.breakNow(clientNotices, !clientNotices && world.chance(0.3));
                });
            case CUT ->
                anyConnection(connection -> {
                    world.reach(PipeWorld.Goal.CONNECTION_CUT);
                    connection.cut(world.between(0, 2L * liveness * heartbeatNanos));
                });
            case FORGET ->
                orders().filter(order -> order.begun && !order.done).findFirst().ifPresent(order -> {
                    if (world.chance(0.3)) {
                        sink.forget(order.id);
                    }
                });
            default -> throw new IllegalArgumentException(fault.name());
        }
    }

    private void anyConnection(java.util.function.Consumer<PipeConnection> action) {
        List<PipeConnection> connections = world.any(nodes).connections();
        if (!connections.isEmpty()) {
            action.accept(world.any(connections));
        }
    }

    private void crash(PipeNode node, PipeWorld.Goal goal) {
        world.reach(goal);
        node.crash();
        startLater(node);
    }

    void startLater(PipeNode node) {
        world.in(world.between(0, healed ? heartbeatNanos : 2L * liveness * heartbeatNanos), node::start);
    }

    long flightNanos() {
        return faulty(Fault.SLOW_NETWORK, 0.2) ? world.between(0, heartbeatNanos) : world.between(20_000, 300_000);
    }

    long workNanos() {
        return world.between(0, workNanosMax);
    }

    long takeNanos() {
        return world.between(0, MILLI);
    }

    int heartbeatMillis() {
        return (int) (heartbeatNanos / MILLI);
    }

    boolean isPoison(int number) {
        return faults.contains(Fault.POISON) && number % 100 == 13;
    }

    boolean throwsAlways(int number) {
        return faults.contains(Fault.POISON) && number % 100 == 47;
    }

    boolean isTooLong(int number) {
        return resultBytes(number) > resultBytesLongest;
    }

    boolean isHealed() {
        return healed;
    }

    static byte[] taskBody(PeerId batch, int number, int bytes) {
        return ByteBuffer.allocate(Math.max(12, bytes))
                .putLong(batch.low())
                .putInt(number)
                .array();
    }

    private static int resultBytes(int number) {
        return 12 + number % 30;
    }

    static byte[] resultOf(PeerId batch, int number) {
        byte[] result = taskBody(batch, ~number, resultBytes(number));
        Arrays.fill(result, 12, result.length, (byte) number);
        return result;
    }
}
