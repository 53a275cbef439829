package io.privateer.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What a loop leaves behind, and how soon it ends, on a thread that is JeroMQ's. */
class LoopEndTest {

    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    private static final int TOLERANCE = 10;
    private static final DealerSocket.Handler NOBODY = new DealerSocket.Handler() {
        @Override
        public void onMessage(byte[][] frames) {}

        @Override
        public void onDisconnected() {}
    };

    @Test
    void aLoopThatLooksWithoutSleepingIsClosedAtOnce() {
        // given a loop that never sleeps, and is idle
        EventLoop loop = EventLoop.open("spinning", Duration.ofHours(1));
        loop.call(() -> true);
        // when
        long startNanos = System.nanoTime();
        loop.close();
        // then
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(4));
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aThousandLoopsLeaveNoDescriptor() throws IOException {
        openAndCloseLoops(20);
        long before = descriptors();
        openAndCloseLoops(1_000);
        awaitDescriptors(before);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void aThousandSocketsLeaveNoDescriptor() throws IOException {
        try (EventLoop loop = EventLoop.open("sockets")) {
            RouterSocket router = loop.call(() -> loop.bindRouter(
                    "frontend", "tcp://127.0.0.1:*", SocketSettings.defaults(), new RouterSocket.Handler() {
                        @Override
                        public void onMessage(Identity peer, byte[][] frames) {}

                        @Override
                        public void onPeerGone(Identity peer) {}
                    }));
            openAndCloseSockets(loop, router.endpoint(), 20);
            long before = descriptors();
            openAndCloseSockets(loop, router.endpoint(), 1_000);
            awaitDescriptors(before);
        }
    }

    private static void openAndCloseLoops(int count) {
        for (int i = 0; i < count; i++) {
            try (EventLoop loop = EventLoop.open("short-lived")) {
                if (i % 2 == 0) {
                    loop.call(() -> loop.connectDealer("tcp://127.0.0.1:1", null, SocketSettings.defaults(), NOBODY));
                }
            }
        }
    }

    private static void openAndCloseSockets(EventLoop loop, String endpoint, int count) {
        for (int i = 0; i < count; i++) {
            DealerSocket socket =
                    loop.call(() -> loop.connectDealer(endpoint, null, SocketSettings.defaults(), NOBODY));
            loop.call(() -> socket.send(new byte[] {1}));
            loop.execute(socket::close);
        }
    }

    private static void awaitDescriptors(long before) {
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(() -> assertThat(descriptors()).isLessThanOrEqualTo(before + TOLERANCE));
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(DESCRIPTORS)) {
            return open.count();
        }
    }
}
