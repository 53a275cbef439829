package io.privateer.chaos.hostile;

import static io.privateer.chaos.hostile.Zmtp.message;
import static io.privateer.chaos.hostile.Zmtp.ready;
import static io.privateer.chaos.hostile.Zmtp.repeat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.hostile.HostileInput.Connection;
import io.privateer.chaos.hostile.HostileInput.Trace;
import io.privateer.core.Backoff;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateListener;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Peers that take the identity of another. JeroMQ then ends the other's connection, whatever was being read from it. */
class TakeoverTest {

    private static final Duration BEAT = Duration.ofMillis(100);
    private static final byte[] IDENTITY = Zmtp.bytes("stolen");
    private static final byte[] FLOOD =
            repeat(200, message(Stream.generate(() -> IDENTITY).limit(250).toArray(byte[][]::new)));
    private static final int CROWD = 150;

    private final List<String> joined = new CopyOnWriteArrayList<>();
    private EventLoop loop;
    private PirateQueue queue;
    private PirateWorker worker;
    private LazyPirateClient client;

    @BeforeEach
    void start() {
        loop = EventLoop.open("besieged");
        queue = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .heartbeat(BEAT)
                .listener(new PirateListener() {
                    @Override
                    public void onWorkerJoined(WorkerJoined event) {
                        joined.add(event.workerId());
                    }
                })
                .loop(loop)
                .start();
        worker = PirateWorker.builder(WorkerHandler.of(request -> Message.of(request.text() + "!")))
                .dialect(WorkerDialect.PPP) // Of PRV/1 no worker has an identity that could be taken.
                .queue(queue.backend())
                .heartbeat(BEAT)
                .reconnect(Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(100), 0.5))
                .start();
        client = LazyPirateClient.builder()
                .endpoints(queue.frontend())
                .options(RequestOptions.defaults()
                        .withAttemptTimeout(Duration.ofMillis(300))
                        .withAttemptsMax(100)
                        .withDeadline(Duration.ofSeconds(20)))
                .open();
        client.request("before");
    }

    @AfterEach
    void stop() {
        client.close();
        worker.close();
        queue.close();
        loop.close();
    }

    @Test
    void aTakeoverInTheMiddleOfMessagesCostsOnlyThem() throws IOException {
        // given a crowd that sends long messages without end, all under one identity
        List<Socket> crowd = new ArrayList<>();
        try {
            // when each takes the identity from the one before
            await().atMost(Duration.ofSeconds(30))
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> crowd.add(newAttacker()) && crowd.size() == CROWD);
            // then their messages arrive, torn or not
            await().until(() -> queue.stats().malformed() > CROWD);
            // and the loop lives, and the honest client is answered in their midst
            assertThat(loop.failure()).isNull();
            assertThat(client.request("amidst")).isEqualTo("amidst!");
        } finally {
            for (Socket socket : crowd) {
                socket.close();
            }
        }
        assertThat(client.request("after")).isEqualTo("after!");
    }

    private Socket newAttacker() throws IOException {
        URI at = URI.create(queue.frontend());
        Socket socket = new Socket(at.getHost(), at.getPort());
        Thread attacker = new Thread(
                () -> {
                    try {
                        HostilePeer.speak(socket, new Connection(ready("DEALER", IDENTITY), FLOOD));
                    } catch (IOException e) {
                        // Cut off: the crowd is being sent home.
                    }
                },
                "attacker");
        attacker.setDaemon(true);
        attacker.start();
        return socket;
    }

    @Test
    void aWorkerWhoseIdentityIsStolenComesBackUnderAnother() throws IOException {
        // given
        byte[] identity = HexFormat.of().parseHex(joined.get(0));
        HostileInput thief = new HostileInput(
                "a thief",
                List.of(new Connection(ready("DEALER", identity), message(new byte[] {1}))),
                true,
                Trace.NONE);
        // when somebody registers under its identity and leaves
        HostilePeer.play(thief, queue.backend()).close();
        // then it notices and registers anew, and an honest client's request is answered
        await().atMost(Duration.ofSeconds(3))
                .until(() ->
                        joined.size() >= 2 && !joined.get(joined.size() - 1).equals(joined.get(0)));
        assertThat(client.request("after")).isEqualTo("after!");
        assertThat(worker.stats().reconnects()).isEqualTo(1);
        assertThat(queue.stats().workers()).isEqualTo(1);
    }
}
