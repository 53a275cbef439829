package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which messages are left over from a life that has ended. */
class FormerLivesTest {

    private static final PeerId LIFE = new PeerId(1, 2);

    private final FormerLives lives = new FormerLives();

    private boolean isLeftover(long sequence) {
        List<String> endpoints = List.of("tcp://w:1");
        return lives.isLeftover(new CapacityMessage(
                false, false, LIFE, sequence, "west", endpoints, endpoints, List.of(), List.of(), List.of()));
    }

    @Test
    void whatALifeHadSaidWhenItEndedAndWhatCameBeforeIsLeftOver() {
        assertThat(isLeftover(1)).isFalse();
        lives.add(LIFE, 5);
        assertThat(isLeftover(4)).isTrue();
        assertThat(isLeftover(5)).isTrue();
        assertThat(isLeftover(6)).isFalse();
        assertThat(isLeftover(-1))
                .as("the greatest, for sequences are unsigned")
                .isFalse();
    }

    @Test
    void whatIsNotedTwiceCountsByTheNewer() {
        lives.add(LIFE, 5);
        lives.add(LIFE, 3);
        assertThat(isLeftover(5)).isTrue();
        lives.add(LIFE, 7);
        assertThat(isLeftover(7)).isTrue();
        assertThat(lives.has(LIFE)).isTrue();
    }
}
