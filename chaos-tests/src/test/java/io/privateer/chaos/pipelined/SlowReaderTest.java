package io.privateer.chaos.pipelined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.BareSockets;
import io.privateer.core.Message;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A client that asks for much and reads nothing. */
class SlowReaderTest {

    private static final int REPLY_BYTES = 64 << 10;
    private static final int REPLIES = 1_000;

    /** What JeroMQ and the queue keep for one peer, with room for what the kernel does. */
    private static final long KEPT_BYTES_MAX = 32L << 20;

    private static final byte[] NOTHING = {};

    @Test
    @Timeout(60)
    void isCutOffWhileOthersAreServed() {
        WorkerHandler handler = WorkerHandler.of(
                request -> request.text().equals("much") ? Message.of(new byte[REPLY_BYTES]) : request.message());
        try (PirateQueue queue = PirateQueue.paranoid()
                        .frontend("tcp://127.0.0.1:*")
                        .backend("tcp://127.0.0.1:*")
                        .dedupe(REPLIES, 8L << 20, Duration.ofMinutes(1))
                        .start();
                PirateWorker worker = PirateWorker.builder(handler)
                        .queue(queue.backend())
                        .dialect(WorkerDialect.PRV)
                        .credit(16)
                        .start();
                PirateClient client = PirateClient.builder()
                        .endpoints(queue.frontend())
                        .options(CallOptions.defaults().withAttemptTimeout(Duration.ofSeconds(20)))
                        .open();
                ZContext context = new ZContext()) {
            assertThat(client.request("before")).isEqualTo("before");
            // when a client asks for more than anybody keeps for it
            assertThat((long) REPLIES * REPLY_BYTES).isGreaterThan(KEPT_BYTES_MAX);
            askForMuch(context, queue.frontend());
            // then others are served all the time, at their first attempt, until it is cut off
            await().atMost(Duration.ofSeconds(30)).until(() -> {
                assertThat(client.request("meanwhile")).isEqualTo("meanwhile");
                return queue.stats().slowPeers() > 0 && worker.stats().handled() >= REPLIES;
            });
            assertThat(client.request("after")).isEqualTo("after");
            assertThat(client.stats().retries()).isZero();
            // and it is cut off once, not once per reply, and what is kept for it stays within its bound
            assertThat(queue.stats().slowPeers()).isEqualTo(1);
            assertThat(queue.stats().repliesKeptBytes()).isLessThanOrEqualTo(8L << 20);
            assertThat(queue.stats().pending()).isZero();
        }
    }

    private static void askForMuch(ZContext context, String frontend) {
        ZMQ.Socket socket = BareSockets.create(context, SocketType.DEALER);
        socket.setRcvHWM(1);
        socket.setReceiveBufferSize(16 << 10);
        socket.connect(frontend);
        Outbox outbox = new Outbox(frames -> send(socket, frames));
        outbox.hello(new PeerId(1, 2), 1 << 20);
        byte[][] much = {"much".getBytes(StandardCharsets.UTF_8)};
        for (int id = 1; id <= REPLIES; id++) {
            outbox.request(id, 1, 0, Prv.NO_TTL, NOTHING, NOTHING, much);
        }
        outbox.flush();
    }

    private static void send(ZMQ.Socket socket, byte[][] frames) {
        for (int i = 0; i < frames.length; i++) {
            socket.send(frames[i], i < frames.length - 1 ? ZMQ.SNDMORE : 0);
        }
    }
}
