package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallOptionsTest {

    private static final CallOptions OPTIONS = CallOptions.defaults();

    @Test
    void keepsWhatItWasGivenAndNothingElseChanges() {
        CallOptions changed = OPTIONS.withDeadline(Duration.ofSeconds(1))
                .withAttemptTimeout(Duration.ofMillis(2))
                .withService("s")
                .withHeader("a", "1")
                .withHeader("b", "2")
                .withHedgeAfter(Duration.ofMillis(3));
        assertThat(changed.deadline()).isEqualTo(Duration.ofSeconds(1));
        assertThat(changed.attemptTimeout()).isEqualTo(Duration.ofMillis(2));
        assertThat(changed.service()).isEqualTo("s");
        assertThat(changed.headers()).containsExactly(java.util.Map.entry("a", "1"), java.util.Map.entry("b", "2"));
        assertThat(changed.hedgeAfter()).contains(Duration.ofMillis(3));
        assertThat(changed.delivery()).isEqualTo(Delivery.AT_LEAST_ONCE);
        assertThat(OPTIONS.headers()).isEmpty();
        assertThat(changed).isNotEqualTo(OPTIONS).isEqualTo(changed.withService("s"));
        assertThat(changed).hasSameHashCodeAs(changed.withService("s"));
        assertThat(changed.toString()).contains("a", "b").doesNotContain("1, ");
    }

    @Test
    void hedgesOnlyWhatMayRunTwice() {
        assertThatThrownBy(() -> OPTIONS.withDelivery(Delivery.ONCE).withHedgeAfter(Duration.ofMillis(5)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("hedgeAfter");
        assertThatThrownBy(() -> OPTIONS.withHedgeAfter(Duration.ofMillis(5)).withDelivery(Delivery.ONCE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
                "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
                "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
                "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
            })
    void refusesATraceparentThatIsNone(String value) {
        assertThatThrownBy(() -> OPTIONS.withHeader("traceparent", value))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("traceparent");
    }

    @Test
    void refusesWhatTheWireCannotCarry() {
        assertThatThrownBy(() -> OPTIONS.withService("x".repeat(256))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withHeader("", "x")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withHeader("x", "x".repeat(70_000)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withDeadline(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withAttemptTimeout(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> OPTIONS.withHedgeAfter(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void checksTheSettingsOfAClient() {
        PirateClientConfig.Builder builder = PirateClient.builder();
        assertThatThrownBy(builder::build).hasMessageContaining("endpoints");
        assertThatThrownBy(() -> builder.endpoints("tcp://a:1", "tcp://a:1")).hasMessageContaining("all different");
        assertThatThrownBy(() -> builder.liveness(0)).hasMessageContaining("liveness");
        assertThatThrownBy(() -> builder.welcomeTimeout(Duration.ZERO)).hasMessageContaining("welcomeTimeout");
        assertThatThrownBy(() -> builder.retryBudget(-0.1)).hasMessageContaining("retryBudget");
        assertThatThrownBy(() -> builder.inFlightMax(0)).hasMessageContaining("inFlightMax");
        assertThatThrownBy(() -> builder.inFlightBytesMax(255)).hasMessageContaining("inFlightBytesMax");
        assertThatThrownBy(() -> builder.circuitBreaker(0, Duration.ofSeconds(1)))
                .hasMessageContaining("circuitBreaker.failuresMax");
        assertThatThrownBy(() -> builder.messageBytesMax(255)).hasMessageContaining("messageBytesMax");
    }
}
