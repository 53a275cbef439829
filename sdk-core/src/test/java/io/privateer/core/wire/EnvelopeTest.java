package io.privateer.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EnvelopeTest {

    @Test
    void splitsAtTheFirstEmptyFrameAtAnyDepth() {
        assertThat(Envelope.parse(frames("", "body"))).satisfies(it -> {
            assertThat(it.address()).isEmpty();
            assertThat(it.body()).isDeepEqualTo(frames("body"));
        });
        assertThat(Envelope.parse(frames("hop2", "hop1", "", "body", "", "more")))
                .satisfies(it -> {
                    assertThat(it.address()).isDeepEqualTo(frames("hop2", "hop1"));
                    assertThat(it.body()).isDeepEqualTo(frames("body", "", "more"));
                });
    }

    @Test
    void isNoneWithoutADelimiterOrWithoutABodyBehindIt() {
        assertThat(Envelope.parse(frames())).isNull();
        assertThat(Envelope.parse(frames(""))).isNull();
        assertThat(Envelope.parse(frames("body"))).isNull();
        assertThat(Envelope.parse(frames("hop", "body"))).isNull();
        assertThat(Envelope.parse(frames("hop", ""))).isNull();
    }

    @Test
    void takesAnEmptyBodyForABody() {
        assertThat(Envelope.parse(frames("", "")))
                .satisfies(it -> assertThat(it.body()).isDeepEqualTo(frames("")));
    }

    @Test
    void joinsWhatItSplits() {
        byte[][] frames = frames("hop2", "hop1", "", "body", "more");
        assertThat(Envelope.parse(frames)).satisfies(it -> assertThat(Envelope.join(it.address(), it.body()))
                .isDeepEqualTo(frames));
    }

    private static byte[][] frames(String... texts) {
        byte[][] frames = new byte[texts.length][];
        for (int i = 0; i < texts.length; i++) {
            frames[i] = texts[i].getBytes(UTF_8);
        }
        return frames;
    }
}
