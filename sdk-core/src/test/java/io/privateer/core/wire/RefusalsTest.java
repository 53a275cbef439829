package io.privateer.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class RefusalsTest {

    @Test
    void tellsARefusalFromAReply() {
        assertThat(Refusals.statusOf(Refusals.body(Status.NOT_ACTIVE))).isEqualTo(Status.NOT_ACTIVE);
        assertThat(Refusals.statusOf(Refusals.body(Status.BUSY))).isEqualTo(Status.BUSY);
        assertThat(Refusals.statusOf(new byte[][] {"PRV is a fine word".getBytes(StandardCharsets.US_ASCII)}))
                .isNull();
        assertThat(Refusals.statusOf(new byte[][] {{}})).isNull();
        assertThat(Refusals.statusOf(new byte[][] {Refusals.body(Status.BUSY)[0], {}}))
                .isNull();
    }

    @Test
    void marksClientsThatUnderstand() {
        byte[] identity = Refusals.newIdentity(new SplittableRandom(1));
        assertThat(Refusals.isMarked(identity)).isTrue();
        assertThat(Refusals.newIdentity(new SplittableRandom(2))).isNotEqualTo(identity);
        identity[0] = 0;
        assertThat(Refusals.isMarked(identity)).isFalse();
        assertThat(Refusals.isMarked(BusyBeats.newIdentity(new SplittableRandom(1))))
                .isFalse();
    }
}
