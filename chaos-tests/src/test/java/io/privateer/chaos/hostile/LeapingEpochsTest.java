package io.privateer.chaos.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.StarState;
import io.privateer.binarystar.Witness;
import io.privateer.chaos.BareSockets;
import io.privateer.chaos.FreeEndpoint;
import io.privateer.core.Message;
import io.privateer.core.wire.EpochFence;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ;

/** A peer that says epochs as far ahead as servers believe costs a fail-over, but not the service. */
class LeapingEpochsTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration BEAT = Duration.ofMillis(200);
    private static final CallOptions PATIENT = CallOptions.defaults().withDeadline(Duration.ofSeconds(15));

    private final ZContext context = new ZContext();
    private final PirateQueue[] queues = {queue(), queue()};
    private final String[] states = {FreeEndpoint.get(), FreeEndpoint.get()};
    private final BinaryStarServer[] servers = new BinaryStarServer[2];
    private final PirateWorker worker = PirateWorker.builder(WorkerHandler.of(request -> request.message()))
            .queues(queues[0].backend(), queues[1].backend())
            .start();
    private final PirateClient client = PirateClient.connect(queues[0].frontend(), queues[1].frontend());

    LeapingEpochsTest() throws IOException {}

    private static PirateQueue queue() {
        return PirateQueue.paranoid()
                .standby()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .start();
    }

    @AfterEach
    void close() {
        client.close();
        worker.close();
        for (BinaryStarServer server : servers) {
            if (server != null) {
                server.close();
            }
        }
        queues[0].close();
        queues[1].close();
        context.close();
    }

    private void start(String witness) {
        servers[0] = start(BinaryStarServer.primary(), 0, witness);
        servers[1] = start(BinaryStarServer.backup(), 1, witness);
        await().atMost(SOON)
                .until(() -> servers[0].stats().serving() && servers[1].stats().state() == StarState.PASSIVE);
        assertThat(client.request(Message.of("before"), PATIENT).text()).isEqualTo("before");
    }

    private BinaryStarServer start(BinaryStarConfig.Builder builder, int own, String witness) {
        builder.state(states[own]).peerState(states[1 - own]).heartbeat(BEAT);
        return (witness.isEmpty() ? builder : builder.witness(witness)).guard(queues[own]);
    }

    /** A frame of PRV/1 without records. */
    private void say(String endpoint, long... epochs) {
        ZMQ.Socket socket = BareSockets.create(context, SocketType.DEALER);
        socket.connect(endpoint);
        for (long epoch : epochs) {
            socket.send(ByteBuffer.allocate(16)
                    .put(new byte[] {'P', 'R', 'V', 1})
                    .putInt(0)
                    .putLong(epoch)
                    .array());
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void oneMessageToAPairWithAWitness() {
        try (Witness witness = Witness.start("tcp://127.0.0.1:*", BEAT.multipliedBy(2))) {
            start(witness.endpoint());
            say(queues[0].frontend(), servers[0].stats().epoch() + EpochFence.LEAP_MAX);
            await().atMost(SOON).until(() -> servers[0].stats().state() == StarState.PASSIVE);
            assertThat(client.request(Message.of("after"), PATIENT).text()).isEqualTo("after");
        }
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void oneMessageToAPair() {
        start("");
        say(queues[0].frontend(), servers[0].stats().epoch() + EpochFence.LEAP_MAX);
        await().atMost(SOON).until(() -> servers[0].stats().epoch() > EpochFence.LEAP_MAX);
        assertThat(client.request(Message.of("after"), PATIENT).text()).isEqualTo("after");
    }

    @Test
    @Timeout(value = 60, unit = TimeUnit.SECONDS)
    void someMessagesAtOnceToTheServerThatStandsBy() {
        start("");
        long epoch = servers[0].stats().epoch();
        say(
                queues[1].frontend(),
                epoch + EpochFence.LEAP_MAX,
                epoch + 2 * EpochFence.LEAP_MAX,
                epoch + 3 * EpochFence.LEAP_MAX);
        await().atMost(SOON).until(() -> servers[1].stats().epoch() > 2 * EpochFence.LEAP_MAX);
        await().pollDelay(BEAT.multipliedBy(10)).until(() -> true);
        assertThat(client.request(Message.of("after"), PATIENT).text()).isEqualTo("after");
    }
}
