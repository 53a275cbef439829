package io.privateer.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.LoopHandle;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The Guide's pipeline: milliseconds as text, "0" to begin with, empty results, KILL to end with. */
class PlainModeTest {

    private final Queue<String> atSink = new ConcurrentLinkedQueue<>();
    private final Queue<String> atWorker = new ConcurrentLinkedQueue<>();

    private byte[] work(byte[] task) {
        atWorker.add(new String(task, US_ASCII));
        if (task.length == 0) {
            throw new IllegalStateException("nothing to do");
        }
        return new byte[0];
    }

    @Test
    void tasksResultsAndTheWordToStopTravel() {
        try (PlainSink sink = PlainSink.start(
                        message -> atSink.add(new String(message, US_ASCII)),
                        "tcp://127.0.0.1:*",
                        "tcp://127.0.0.1:*");
                PlainVentilator ventilator = PlainVentilator.start("tcp://127.0.0.1:*", sink.endpoint());
                PlainWorker worker =
                        PlainWorker.start(this::work, ventilator.endpoint(), sink.endpoint(), sink.controlEndpoint())) {
            // when a batch is given, with one task that cannot be done
            ventilator.startBatch();
            await().until(() -> atSink.size() == 1);
            ventilator.send(new byte[0]);
            for (int i = 0; i < 100; i++) {
                ventilator.send(Integer.toString(i).getBytes(US_ASCII));
            }
            // then all others have a result
            await().until(() -> atSink.size() == 101);
            assertThat(atSink.peek()).isEqualTo("0");
            assertThat(atSink.stream().skip(1)).containsOnly("");
            assertThat(atWorker).hasSize(101).contains("42");
            assertThat(ventilator.waiting()).isZero();
            // and the worker stops when it hears so
            await().until(() -> {
                sink.killWorkers();
                return worker.stopped().isDone();
            });
            assertThat(worker.stopped().join()).isTrue();
        }
    }

    @Test
    void aVentilatorWithoutWorkersWaits() {
        PlainVentilator ventilator = PlainVentilator.start("tcp://127.0.0.1:*", "tcp://127.0.0.1:1");
        try (PlainSink sink = PlainSink.start(message -> atSink.add("result"), "tcp://127.0.0.1:*")) {
            for (int i = 0; i < 500; i++) {
                ventilator.send(new byte[] {'1'});
            }
            assertThat(ventilator.waiting()).isEqualTo(500);
            try (PlainWorker worker = PlainWorker.start(this::work, ventilator.endpoint(), sink.endpoint())) {
                await().until(() -> atSink.size() == 500);
                assertThat(worker.stopped()).isNotDone();
            }
            assertThatThrownBy(sink::killWorkers).isInstanceOf(IllegalStateException.class);
        }
        ventilator.close();
        assertThatThrownBy(() -> ventilator.send(new byte[0])).isInstanceOf(ClosedException.class);
    }

    @Test
    void whatIsNoEndpointIsRefused() {
        for (Runnable start : List.<Runnable>of(
                () -> PlainSink.start(message -> {}, "here"),
                () -> PlainVentilator.start("tcp://127.0.0.1:*", "there"),
                () -> PlainWorker.start(this::work, "tcp://127.0.0.1:*", "tcp://127.0.0.1:1"))) {
            assertThatThrownBy(start::run).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Thread.getAllStackTraces().keySet())
                .extracting(Thread::getName)
                .noneMatch(name -> name.contains("plain-"));
    }

    @Test
    void whoseLoopFailsSaysSo() {
        try (PlainVentilator ventilator = PlainVentilator.start("tcp://127.0.0.1:*", "tcp://127.0.0.1:1");
                PlainWorker worker = PlainWorker.start(this::work, ventilator.endpoint(), "tcp://127.0.0.1:1")) {
            for (LoopHandle handle : List.of(ventilator.handle, worker.handle)) {
                handle.loop().execute(() -> {
                    throw new IllegalStateException("failure of the test's");
                });
            }
            assertThatThrownBy(() -> {
                        for (int i = 0; i < 10_000; i++) {
                            ventilator.send(new byte[1]);
                        }
                    })
                    .isInstanceOf(TransportFailedException.class);
            assertThatThrownBy(() ->
                            worker.stopped().orTimeout(30, TimeUnit.SECONDS).join())
                    .hasCauseInstanceOf(TransportFailedException.class);
        }
    }
}
