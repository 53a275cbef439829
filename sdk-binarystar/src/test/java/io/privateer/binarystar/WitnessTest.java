package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** How a witness ends. */
class WitnessTest {

    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration LEASE = Duration.ofMillis(200);

    @Test
    void itHasStoppedOnceItIsClosed() {
        Witness witness = Witness.start("tcp://127.0.0.1:*", LEASE);
        CompletableFuture<Void> stopped = witness.stopped();
        assertThat(stopped).isNotDone();
        witness.close();
        witness.close();
        assertThat(stopped).isCompleted();
    }

    @Test
    void itHasStoppedOnceItsLoopIsClosed() {
        EventLoop loop = EventLoop.open("shared");
        Witness witness = Witness.start(loop, "tcp://127.0.0.1:*", LEASE);
        loop.close();
        await().atMost(SOON).until(() -> witness.stopped().isDone());
        assertThat(witness.stopped()).isCompleted();
    }

    @Test
    void theFailureOfItsLoopIsNoQuietEnd() {
        EventLoop loop = EventLoop.open("doomed");
        Witness witness = Witness.start(loop, "tcp://127.0.0.1:*", LEASE);
        loop.execute(() -> {
            throw new IllegalStateException("planted");
        });
        await().atMost(SOON).until(() -> witness.stopped().isDone());
        assertThatThrownBy(() -> witness.stopped().join())
                .hasCauseInstanceOf(TransportFailedException.class)
                .hasRootCauseMessage("planted");
        witness.close();
        loop.close();
    }
}
