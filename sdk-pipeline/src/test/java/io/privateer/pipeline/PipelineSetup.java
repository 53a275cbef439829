package io.privateer.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A pipeline over real sockets. */
abstract class PipelineSetup {

    private static final int PORT_MIN = 15_000;
    private static final int PORTS = 15_000;
    private static final AtomicInteger NEXT_PORT =
            new AtomicInteger((int) (ProcessHandle.current().pid() * 97 % PORTS));

    static final Duration BEAT = Duration.ofMillis(100);

    private final List<AutoCloseable> open = new ArrayList<>();
    final Map<Integer, Integer> timesTaken = new ConcurrentHashMap<>();
    String ventilatorAt = "tcp://127.0.0.1:*";
    String sinkAt = "tcp://127.0.0.1:*";

    @TempDir
    Path folder;

    @AfterEach
    void closeAll() throws Exception {
        for (int i = open.size() - 1; i >= 0; i--) {
            open.get(i).close();
        }
    }

    <T extends AutoCloseable> T opened(T part) {
        open.add(part);
        return part;
    }

    SinkConfig.Builder sinkSettings() {
        return Sink.builder(result -> timesTaken.merge(result.number(), 1, Integer::sum))
                .endpoint(sinkAt)
                .heartbeat(BEAT)
                .collectResults(true);
    }

    Sink sink(SinkConfig.Builder settings) {
        Sink sink = opened(Sink.start(settings.build()));
        sinkAt = sink.endpoint();
        return sink;
    }

    Ventilator ventilator() {
        return ventilator(ventilatorSettings());
    }

    VentilatorConfig.Builder ventilatorSettings() {
        return Ventilator.builder().endpoint(ventilatorAt).sink(sinkAt).heartbeat(BEAT);
    }

    Ventilator ventilator(VentilatorConfig.Builder settings) {
        Ventilator ventilator = opened(Ventilator.start(settings.build()));
        ventilatorAt = ventilator.endpoint();
        return ventilator;
    }

    PipelineWorker worker(TaskHandler.Function work) {
        return opened(PipelineWorker.start(PipelineWorker.builder(TaskHandler.of(work))
                .ventilator(ventilatorAt)
                .sink(sinkAt)
                .heartbeat(BEAT)
                .concurrency(2)
                .build()));
    }

    static byte[] twice(PipelineTask task) {
        return (task.text() + task.text()).getBytes(UTF_8);
    }

    static Batch give(Batch batch, int count) {
        for (int i = 0; i < count; i++) {
            assertThat(batch.add(Integer.toString(i).getBytes(UTF_8))).isEqualTo(i);
        }
        return batch;
    }

    void checkTakenOnce(int count) {
        assertThat(timesTaken).hasSize(count);
        assertThat(timesTaken.values()).containsOnly(1);
    }

    static BatchOutcome join(Sink sink, Batch batch) {
        java.util.concurrent.CompletableFuture<BatchOutcome> outcome = sink.outcome(batch.id());
        batch.end();
        return outcome.orTimeout(30, TimeUnit.SECONDS).join();
    }

    /** None twice, and below the ports that outgoing connections get. */
    static int freePort() {
        while (true) {
            int port = PORT_MIN + NEXT_PORT.getAndIncrement() % PORTS;
            try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
                return probe.getLocalPort();
            } catch (BindException e) {
                // Somebody is there; the next one, then.
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
