package io.privateer.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventLineTest {

    @Test
    void isReadAsItWasWritten() {
        // given
        EventLine written =
                EventLine.of("ready").with("frontend", "tcp://127.0.0.1:5555").with("count", 3);
        // when
        EventLine read = EventLine.parse(written.toString()).orElseThrow();
        // then
        assertThat(read).hasToString("ready frontend=tcp://127.0.0.1:5555 count=3");
        assertThat(read.name()).isEqualTo("ready");
        assertThat(read.text("frontend")).isEqualTo("tcp://127.0.0.1:5555");
        assertThat(read.number("count")).isEqualTo(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " run id=1", "run id", "run =1", "OpenJDK 64-Bit Server VM warning"})
    void isNotFoundInOtherLines(String text) {
        assertThat(EventLine.parse(text)).isEmpty();
    }

    @Test
    void saysWhatItDoesNotHold() {
        EventLine line = EventLine.of("run").with("id", 1);
        assertThatThrownBy(() -> line.text("micros")).hasMessage("event run has no micros");
    }
}
