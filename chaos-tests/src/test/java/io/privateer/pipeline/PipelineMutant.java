package io.privateer.pipeline;

import io.privateer.pirate.Planted;

/** The bugs that {@link PipeSim} has to find. */
enum PipelineMutant {
    RESULTS_ARE_NOT_SENT_AGAIN(
            "PipelineWorkerMachine", "held.forEach((batch, tasks) -> tasks.forEach(this::sendAgain));", ""),
    LONG_RESULT_IS_SENT_TO_A_SINK_THAT_COMES_LATER("PipelineWorkerMachine", "failWhatIsTooLong(nowNanos);", ""),
    RESULT_UNDER_WAY_COUNTS_TWICE(
            "SinkMachine",
            "} else if (batch.received.add(number)) {",
            "} else if (batch.received.add(number) || !batch.accepted.contains(number)) {"),
    TASKS_OF_A_LOST_WORKER_STAY(
            "VentilatorMachine", "while (task != null) {", "while (task != null && settings.liveness() < 0) {"),
    ACCEPTED_BEFORE_IT_IS_ON_THE_DISK("SinkMachine", "ledger.commit();", ""),
    RESULT_THAT_CAME_AGAIN_IS_NOT_ACKNOWLEDGED(
            "SinkMachine",
            "} else if (batch.accepted.contains(number)) { duplicates++; acknowledge(peer, batch.id, number);",
            "} else if (batch.accepted.contains(number)) { duplicates++;"),
    COPY_IS_NEVER_ACKNOWLEDGED("SinkMachine", "batch.await(number, peer.link);", ""),
    RESULT_OF_A_DONE_BATCH_OPENS_IT_AGAIN(
            "SinkMachine", "if (ledger.isOver(reader.batch())) {", "if (reader.number() < 0) {"),
    LATE_WORKER_IS_NOT_TOLD_TO_STOP("VentilatorMachine", "if (stopping) {", "if (stopping && stopped < 0) {"),
    WORKER_STOPS_WITH_RESULTS("PipelineWorkerMachine", "if (!stopping || heldCount > 0 || stopped) {", """
            if (stopping && heldCount > 0) {
                        stop();
                        return;
                    }
                    if (!stopping || stopped) {"""),
    END_IS_TOLD_ONCE(
            "VentBook",
            "if (batch.count != Pln.COUNT_UNKNOWN && batch.count != batch.countTold) {",
            "if (batch.count < -1) {"),
    FAILURE_IS_TOLD_ONCE("VentBook", "if (task.failure != null) {", "if (task.failure != null && task.number < 0) {"),
    SUSPECTS_TRAVEL_IN_COMPANY("Crew", "if (task.losses == 0) {", "if (task.losses >= 0) {"),
    SILENT_SERVER_IS_TRUSTED(
            "ServerLink",
            "if (fairNanos - heardAtFairNanos - silenceNanos >= 0) {",
            "onHeard(fairNanos); if (reconnects < 0) {"),
    WHAT_THE_SINK_HAS_IS_NOT_TAKEN_OVER(
            "VentBook", "accept(nowNanos, batch, held.first(i), held.count(i));", "stale++;"),
    LOST_RESULTS_GO_UNNOTICED("VentBook", "&& lost > 0) {", "&& lost < 0) {"),
    TORN_TAIL_IS_KEPT("Journal", "disk.truncate(committed);", ""),
    COMPACTION_LEAVES_OUT_WHAT_IS_NEEDED(
            "SinkLedger", "journal.compact(batches::containsKey,", "journal.compact(id -> false,"),
    TASK_IN_HAND_IS_TAKEN_AGAIN(
            "PipelineWorkerMachine",
            "if (tasks.get(reader.number()) != null) {",
            "if (tasks.get(reader.number()) != null && heldCount < 0) {"),
    OVERDUE_TASK_STAYS(
            "VentBook",
            "if (task.holder != null && nowNanos - task.deliveredAtNanos >= afterNanos) {",
            "if (task.holder != null && afterNanos < 0) {"),
    UNBEGUN_TASK_IS_KEPT_AND_NEVER_DONE("PipelineWorkerMachine", "forgotten++; forget(task);", "forgotten++;"),
    WORKER_HOLDS_MORE_THAN_ITS_CREDIT("VentWorker", "&& held < Math.min(", "&& held / 4 < Math.min("),
    TASKS_OF_A_BATCH_THAT_WAITS_ARE_GIVEN_OUT(
            "VentBook", "if (batch.hasBegun()) { crew.queue(task);", "if (!batch.ended) { crew.queue(task);"),
    WHAT_WAITS_TAKES_ROOM_FROM_WHAT_HAS_BEGUN(
            "VentIntake",
            "int tasks = begun.tasks + (waits ? waiting.tasks : 0);",
            "int tasks = begun.tasks + waiting.tasks;"),
    WHO_WAITS_IS_NOT_LET_IN("SinkPlaces", "roomMade = true; letIn();", "roomMade = true;"),
    OWNERS_ARE_NOT_TOLD_THAT_IT_IS_FORGOTTEN("SinkMachine", "owners.forEach(owner -> owner.writer.forgotten(id));", "");

    /** What is planted, and where. */
    final Planted bug;

    PipelineMutant(String className, String original, String planted) {
        this.bug = new Planted(className, original, planted);
    }
}
