package io.privateer.chaos.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.BareSockets;
import io.privateer.chaos.GuideWorkers;
import io.privateer.chaos.TcpPipe;
import io.privateer.core.Message;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateQueueConfig;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.Request;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/** Programs after the Guide, written with bare JeroMQ sockets, on one {@link PirateQueue} with ours. */
class GuidePeersTest {

    private static final Duration BEAT = Duration.ofMillis(200);
    private static final int ROUNDS = 40;
    private static final int RECEIVE_MILLIS_MAX = 5_000;

    private final ZContext context = new ZContext();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    @AfterEach
    void stop() throws InterruptedException {
        stopping = true;
        for (Thread thread : threads) {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        }
        context.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void allKindsOfPeersShareOneQueue(boolean paranoid) throws Exception {
        // given a queue, and a worker of each kind
        PirateQueueConfig.Builder settings = paranoid ? PirateQueue.paranoid() : PirateQueue.simple();
        try (PirateQueue queue = settings.frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .heartbeat(BEAT)
                        .start();
                PirateWorker ours = PirateWorker.builder(WorkerHandler.of(GuidePeersTest::echoAll))
                        .queue(queue.backend())
                        .heartbeat(BEAT)
                        .start()) {
            start(() -> GuideWorkers.serveParanoid(
                    queue.backend(), BEAT, request -> "paranoid:" + request, () -> !stopping));
            start(() -> GuideWorkers.serveSimple(queue.backend(), request -> "simple:" + request, () -> !stopping));
            await().atMost(Duration.ofSeconds(10)).until(() -> queue.stats().workersIdle() == 3);
            // when clients of each kind ask at the same time
            CompletableFuture<Integer> requests = CompletableFuture.supplyAsync(() -> askAsReq(queue.frontend()));
            CompletableFuture<Integer> deep = CompletableFuture.supplyAsync(() -> askThroughHops(queue.frontend()));
            CompletableFuture<Integer> lazy = CompletableFuture.supplyAsync(() -> askLazily(queue.frontend()));
            // then each gets its own replies
            assertThat(List.of(requests.get(), deep.get(), lazy.get())).containsOnly(ROUNDS);
            assertThat(queue.stats().answered()).isEqualTo(3L * ROUNDS);
            assertThat(queue.stats().returned()).isZero();
            assertThat(queue.stats().malformed()).isZero();
            assertThat(ours.stats().handled()).isBetween(1L, 3L * ROUNDS - 2);
        }
    }

    private static Message echoAll(Request request) {
        byte[][] frames = new byte[request.message().frameCount()][];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = request.message().frame(i);
        }
        int last = frames.length - 1;
        frames[last] = ("ours:" + new String(frames[last], ZMQ.CHARSET)).getBytes(ZMQ.CHARSET);
        return Message.of(frames);
    }

    private int askAsReq(String frontend) {
        ZMQ.Socket socket = BareSockets.create(context, SocketType.REQ);
        socket.setReceiveTimeOut(RECEIVE_MILLIS_MAX);
        socket.connect(frontend);
        int right = 0;
        for (int i = 0; i < ROUNDS; i++) {
            socket.send("req-" + i);
            right += isEcho(socket.recvStr(), "req-" + i);
        }
        return right;
    }

    /** As behind two more routers: two addresses in front, and a body of three frames, one of them empty. */
    private int askThroughHops(String frontend) {
        ZMQ.Socket socket = BareSockets.create(context, SocketType.DEALER);
        socket.setReceiveTimeOut(RECEIVE_MILLIS_MAX);
        socket.connect(frontend);
        int right = 0;
        for (int i = 0; i < ROUNDS; i++) {
            ZMsg request = new ZMsg();
            request.add("hop-a-" + i);
            request.add("hop-b");
            request.add("");
            request.add("head");
            request.add("");
            request.add("deep-" + i);
            request.send(socket);
            ZMsg reply = ZMsg.recvMsg(socket);
            if (reply != null
                    && reply.size() == 6
                    && reply.popString().equals("hop-a-" + i)
                    && reply.popString().equals("hop-b")
                    && reply.popString().isEmpty()
                    && reply.popString().equals("head")
                    && reply.popString().isEmpty()) {
                right += isEcho(reply.popString(), "deep-" + i);
            }
        }
        return right;
    }

    private static int askLazily(String frontend) {
        int right = 0;
        try (LazyPirateClient client = LazyPirateClient.connect(frontend)) {
            for (int i = 0; i < ROUNDS; i++) {
                right += isEcho(client.request("lazy-" + i), "lazy-" + i);
            }
        }
        return right;
    }

    private static int isEcho(String reply, String request) {
        return reply != null && reply.matches("(ours|paranoid|simple):" + request) ? 1 : 0;
    }

    @Test
    void aForeignWorkerThatReconnectsInTimeKeepsItsDelivery() throws Exception {
        // given a worker with an identity of its own, connected through something that can be cut
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .disconnectGrace(Duration.ofSeconds(10))
                        .start();
                TcpPipe wire = new TcpPipe(queue.backend());
                LazyPirateClient client = LazyPirateClient.connect(queue.frontend())) {
            ZMQ.Socket worker = BareSockets.create(context, SocketType.DEALER);
            worker.setIdentity("old hand".getBytes(ZMQ.CHARSET));
            worker.setReceiveTimeOut(RECEIVE_MILLIS_MAX);
            worker.connect(wire.endpoint());
            worker.send(new byte[] {1});
            CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> client.request("ahoy"));
            ZMsg job = receiveJob(worker);
            // when its connection is cut while it works, and it comes back by itself
            int connectionsBefore = wire.connections();
            wire.cut();
            await().until(() -> wire.connections() > connectionsBefore);
            job.send(worker);
            // then its reply counts, and nobody else got the request
            assertThat(reply.get(5, TimeUnit.SECONDS)).isEqualTo("ahoy");
            assertThat(queue.stats().returned()).isZero();
            assertThat(queue.stats().deliveries()).isEqualTo(1);
            assertThat(queue.stats().disconnections()).isPositive();
        }
    }

    private static ZMsg receiveJob(ZMQ.Socket worker) {
        while (true) {
            ZMsg message = ZMsg.recvMsg(worker);
            if (message == null || message.size() >= 3) {
                return message;
            }
        }
    }

    @Test
    void aLazyPirateIsServedByAPlainRepSocket() throws ExecutionException, InterruptedException {
        // given a REP server that answers three requests
        ZMQ.Socket server = BareSockets.create(context, SocketType.REP);
        int port = server.bindToRandomPort("tcp://127.0.0.1");
        CountDownLatch served = new CountDownLatch(3);
        start(() -> {
            while (served.getCount() > 0) {
                ZMsg request = ZMsg.recvMsg(server);
                request.addLast("!");
                request.send(server);
                served.countDown();
            }
        });
        try (LazyPirateClient client = LazyPirateClient.connect("tcp://127.0.0.1:" + port)) {
            // when a client asks, also with several frames
            assertThat(client.request("ahoy")).isEqualTo("ahoy");
            Message frames = Message.of(new byte[] {1}, new byte[0], new byte[] {3});
            Message reply = client.request(frames);
            // then it gets what the server says
            assertThat(reply).isEqualTo(Message.of(new byte[] {1}, new byte[0], new byte[] {3}, new byte[] {'!'}));
            assertThat(client.request("bye")).isEqualTo("bye");
            assertThat(client.stats().retries()).isZero();
        }
        assertThat(served.await(5, TimeUnit.SECONDS)).isTrue();
    }

    /** What a peer's thread does. */
    @FunctionalInterface
    private interface Body {
        void run() throws IOException;
    }

    private void start(Body body) {
        Thread thread = new Thread(() -> {
            try {
                body.run();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        thread.setDaemon(true);
        threads.add(thread);
        thread.start();
    }
}
