package io.privateer.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class DurationsTest {

    @ParameterizedTest
    @CsvSource({"50ms, 50", "1s, 1000", "2m, 120000", "0ms, 0", "999999999ms, 999999999"})
    void readsAndWritesWhatPeopleType(String text, long millis) {
        assertThat(Durations.parse(text)).isEqualTo(Duration.ofMillis(millis));
        assertThat(Durations.format(Duration.ofMillis(millis))).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "5", "ms", "-1s", "1.5s", "1 s", "1h", "1S", "1sm", "1000000000ms"})
    void refusesEverythingElseByNamingTheRuleAndTheValue(String text) {
        assertThatThrownBy(() -> Durations.parse(text))
                .isInstanceOf(TypeConversionException.class)
                .hasMessage("must be a duration such as 50ms, 1s or 2m: " + text);
    }

    @ParameterizedTest
    @CsvSource({"90s, 90s", "60s, 1m", "2500ms, 2500ms", "1000ms, 1s"})
    void writesTheLargestUnitThatFits(String text, String written) {
        assertThat(Durations.format(Durations.parse(text))).isEqualTo(written);
    }
}
