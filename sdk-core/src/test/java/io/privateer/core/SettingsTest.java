package io.privateer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsTest {

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:5555", "tcp://broker.example:1", "tcp://[::1]:65535"})
    void takesEndpointsToConnectTo(String endpoint) {
        assertThat(Settings.connectEndpoint("queue", endpoint)).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "5555",
                "127.0.0.1:5555",
                "tcp://",
                "tcp://:5555",
                "tcp://127.0.0.1",
                "tcp://127.0.0.1:0",
                "tcp://127.0.0.1:65536",
                "tcp://127.0.0.1:*",
                "tcp://::1:5555",
                "ipc://socket",
                "inproc://name",
                "tcp://a:b",
                "TCP://127.0.0.1:5555"
            })
    void refusesOtherEndpointsToConnectToAndSaysWhich(String endpoint) {
        assertThatThrownBy(() -> Settings.connectEndpoint("queue", endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("queue must be tcp://host:port")
                .hasMessageEndingWith(": " + endpoint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"tcp://127.0.0.1:5555", "tcp://*:5555", "tcp://127.0.0.1:*", "tcp://*:*", "tcp://[::]:*"})
    void takesEndpointsToBind(String endpoint) {
        assertThat(Settings.bindEndpoint("frontend", endpoint)).isEqualTo(endpoint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "tcp://*", "tcp://127.0.0.1", "ipc://*", "tcp://127.0.0.1:x"})
    void refusesOtherEndpointsToBindAndSaysWhich(String endpoint) {
        assertThatThrownBy(() -> Settings.bindEndpoint("frontend", endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("frontend must be tcp://host:port")
                .hasMessageEndingWith(": " + endpoint);
    }

    @Test
    void namesTheSettingTheRuleAndTheValue() {
        assertThatThrownBy(() -> Settings.atLeast("liveness", 0, 1)).hasMessage("liveness must be >= 1: 0");
        assertThatThrownBy(() -> Settings.atLeast("pendingBytesMax", -1L, 1L))
                .hasMessage("pendingBytesMax must be >= 1: -1");
        assertThatThrownBy(() -> Settings.atLeast("lease", Duration.ofDays(366), Duration.ZERO))
                .hasMessage("lease must be <= PT8760H: PT8784H");
    }
}
