package io.privateer.samples.patterns;

import io.privateer.pipeline.Batch;
import io.privateer.pipeline.BatchOutcome;
import io.privateer.pipeline.PipelineTask;
import io.privateer.pipeline.PipelineWorker;
import io.privateer.pipeline.Sink;
import io.privateer.pipeline.TaskHandler;
import io.privateer.pipeline.Ventilator;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * PUSH-PULL that completes: a worker ends with tasks in its hands, another does them, and the sink gets each result once. In the
 * end the ventilator stops the workers, in order.
 */
final class ReliablePipeline implements Sample {

    private static final int TASKS = 10;

    @Override
    public void run(Stage stage) throws Exception {
        CountDownLatch hanging = new CountDownLatch(1);
        TaskHandler.Function mortal = task -> {
            if (task.number() == TASKS / 2) {
                stage.say("worker-1", "hangs in task " + task.number());
                hanging.countDown();
                stage.linger(Stage.PATIENCE);
            }
            return square(task);
        };
        try (Sink sink = Sink.start(
                        Sink.builder(result -> stage.say("sink", result.number() + " gives " + result.text()))
                                .endpoint(Stage.ANY)
                                .build());
                Ventilator ventilator = Ventilator.start(Ventilator.builder()
                        .endpoint(Stage.ANY)
                        .sink(sink.endpoint())
                        .build())) {
            Batch batch = ventilator.newBatch();
            for (int task = 0; task < TASKS; task++) {
                batch.add(Integer.toString(task).getBytes(StandardCharsets.UTF_8));
            }
            batch.end();
            try (PipelineWorker one = worker(mortal, ventilator, sink)) {
                Stage.await(hanging);
                stage.say("worker-1", "is gone with " + one.stats().held() + " tasks in its hands");
            }
            Stage.End two = stage.other(
                    "worker-2", () -> workToTheEnd(stage, ventilator, sink), ventilator.endpoint(), sink.endpoint());
            BatchOutcome outcome = sink.outcome(batch.id()).get(20, TimeUnit.SECONDS);
            stage.say("sink", "has " + outcome.tasks() + " outcomes, " + outcome.failed() + " failures among them");
            int stopped = ventilator.shutdownWorkers(Stage.PATIENCE).get();
            stage.say("ventilator", "has stopped " + stopped + " worker");
            two.join();
        }
    }

    private static void workToTheEnd(Stage stage, Ventilator ventilator, Sink sink) throws Exception {
        try (PipelineWorker two = worker(ReliablePipeline::square, ventilator, sink)) {
            stage.say("worker-2", two.stopped().get() ? "has ended in order" : "was closed");
        }
    }

    private static PipelineWorker worker(TaskHandler.Function work, Ventilator ventilator, Sink sink) {
        return PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(work))
                .ventilator(ventilator.endpoint())
                .sink(sink.endpoint())
                .build());
    }

    private static byte[] square(PipelineTask task) {
        int number = Integer.parseInt(task.text());
        return Integer.toString(number * number).getBytes(StandardCharsets.UTF_8);
    }
}
