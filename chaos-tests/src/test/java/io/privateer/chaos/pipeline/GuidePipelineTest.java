package io.privateer.chaos.pipeline;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.BareSockets;
import io.privateer.pipeline.PlainSink;
import io.privateer.pipeline.PlainVentilator;
import io.privateer.pipeline.PlainWorker;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** The plain roles, each among sockets that do what the Guide's taskvent, taskwork2 and tasksink2 do. */
class GuidePipelineTest {

    private static final String ANY = "tcp://127.0.0.1:*";
    private static final int TASKS = 100;
    private static final int WAIT_MILLIS = 30_000;

    @Test
    void aVentilatorAndASinkOfOursServeTheGuidesWorker() {
        Queue<String> atSink = new ConcurrentLinkedQueue<>();
        try (PlainSink sink = PlainSink.start(message -> atSink.add(new String(message, US_ASCII)), ANY, ANY);
                PlainVentilator ventilator = PlainVentilator.start(ANY, sink.endpoint());
                ZContext context = new ZContext()) {
            // given the Guide's worker
            ZMQ.Socket tasks = connected(context, SocketType.PULL, ventilator.endpoint());
            ZMQ.Socket results = connected(context, SocketType.PUSH, sink.endpoint());
            ZMQ.Socket control = connected(context, SocketType.SUB, sink.controlEndpoint());
            control.subscribe(ZMQ.SUBSCRIPTION_ALL);
            // when a batch is given
            ventilator.startBatch();
            await().until(() -> atSink.size() == 1);
            for (int i = 0; i < TASKS; i++) {
                ventilator.send(Integer.toString(i % 3).getBytes(US_ASCII));
            }
            // then it comes as text, and empty results are taken
            for (int i = 0; i < TASKS; i++) {
                assertThat(tasks.recvStr()).isEqualTo(Integer.toString(i % 3));
                results.send("");
            }
            await().until(() -> atSink.size() == 1 + TASKS);
            assertThat(atSink.poll()).isEqualTo("0");
            assertThat(atSink).containsOnly("");
            // and the worker hears that it is to stop
            await().until(() -> {
                sink.killWorkers();
                return "KILL".equals(control.recvStr(ZMQ.DONTWAIT));
            });
        }
    }

    @Test
    void aWorkerOfOursServesTheGuidesVentilatorAndSink() {
        try (ZContext context = new ZContext()) {
            // given the Guide's ventilator and sink
            ZMQ.Socket ventilator = bound(context, SocketType.PUSH);
            ZMQ.Socket sink = bound(context, SocketType.PULL);
            ZMQ.Socket control = bound(context, SocketType.PUB);
            Queue<String> handled = new ConcurrentLinkedQueue<>();
            try (PlainWorker worker = PlainWorker.start(
                    task -> {
                        handled.add(new String(task, US_ASCII));
                        return new byte[0];
                    },
                    ventilator.getLastEndpoint(),
                    sink.getLastEndpoint(),
                    control.getLastEndpoint())) {
                // when a batch is given
                for (int i = 0; i < TASKS; i++) {
                    assertThat(ventilator.send(Integer.toString(i))).isTrue();
                }
                // then each task has its result
                for (int i = 0; i < TASKS; i++) {
                    assertThat(sink.recvStr()).isEmpty();
                }
                assertThat(handled).hasSize(TASKS);
                // and the worker stops when it is told to
                await().until(() -> {
                    control.send("KILL");
                    return worker.stopped().isDone();
                });
                assertThat(worker.stopped().join()).isTrue();
            }
        }
    }

    private static ZMQ.Socket connected(ZContext context, SocketType type, String endpoint) {
        ZMQ.Socket socket = BareSockets.create(context, type);
        socket.setReceiveTimeOut(WAIT_MILLIS);
        socket.connect(endpoint);
        return socket;
    }

    private static ZMQ.Socket bound(ZContext context, SocketType type) {
        ZMQ.Socket socket = BareSockets.create(context, type);
        socket.setReceiveTimeOut(WAIT_MILLIS);
        socket.setSendTimeOut(WAIT_MILLIS);
        socket.bind(ANY);
        return socket;
    }
}
