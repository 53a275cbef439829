package io.privateer.chaos.interop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.pipeline.PlainSink;
import io.privateer.pipeline.PlainVentilator;
import io.privateer.pipeline.PlainWorker;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The plain roles in every mix with those of the Guide, in Python over pyzmq, that is libzmq. */
class PythonPipelineTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final int TASKS = 100;
    private static final Pattern WORKERS_LAST_WORD = Pattern.compile("did=(\\d+) heard=KILL");

    /** Who wrote a role. */
    enum Whose {
        OURS,
        THEIRS
    }

    private interface AnySink {
        boolean hasBegun();

        /** Returns whether it has one result of each task, and nothing that is neither that nor the word to begin. */
        boolean hasAll();

        void tellWorkersToStop();
    }

    private interface AnyWorker {
        boolean hasHeardKill();

        int did();
    }

    private final String tasksAt = FreeEndpoint.get();
    private final String resultsAt = FreeEndpoint.get();
    private final String controlAt = FreeEndpoint.get();
    private final Deque<AutoCloseable> open = new ArrayDeque<>();

    PythonPipelineTest() throws IOException {}

    @AfterEach
    void close() throws Exception {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }

    @ParameterizedTest(name = "ventilator {0}, workers {1}, sink {2}")
    @CsvSource({
        "OURS, THEIRS, THEIRS",
        "OURS, OURS, THEIRS",
        "OURS, THEIRS, OURS",
        "THEIRS, OURS, THEIRS",
        "THEIRS, OURS, OURS",
        "THEIRS, THEIRS, OURS"
    })
    void aBatchGetsDoneAndItsWorkersHearThatTheyMayGo(Whose ventilator, Whose workers, Whose sinks) {
        // given a sink and two workers
        AnySink sink = sinks == Whose.OURS ? ourSink() : theirSink();
        List<AnyWorker> both = Stream.generate(() -> workers == Whose.OURS ? ourWorker() : theirWorker())
                .limit(2)
                .toList();
        // when a batch is given
        if (ventilator == Whose.OURS) {
            giveByOurs(sink);
        } else {
            giveByTheirs();
        }
        // then the sink hears that it begins, and gets a result of each task
        await().atMost(SOON).until(sink::hasAll);
        assertThat(sink.hasBegun()).isTrue();
        // and the workers, when they are told to stop, do
        await().atMost(SOON).until(() -> {
            sink.tellWorkersToStop();
            return both.stream().allMatch(AnyWorker::hasHeardKill);
        });
        assertThat(both.stream().mapToInt(AnyWorker::did).sum()).isEqualTo(TASKS);
        assertThat(sink.hasAll()).isTrue();
    }

    private void giveByOurs(AnySink sink) {
        PlainVentilator ventilator = opened(PlainVentilator.start(tasksAt, resultsAt));
        await().atMost(SOON).until(() -> {
            ventilator.startBatch(); // Whose sink is not connected yet says it to nobody.
            return sink.hasBegun();
        });
        for (int i = 0; i < TASKS; i++) {
            ventilator.send(Integer.toString(i % 5).getBytes(US_ASCII));
        }
    }

    private void giveByTheirs() {
        PythonPeer ventilator = python("ventilator", "--tasks-at", tasksAt, "--results-at", resultsAt);
        assertThat(ventilator.awaitEnd()).as(ventilator.output()).isZero();
    }

    private AnyWorker ourWorker() {
        AtomicInteger did = new AtomicInteger();
        PlainWorker worker = opened(PlainWorker.start(
                task -> {
                    assertThat(Integer.parseInt(new String(task, US_ASCII))).isBetween(0, 5);
                    did.incrementAndGet();
                    return new byte[0];
                },
                tasksAt,
                resultsAt,
                controlAt));
        return new AnyWorker() {
            @Override
            public boolean hasHeardKill() {
                return worker.stopped().getNow(false);
            }

            @Override
            public int did() {
                return did.get();
            }
        };
    }

    private AnyWorker theirWorker() {
        PythonPeer worker =
                python("worker", "--tasks-at", tasksAt, "--results-at", resultsAt, "--control-at", controlAt);
        return new AnyWorker() {
            private Matcher lastWord() {
                return WORKERS_LAST_WORD.matcher(worker.output());
            }

            @Override
            public boolean hasHeardKill() {
                return lastWord().find();
            }

            @Override
            public int did() {
                assertThat(worker.awaitEnd()).as(worker.output()).isZero();
                Matcher lastWord = lastWord();
                assertThat(lastWord.find()).isTrue();
                return Integer.parseInt(lastWord.group(1));
            }
        };
    }

    private AnySink ourSink() {
        Queue<String> messages = new ConcurrentLinkedQueue<>();
        PlainSink sink =
                opened(PlainSink.start(message -> messages.add(new String(message, US_ASCII)), resultsAt, controlAt));
        return new AnySink() {
            @Override
            public boolean hasBegun() {
                return messages.contains("0");
            }

            @Override
            public boolean hasAll() {
                List<String> results = messages.stream()
                        .filter(message -> !message.equals("0"))
                        .toList();
                return results.size() == TASKS && results.stream().allMatch(String::isEmpty);
            }

            @Override
            public void tellWorkersToStop() {
                sink.killWorkers();
            }
        };
    }

    private AnySink theirSink() {
        PythonPeer sink = python("sink", "--results-at", resultsAt, "--control-at", controlAt);
        return new AnySink() {
            @Override
            public boolean hasBegun() {
                return sink.output().contains("began");
            }

            @Override
            public boolean hasAll() {
                return sink.output().contains("results=" + TASKS + " wrong=0");
            }

            @Override
            public void tellWorkersToStop() {
                // It does so by itself as soon as it has all.
            }
        };
    }

    private PythonPeer python(String... command) {
        String[] all = Stream.concat(
                        Stream.of("guide_pipeline.py"),
                        Stream.concat(
                                Arrays.stream(command), Stream.of("--count", Integer.toString(TASKS), "--while-stdin")))
                .toArray(String[]::new);
        return opened(PythonPeer.start(all));
    }

    private <T extends AutoCloseable> T opened(T part) {
        open.push(part);
        return part;
    }
}
