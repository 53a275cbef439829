package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Remembers, across all lives, what was promised, and says when a promise is broken. */
final class PipeJudge {

    private record Done(int count, int failed) {}

    private final PipeSim sim;
    private final Map<PeerId, Done> atSink = new HashMap<>();
    private final Map<PeerId, Set<Integer>> failing = new HashMap<>();
    private final Set<PeerId> placed = new HashSet<>();
    private long begun;

    PipeJudge(PipeSim sim) {
        this.sim = sim;
    }

    void begun(PipeWorkerNode worker, PipelineTask task) {
        begun++;
        byte[] given = PipeSim.taskBody(task.batch, task.number(), sim.taskBytes);
        PipeWorld.check(placed.contains(task.batch), "no task is done before its batch has a place", worker, task);
        PipeWorld.check(java.util.Arrays.equals(given, task.bytes()), "a task is as it was given", worker, task);
    }

    /** The sink has a place for these. */
    void placed(Set<PeerId> batches) {
        placed.addAll(batches);
    }

    long begun() {
        return begun;
    }

    void failing(PeerId batch, int number, String reason) {
        failing.computeIfAbsent(batch, absent -> new HashSet<>()).add(number);
        PipeWorld.check(
                sim.isPoison(number) || sim.throwsAlways(number) || sim.isTooLong(number),
                "no task fails but by its own doing",
                number,
                reason);
    }

    /**
     * Whatever goes wrong is found out long before that, but for a handler that hangs, and a result of which a sink without a
     * journal had told its worker only.
     */
    void overdue(VentTask task) {
        PipeWorld.check(
                sim.faults.contains(PipeSim.Fault.HUNG_HANDLER) || !sim.journal || !sim.isHealed(),
                "no task is overdue but one that hangs",
                task.number);
    }

    void checkMayFail(TaskResult result) {
        PipeWorld.check(
                failing.getOrDefault(result.batch, Set.of()).contains(result.number()),
                "no task is failed that its ventilator did not give up",
                result);
    }

    void doneAtSink(PeerId batch, int count, int failed) {
        Done before = atSink.put(batch, new Done(count, failed));
        PipeWorld.check(
                before == null || (sim.journal && before.equals(new Done(count, failed))) || !sim.journal,
                "a batch is done with the same counts",
                batch);
    }

    void doneAtVentilator(PeerId batch, int count, int failed) {
        PipeWorld.check(
                new Done(count, failed).equals(atSink.get(batch)), "the sink has it when the ventilator hears", batch);
    }
}
