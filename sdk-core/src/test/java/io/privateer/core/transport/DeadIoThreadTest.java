package io.privateer.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.TransportFailedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** JeroMQ's I/O thread dies of an Error, as it would of an OutOfMemoryError. */
class DeadIoThreadTest {

    private final EventLoop loop = EventLoop.open("doomed");

    @Test
    void theLoopsMembersAreToldWhy() throws Exception {
        // given a member
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        loop.call(() -> {
            loop.join(told::complete);
            return true;
        });
        // when the I/O thread dies
        Error cause = killIoThread();
        // then it is told so, and later tasks are refused for the same reason
        assertThat(told.get(5, TimeUnit.SECONDS)).isSameAs(cause);
        await().until(() -> loop.failure() != null);
        await().untilAsserted(() -> assertThatThrownBy(() -> loop.execute(() -> {}))
                .isInstanceOf(TransportFailedException.class)
                .hasCause(cause));
        loop.close();
    }

    @Test
    void closingStaysBounded() {
        // given a loop whose I/O thread is dead, so that JeroMQ's own shutdown never ends
        killIoThread();
        await().until(() -> loop.failure() != null);
        // when
        long startNanos = System.nanoTime();
        loop.close();
        // then
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(12));
    }

    /** Event hooks run on the I/O thread, and JeroMQ survives exceptions of theirs but not errors. */
    private Error killIoThread() {
        Error cause = new AssertionError("planted in the I/O thread");
        loop.execute(() -> {
            ZMQ.Socket socket = loop.createSocket(SocketType.PAIR);
            socket.setLinger(0);
            socket.setEventHook(
                    event -> {
                        throw cause;
                    },
                    ZMQ.EVENT_CONNECT_DELAYED);
            socket.connect("tcp://127.0.0.1:1");
        });
        return cause;
    }
}
