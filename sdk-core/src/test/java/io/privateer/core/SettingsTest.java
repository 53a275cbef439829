package io.privateer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
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
                "tcp://*:5555",
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
                .hasMessage("lease must be <= 365 d: 366 d");
        assertThatThrownBy(() -> Settings.between("credit", 0, 1, 16_384))
                .hasMessage("credit must be between 1 and 16384: 0");
        assertThatThrownBy(() -> Settings.between("inFlightBytesMax", 1L << 40, 256, 1L << 38))
                .hasMessage("inFlightBytesMax must be between 256 and 274877906944: 1099511627776");
        assertThatThrownBy(() -> Settings.between("jitter", 1.5, 0, 1))
                .hasMessage("jitter must be between 0.0 and 1.0: 1.5");
    }

    @ParameterizedTest
    @CsvSource({
        "PT0S, 0 ms",
        "PT0.01S, 10 ms",
        "PT1.5S, 1500 ms",
        "PT0.00005S, 50 µs",
        "PT0.000000001S, 1 ns",
        "PT-0.01S, -10 ms",
        "PT1S, 1 s",
        "PT90S, 90 s",
        "PT2M, 2 min",
        "PT1H, 1 h",
        "PT8760H, 365 d",
        "PT2562047788015215H30M7.000000001S, 9223372036854775807 s"
    })
    void writesDurationsAsTheDocumentsDo(Duration value, String text) {
        assertThat(Settings.text(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://:5, tcp://host:port with a host",
        "tcp://h:70000, tcp://host:port with a port from 1 to 65535",
        "tcp://h:99999999999, tcp://host:port with a port from 1 to 65535",
        "tcp://h:0, tcp://host:port with a port from 1 to 65535",
        "tcp://h, tcp://host:port with a port from 1 to 65535",
        "tcp://::1:5555, tcp://host:port with an IPv6 address in brackets",
        "tcp://h:x, tcp://host:port",
        "ipc://x, tcp://host:port",
    })
    void saysWhatIsWrongWithAnEndpointToConnectTo(String endpoint, String rule) {
        assertThatThrownBy(() -> Settings.connectEndpoint("queue", endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("queue must be " + rule + ": " + endpoint);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://:5, tcp://host:port with a host; * is all of them",
        "tcp://h:70000, tcp://host:port with a port from 1 to 65535; * is any free one",
        "tcp://h, tcp://host:port with a port from 1 to 65535; * is any free one",
    })
    void saysWhatIsWrongWithAnEndpointToBind(String endpoint, String rule) {
        assertThatThrownBy(() -> Settings.bindEndpoint("frontend", endpoint))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frontend must be " + rule + ": " + endpoint);
    }

    @Test
    @SuppressWarnings("NullAway") // The mistakes to be made.
    void namesTheSettingThatIsMissing() {
        assertThatThrownBy(() -> Settings.connectEndpoints("endpoints", (String) null))
                .hasMessage("endpoints");
        assertThatThrownBy(() -> Settings.connectEndpoints("endpoints", (String[]) null))
                .hasMessage("endpoints");
        assertThatThrownBy(() -> Settings.bindEndpoint("frontend", null)).hasMessage("frontend");
        assertThatThrownBy(() -> Message.of((String) null)).hasMessage("text");
        assertThatThrownBy(() -> Message.of((byte[][]) null)).hasMessage("frames");
        assertThatThrownBy(() -> Message.of(new byte[][] {null})).hasMessage("frame");
        assertThatThrownBy(() -> UnsafeMessages.wrap((byte[][]) null)).hasMessage("frames");
    }
}
