package io.privateer.chaos.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.privateer.chaos.process.ChildJvm;
import io.privateer.pipeline.Batch;
import io.privateer.pipeline.BatchOutcome;
import io.privateer.pipeline.BatchSummary;
import io.privateer.pipeline.PipelineTask;
import io.privateer.pipeline.PipelineWorker;
import io.privateer.pipeline.ResultHandler;
import io.privateer.pipeline.Sink;
import io.privateer.pipeline.SinkListener;
import io.privateer.pipeline.TaskHandler;
import io.privateer.pipeline.TaskResult;
import io.privateer.pipeline.Ventilator;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;

/** The main class of the processes of a pipeline, which write what happens to them into one file, a line at a time. */
final class PipelineProcess {

    private static final Duration HEARTBEAT = Duration.ofMillis(200);
    private static final long WORK_NANOS = 500_000;

    /** Where all of them are, and what they share. */
    record Place(String ventilator, String sink, Path log, Path journal) {

        ChildJvm worker() throws IOException {
            return start("worker", "");
        }

        ChildJvm startSink() throws IOException {
            return start("sink", "");
        }

        /** @param again whether it gives the whole batch again, and not only what remains */
        ChildJvm ventilator(UUID batch, int tasks, boolean again) throws IOException {
            return start("ventilator", batch + " " + tasks + " " + again);
        }

        private ChildJvm start(String role, String more) throws IOException {
            return ChildJvm.start(
                    PipelineProcess.class, role, ventilator, sink, log.toString(), journal.toString(), more);
        }

        /** Ventilators hold back the last task of a batch until this file is there: so it cannot be done before the test wants it to be. */
        Path go(UUID batch) {
            return log.resolveSibling("go-" + batch);
        }

        /** Returns the whole lines of the file, each as its words. */
        List<String[]> lines() throws IOException {
            if (!Files.exists(log)) {
                return List.of();
            }
            String text = Files.readString(log, US_ASCII);
            int end = text.lastIndexOf('\n');
            return end < 0
                    ? List.of()
                    : text.substring(0, end)
                            .lines()
                            .map(line -> line.split(" ", -1))
                            .toList();
        }
    }

    private final Place place;
    private final FileChannel log;
    private final long pid = ProcessHandle.current().pid();

    private PipelineProcess(Place place) throws IOException {
        this.place = place;
        this.log = FileChannel.open(
                place.log(), StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    /** Runs until it is killed, or a ventilator's batch is done. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.dieWithParent();
        PipelineProcess process = new PipelineProcess(
                new Place(arguments[1], arguments[2], Path.of(arguments[3]), Path.of(arguments[4])));
        switch (arguments[0]) {
            case "worker" -> process.work();
            case "sink" -> process.sink();
            case "ventilator" -> process.ventilate(arguments[5].split(" ", -1));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    private synchronized void append(String line) {
        try {
            log.write(ByteBuffer.wrap((line + "\n").getBytes(US_ASCII)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void work() {
        PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(this::doTask))
                        .ventilator(place.ventilator())
                        .sink(place.sink())
                        .heartbeat(HEARTBEAT)
                        .concurrency(2)
                        .credit(200)
                        .build())
                .runUntilStopped();
    }

    private byte[] doTask(PipelineTask task) {
        append("X " + pid + " " + task.batchId() + " " + task.number());
        LockSupport.parkNanos(WORK_NANOS);
        return ("result of " + task.text()).getBytes(US_ASCII);
    }

    private void sink() throws InterruptedException {
        Sink.start(Sink.builder(new Taker())
                .endpoint(place.sink())
                .journal(place.journal())
                .heartbeat(HEARTBEAT)
                .overdueAfter(Duration.ofSeconds(10))
                .listener(new SinkListener() {
                    @Override
                    public void onBatchDone(BatchOutcome event) {
                        append("B " + pid + " " + event.batchId() + " " + event.tasks() + " " + event.failed());
                    }
                })
                .build());
        new CountDownLatch(1).await();
    }

    private final class Taker implements ResultHandler {
        @Override
        public void onResult(TaskResult result) {
            boolean right = result.text().equals("result of task " + result.number());
            append("R " + pid + " " + result.batchId() + " " + result.number() + " " + right);
        }
    }

    private byte[] task(Batch batch, int number, int tasks) {
        while (number == tasks - 1 && !Files.exists(place.go(batch.id()))) {
            LockSupport.parkNanos(WORK_NANOS);
        }
        return ("task " + number).getBytes(US_ASCII);
    }

    private void ventilate(String[] words) {
        try (Ventilator ventilator = Ventilator.start(Ventilator.builder()
                .endpoint(place.ventilator())
                .sink(place.sink())
                .heartbeat(HEARTBEAT)
                .windowTasks(500)
                .build())) {
            Batch batch = ventilator.resume(UUID.fromString(words[0])).join();
            int tasks = Integer.parseInt(words[1]);
            if (Boolean.parseBoolean(words[2])) {
                for (int number = 0; number < tasks; number++) {
                    batch.add(task(batch, number, tasks));
                }
            } else {
                batch.remaining(tasks).forEach(number -> batch.put(number, task(batch, number, tasks)));
            }
            batch.end(tasks);
            BatchSummary summary = batch.done().join();
            append("V " + pid + " " + summary.batchId() + " " + summary.tasks() + " " + summary.failed());
        }
    }
}
