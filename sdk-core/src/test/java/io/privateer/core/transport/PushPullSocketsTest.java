package io.privateer.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.EndpointException;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PushPullSocketsTest {

    private static final String ANY = "tcp://127.0.0.1:*";
    private static final SocketSettings SETTINGS = SocketSettings.defaults().withHighWaterMark(10);

    private final EventLoop loop = EventLoop.open("push-pull");
    private final Queue<byte[][]> pulled = new ConcurrentLinkedQueue<>();
    private final AtomicInteger writable = new AtomicInteger();

    @AfterEach
    void close() {
        loop.close();
    }

    @Test
    void aPushWithoutPeersRefusesAndTellsWhenThereIsOne() {
        // given a push that nobody has connected to
        PushSocket push = loop.call(() -> PushSocket.bind(loop, "endpoint", ANY, SETTINGS, writable::incrementAndGet));
        assertThat(loop.call(() -> push.send(new byte[] {1}))).isFalse();
        // when a peer comes
        loop.call(() -> PullSocket.connect(loop, "endpoint", push.endpoint(), SETTINGS, pulled::add));
        // then it says so once, and sends
        await().until(() -> writable.get() == 1);
        assertThat(loop.call(() -> push.send(new byte[] {2}))).isTrue();
        await().until(() -> pulled.size() == 1);
        assertThat(pulled.element()).isEqualTo(new byte[][] {{2}});
        assertThat(push.stats().sent()).isOne();
    }

    @Test
    void aPullThatPausesLetsItsPeersWait() {
        // given a pull that takes nothing
        PullSocket pull = loop.call(() -> PullSocket.bind(loop, "endpoint", ANY, SETTINGS, pulled::add));
        PushSocket push = loop.call(
                () -> PushSocket.connect(loop, "endpoint", pull.endpoint(), SETTINGS, writable::incrementAndGet));
        loop.call(() -> {
            pull.pause(true);
            return true;
        });
        // when more is pushed than all buffers hold
        AtomicInteger sent = new AtomicInteger();
        byte[] longMessage = new byte[1 << 20];
        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            boolean taken = loop.call(() -> push.send(longMessage));
            sent.addAndGet(taken ? 1 : 0);
            return !taken && sent.get() > 0;
        });
        assertThat(pulled).isEmpty();
        // and it goes on
        loop.call(() -> {
            pull.pause(false);
            return true;
        });
        // then all of that arrives
        await().until(() -> pulled.size() == sent.get());
        await().until(() -> writable.get() > 0);
        loop.call(() -> {
            push.close();
            pull.close();
            pull.pause(true);
            return true;
        });
        assertThat(loop.call(() -> push.send(longMessage))).isFalse();
    }

    @Test
    void anEndpointThatIsTakenIsRefused() {
        PullSocket pull = loop.call(() -> PullSocket.bind(loop, "endpoint", ANY, SETTINGS, pulled::add));
        assertThatThrownBy(() -> loop.call(() -> PushSocket.bind(loop, "results", pull.endpoint(), SETTINGS, () -> {})))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("results cannot be bound");
        assertThatThrownBy(
                        () -> loop.call(() -> PullSocket.bind(loop, "results", pull.endpoint(), SETTINGS, pulled::add)))
                .isInstanceOf(EndpointException.class);
    }
}
