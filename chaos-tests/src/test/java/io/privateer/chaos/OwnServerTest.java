package io.privateer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.StarState;
import io.privateer.core.Guarded;
import io.privateer.core.GuardedSwitch;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A user's own server, over HTTP, of which two run as a pair: as the guide shows it. */
class OwnServerTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration BEAT = Duration.ofMillis(250);
    private static final int SERVED = 204;
    private static final int REFUSED = 503;

    private final String primaryState = FreeEndpoint.get();
    private final String backupState = FreeEndpoint.get();
    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
    private final OwnServer primary =
            new OwnServer(BinaryStarServer.primary().state(primaryState).peerState(backupState));
    private final OwnServer backup =
            new OwnServer(BinaryStarServer.backup().state(backupState).peerState(primaryState));

    OwnServerTest() throws IOException {}

    /** What a user would write. */
    private static final class OwnServer implements AutoCloseable {
        final GuardedSwitch ours = Guarded.of(epoch -> {}, () -> {});
        final BinaryStarServer star;
        final HttpServer http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);

        OwnServer(BinaryStarConfig.Builder pair) throws IOException {
            star = pair.heartbeat(BEAT).guard(ours);
            http.createContext("/", exchange -> {
                exchange.sendResponseHeaders(ours.admit() ? SERVED : REFUSED, -1);
                exchange.close();
            });
            http.start();
        }

        URI address() {
            return URI.create("http://127.0.0.1:" + http.getAddress().getPort() + "/");
        }

        @Override
        public void close() {
            http.stop(0);
            star.close();
        }
    }

    @AfterEach
    void close() {
        primary.close();
        backup.close();
    }

    @Test
    void theBackupAnswersOnceThePrimaryIsGone() {
        // given a pair of which the primary serves, and the backup sends clients away
        await().atMost(SOON)
                .until(() -> ask(primary) == SERVED && backup.star.stats().state() == StarState.PASSIVE);
        assertThat(ask(backup)).isEqualTo(REFUSED);
        assertThat(backup.ours.isServing()).isFalse();
        // when the primary goes
        primary.close();
        // then a client that goes on asking both is served by the backup
        await().atMost(SOON).until(() -> List.of(primary, backup).stream().anyMatch(server -> ask(server) == SERVED));
        assertThat(ask(backup)).isEqualTo(SERVED);
        assertThat(backup.ours.epoch()).isEqualTo(3);
        assertThat(primary.ours.isServing()).isFalse();
    }

    @Test
    void aServerThatCanServeNoMoreHandsOver() {
        await().atMost(SOON)
                .until(() -> ask(primary) == SERVED && backup.star.stats().state() == StarState.PASSIVE);
        primary.ours.end("disk full");
        await().atMost(SOON).until(() -> ask(backup) == SERVED);
        assertThat(ask(primary)).isEqualTo(REFUSED);
    }

    private int ask(OwnServer server) {
        try {
            HttpRequest request =
                    HttpRequest.newBuilder(server.address()).timeout(SOON).build();
            return client.send(request, BodyHandlers.discarding()).statusCode();
        } catch (IOException e) {
            return 0; // Gone.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
