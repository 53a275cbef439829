package io.privateer.benchmarks;

import io.privateer.pipeline.Batch;
import io.privateer.pipeline.BatchOutcome;
import io.privateer.pipeline.PipelineWorker;
import io.privateer.pipeline.Sink;
import io.privateer.pipeline.SinkConfig;
import io.privateer.pipeline.TaskHandler;
import io.privateer.pipeline.Ventilator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** {@link Ventilator}, {@link PipelineWorker} and {@link Sink} with their defaults. */
final class ReliablePipeline implements AutoCloseable {

    private static final int TIMEOUT_SECONDS = 120;

    private final @Nullable Path folder;
    private final Sink sink;
    private final Ventilator ventilator;
    private final PipelineWorker worker;

    ReliablePipeline(boolean journal) throws IOException {
        folder = journal ? Files.createTempDirectory("privateer-bench") : null;
        SinkConfig.Builder settings = Sink.builder(result -> {}).endpoint("tcp://127.0.0.1:*");
        if (folder != null) {
            settings.journal(folder.resolve("sink.journal"));
        }
        sink = Sink.start(settings.build());
        ventilator = Ventilator.start(Ventilator.builder()
                .endpoint("tcp://127.0.0.1:*")
                .sink(sink.endpoint())
                .build());
        worker = PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(task -> task.bytes()))
                .ventilator(ventilator.endpoint())
                .sink(sink.endpoint())
                .build());
    }

    /** Returns how many of {@code tasks} have come back. */
    long run(int tasks, int size) throws InterruptedException, ExecutionException, TimeoutException {
        Batch batch = ventilator.newBatch();
        CompletableFuture<BatchOutcome> outcome = sink.outcome(batch.id());
        byte[] task = new byte[size];
        for (int i = 0; i < tasks; i++) {
            batch.add(task);
        }
        batch.end();
        BatchOutcome done = outcome.get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
        return (long) done.tasks() - done.failed();
    }

    @Override
    public void close() throws IOException {
        worker.close();
        ventilator.close();
        sink.close();
        if (folder != null) {
            Files.deleteIfExists(folder.resolve("sink.journal"));
            Files.deleteIfExists(folder.resolve("sink.journal.lock"));
            Files.deleteIfExists(folder);
        }
    }
}
