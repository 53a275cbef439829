package io.privateer.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class MessageTest {

    @Test
    void keepsItsOwnCopyOfWhatItIsGivenAndOfWhatItHandsOut() {
        // given a message made of an array
        byte[] mine = {1, 2, 3};
        Message message = Message.of(mine);
        // when that array and the one handed out are changed
        mine[0] = 9;
        message.frame(0)[1] = 9;
        message.bytes()[2] = 9;
        // then the message is what it was
        assertThat(message.bytes()).containsExactly(1, 2, 3);
    }

    @Test
    void equalsAnotherWithTheSameFramesInTheSameOrder() {
        Message one = Message.of(new byte[] {1}, new byte[] {2, 3});
        assertThat(one).isEqualTo(Message.of(new byte[] {1}, new byte[] {2, 3}));
        assertThat(one).hasSameHashCodeAs(Message.of(new byte[] {1}, new byte[] {2, 3}));
        assertThat(one).isNotEqualTo(Message.of(new byte[] {2, 3}, new byte[] {1}));
        assertThat(one).isNotEqualTo(Message.of(new byte[] {1, 2, 3}));
    }

    @Test
    void readsTextAsUtf8() {
        assertThat(Message.of("año").text()).isEqualTo("año");
        assertThat(Message.of("año").bytes()).isEqualTo("año".getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void refusesToHaveNoFrame() {
        assertThatThrownBy(Message::of)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("frames must have >= 1 frame: 0");
    }

    @Test
    void saysItsSizeAndNeverItsContent() {
        Message secret = Message.of(new byte[] {'k', 'e', 'y'}, new byte[] {});
        assertThat(secret).hasToString("Message[frames=2, sizeBytes=3]");
    }

    @Test
    void sharesItsArraysOnlyWhenAskedToUnsafely() {
        byte[] shared = {1};
        Message message = UnsafeMessages.wrap(shared);
        assertThat(UnsafeMessages.framesOf(message)[0]).isSameAs(shared);
    }
}
