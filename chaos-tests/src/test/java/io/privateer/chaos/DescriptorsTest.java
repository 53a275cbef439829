package io.privateer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.RequestTimeoutException;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.RequestOptions;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Each attempt that fails closes a socket and opens another; nothing may be left behind. */
@EnabledOnOs(OS.LINUX)
class DescriptorsTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int REOPENS = 1_000;
    private static final int WARM_UP = 50;
    private static final int TOLERANCE = 10;
    private static final int NEVER = 10_000;

    @Test
    void aThousandSocketsWithoutAServerLeaveNoDescriptor() throws IOException {
        String nobody;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = "tcp://127.0.0.1:" + probe.getLocalPort();
        }
        reopens(nobody);
    }

    @Test
    void aThousandSocketsToASilentServerLeaveNoDescriptor() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 1_000, InetAddress.getLoopbackAddress())) {
            Thread acceptor = new Thread(() -> acceptAll(silent), "silent-server");
            acceptor.setDaemon(true);
            acceptor.start();
            reopens("tcp://127.0.0.1:" + silent.getLocalPort());
        }
    }

    /** Takes every connection, says nothing, and hangs up when the other side does. */
    private static void acceptAll(ServerSocket silent) {
        try {
            while (true) {
                try (Socket connection = silent.accept()) {
                    connection.getInputStream().transferTo(OutputStream.nullOutputStream());
                }
            }
        } catch (IOException e) {
            // Closed.
        }
    }

    private static void reopens(String endpoint) throws IOException {
        RequestOptions hasty = RequestOptions.defaults()
                .withAttemptTimeout(Duration.ofMillis(2))
                .withAttemptsMax(1);
        try (LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(endpoint)
                .options(hasty)
                .circuitBreaker(NEVER, Duration.ofMillis(1))
                .open()) {
            // given a client that has had some failures
            fail(client, WARM_UP);
            await().pollDelay(Duration.ofMillis(200)).until(() -> true);
            long before = openDescriptors();
            // when it has a thousand more
            fail(client, REOPENS);
            // then it holds no more descriptors
            await().atMost(Duration.ofSeconds(10))
                    .untilAsserted(() -> assertThat(openDescriptors()).isLessThanOrEqualTo(before + TOLERANCE));
            assertThat(client.stats().failed()).isEqualTo(WARM_UP + REOPENS);
        }
    }

    private static void fail(LazyPirateClient client, int times) {
        for (int i = 0; i < times; i++) {
            assertThatThrownBy(() -> client.request("ahoy")).isInstanceOf(RequestTimeoutException.class);
        }
    }

    private static long openDescriptors() throws IOException {
        try (Stream<Path> descriptors = Files.list(DESCRIPTORS)) {
            return descriptors.count();
        }
    }
}
