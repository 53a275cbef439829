package io.privateer.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.transport.ListenProbe.Result;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ListenProbeTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    @Test
    void tellsAListenerFromNobody() throws IOException {
        String endpoint;
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            endpoint = "tcp://127.0.0.1:" + server.getLocalPort();
            assertThat(ListenProbe.find(endpoint, TIMEOUT)).isEqualTo(Result.LISTENS);
        }
        assertThat(ListenProbe.find(endpoint, TIMEOUT)).isEqualTo(Result.REFUSED);
        assertThat(ListenProbe.find("tcp://no-such-host.invalid:1", TIMEOUT)).isEqualTo(Result.UNKNOWN);
    }

    @Test
    void tellsOnTheLoopsThread() {
        try (EventLoop loop = EventLoop.open("probing")) {
            CompletableFuture<Boolean> onLoop = new CompletableFuture<>();
            ListenProbe.ask(
                    loop, "tcp://no-such-host.invalid:1", TIMEOUT, result -> onLoop.complete(loop.isLoopThread()));
            assertThat(onLoop).succeedsWithin(TIMEOUT).isEqualTo(true);
        }
    }
}
