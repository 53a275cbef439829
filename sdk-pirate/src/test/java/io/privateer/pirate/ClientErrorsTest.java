package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Reason;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClientErrorsTest {

    private final PirateClientConfig config = PirateClient.builder()
            .endpoints("tcp://127.0.0.1:5555")
            .inFlightMax(2)
            .inFlightBytesMax(1_000)
            .build();
    private final CallBounds bounds = new CallBounds(config.inFlightMax(), config.inFlightBytesMax());

    @Test
    void anOverloadReadsLikeOne() {
        assertThat(bounds.tryAcquire(900)).isTrue();
        assertThat(ClientErrors.full(config, bounds, 200))
                .hasMessage("client client has too much under way: 900 bytes in open calls and 200 more"
                        + " exceed inFlightBytesMax=1000");
        assertThat(bounds.tryAcquire(0)).isTrue();
        assertThat(ClientErrors.full(config, bounds, 0))
                .hasMessage("client client has too much under way: 2 open calls reach inFlightMax=2");
    }

    @Test
    void anErrorReplyIsNotCalledNoReply() {
        assertThat(ClientErrors.of(Reason.HANDLER_FAILED, "no rum", List.of(), config, null))
                .hasMessage("request of client client ended with HANDLER_FAILED: no rum");
        assertThat(ClientErrors.of(Reason.NO_WORKERS, null, List.of(), config, null))
                .hasMessage("request of client client ended with NO_WORKERS");
    }
}
