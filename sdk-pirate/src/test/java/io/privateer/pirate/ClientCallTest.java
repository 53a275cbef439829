package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Message;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.RecordReader;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What the attempts of one call say of those before. */
class ClientCallTest {

    private final RecordReader reader = new RecordReader();
    private final Outbox outbox = new Outbox(
            frames -> {
                assertThat(reader.open(frames)).isTrue();
                assertThat(reader.next()).isTrue();
            },
            () -> this.epoch);
    private long epoch = 2;

    private static ClientCall call(Delivery delivery) {
        CallOptions options = CallOptions.defaults().withDelivery(delivery).withDeadline(Duration.ofSeconds(1));
        return new ClientCall(Message.of("ask"), options, 0, withdrawn -> {});
    }

    private boolean sendsElsewhere(ClientCall call) {
        call.count();
        call.writeTo(outbox, 1_000);
        outbox.flush();
        return reader.isElsewhere();
    }

    @Test
    void anAtMostOnceCallSaysThatAServerOfAnotherEpochMayHaveIt() {
        ClientCall call = call(Delivery.ONCE);
        assertThat(sendsElsewhere(call)).isFalse();
        assertThat(sendsElsewhere(call)).as("again, to the same server").isFalse();
        epoch = 3;
        assertThat(sendsElsewhere(call)).isTrue();
        assertThat(sendsElsewhere(call)).isTrue();
        assertThat(reader.isOnce()).isTrue();
    }

    @Test
    void aServerThatHasRefusedItDoesNotHaveIt() {
        ClientCall call = call(Delivery.ONCE);
        sendsElsewhere(call);
        assertThat(call.onRefused()).isTrue();
        epoch = 3;
        assertThat(sendsElsewhere(call)).isFalse();
    }

    @Test
    void aCallThatMayRunTwiceSaysNothing() {
        ClientCall call = call(Delivery.AT_LEAST_ONCE);
        sendsElsewhere(call);
        epoch = 3;
        assertThat(sendsElsewhere(call)).isFalse();
        assertThat(reader.isOnce()).isFalse();
    }
}
