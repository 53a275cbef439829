package io.privateer.chaos.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.pipeline.PipelineProcess.Place;
import io.privateer.chaos.process.ChildJvm;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline of processes, of which each role is killed in the middle of batches, again and again. */
@Timeout(900)
class PipelineFailuresTest {

    /** Two at least: in one round a killed ventilator's successor gives what remains, in the next the whole batch again. */
    private static final int ROUNDS = Boolean.getBoolean("chaos.nightly") ? 20 : 2;

    private static final int TASKS = 2_000;
    private static final Duration SOON = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final long seed = Long.getLong("kills.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<ChildJvm> children = new ArrayList<>();
    private final List<ChildJvm> workers = new ArrayList<>();
    private Place place;
    private ChildJvm sink;
    private ChildJvm ventilator;

    @BeforeEach
    void start() throws IOException {
        System.err.println("-Dkills.seed=" + seed);
        place = new Place(FreeEndpoint.get(), FreeEndpoint.get(), folder.resolve("log"), folder.resolve("journal"));
        sink = child(place.startSink());
        workers.add(child(place.worker()));
        workers.add(child(place.worker()));
    }

    @AfterEach
    void killAll() {
        children.forEach(ChildJvm::close);
    }

    private ChildJvm child(ChildJvm started) {
        children.add(started);
        return started;
    }

    @Test
    void everyBatchGetsDoneAlthoughWorkersAreKilled() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            UUID batch = begin();
            int victim = random.nextInt(workers.size());
            workers.get(victim).kill();
            checkUnderWay(batch);
            workers.set(victim, child(place.worker()));
            awaitDone(batch);
        }
    }

    @Test
    void everyBatchGetsDoneAlthoughItsVentilatorIsKilled() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            UUID batch = begin();
            ventilator.kill();
            checkUnderWay(batch);
            ventilator = child(place.ventilator(batch, TASKS, round % 2 == 1));
            awaitDone(batch);
        }
    }

    @Test
    void everyBatchGetsDoneAlthoughItsSinkIsKilled() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            UUID batch = begin();
            sink.kill();
            checkUnderWay(batch);
            sink = child(place.startSink());
            awaitDone(batch);
        }
    }

    @Test
    void everyBatchGetsDoneAlthoughAllAreKilled() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            UUID batch = begin();
            sink.kill();
            ventilator.kill();
            workers.forEach(ChildJvm::kill);
            checkUnderWay(batch);
            workers.replaceAll(dead -> {
                try {
                    return child(place.worker());
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            ventilator = child(place.ventilator(batch, TASKS, round % 2 == 0));
            sink = child(place.startSink());
            awaitDone(batch);
        }
    }

    /** Begins a batch and lets a part of it get done. */
    private UUID begin() throws IOException {
        UUID batch = new UUID(random.nextLong(), random.nextLong());
        ventilator = child(place.ventilator(batch, TASKS, true));
        int part = random.nextInt(1, TASKS / 2);
        await().atMost(SOON).pollInterval(Duration.ofMillis(5)).until(() -> count("R", batch) >= part);
        return batch;
    }

    /** Whoever was killed was killed in the middle of the batch, of which the last task is given out now. */
    private void checkUnderWay(UUID batch) throws IOException {
        assertThat(count("V", batch)).isZero();
        Files.createFile(place.go(batch));
    }

    private long count(String what, UUID batch) throws IOException {
        return lines(what, batch).size();
    }

    private List<String[]> lines(String what, UUID batch) throws IOException {
        return place.lines().stream()
                .filter(line -> line[0].equals(what) && line[2].equals(batch.toString()))
                .toList();
    }

    private void awaitDone(UUID batch) throws IOException {
        await().atMost(SOON).until(() -> count("V", batch) == 1);
        // then sink and ventilator agree on it
        String[] done = lines("V", batch).get(0);
        assertThat(done[3]).isEqualTo(Integer.toString(TASKS));
        assertThat(done[4]).isEqualTo("0");
        List<String[]> atSink = lines("B", batch);
        assertThat(atSink).isNotEmpty();
        String pid = atSink.get(atSink.size() - 1)[1];
        // and in the life of the sink in which it got done, each result came once, and was that of its task
        Map<String, Long> times = lines("R", batch).stream()
                .filter(line -> line[1].equals(pid))
                .peek(line -> assertThat(line[4]).isEqualTo("true"))
                .collect(Collectors.groupingBy(line -> line[3], Collectors.counting()));
        assertThat(times).hasSize(TASKS);
        assertThat(times.values()).containsOnly(1L);
    }
}
