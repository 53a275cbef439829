package io.privateer.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Arrays;
import org.junit.jupiter.api.Test;

class FieldsTest {

    private static final PeerId ID = new PeerId(-1, 2);

    private static byte[] written() {
        return new FieldWriter()
                .u8(0xFF)
                .u16(0xFFFE)
                .u32(-1)
                .u32(7)
                .u64(Long.MIN_VALUE)
                .id(ID)
                .text("\u00e4b")
                .toBytes();
    }

    @Test
    void whatIsWrittenIsRead() {
        FieldReader in = new FieldReader(written(), 0);
        assertThat(in.u8()).isEqualTo(0xFF);
        assertThat(in.u16()).isEqualTo(0xFFFE);
        assertThat(in.u32()).isEqualTo(Integer.MAX_VALUE);
        assertThat(in.position()).isEqualTo(7);
        assertThat(in.i32()).isEqualTo(7);
        assertThat(in.u64()).isEqualTo(Long.MIN_VALUE);
        assertThat(in.id()).isEqualTo(ID);
        assertThat(in.hasMore()).isTrue();
        assertThat(in.text()).isEqualTo("\u00e4b");
        assertThat(in.hasMore()).isFalse();
        assertThat(in.isSound()).isTrue();
    }

    @Test
    void whereverAFrameIsCutOffItIsNotSoundAndTheRestIsEmpty() {
        byte[] frame = written();
        for (int length = 0; length < frame.length; length++) {
            FieldReader in = new FieldReader(Arrays.copyOf(frame, length), 0);
            in.u8();
            in.u16();
            in.u64();
            in.u64();
            in.id();
            assertThat(in.text()).isEmpty();
            assertThat(in.isSound()).as("cut to %d", length).isFalse();
            assertThat(in.hasMore()).isFalse();
            assertThat(in.u8()).isZero();
            assertThat(in.u16()).isZero();
            assertThat(in.i32()).isZero();
            assertThat(in.u64()).isZero();
        }
    }

    @Test
    void whatIsRequiredAndDoesNotHoldMakesAFrameUnsoundForGood() {
        FieldReader in = new FieldReader(written(), 0);
        in.require(false);
        in.require(true);
        assertThat(in.isSound()).isFalse();
        assertThat(in.u8()).isZero();
    }

    @Test
    void readingBeginsWhereItIsToldTo() {
        assertThat(new FieldReader(written(), 1).u16()).isEqualTo(0xFFFE);
    }

    @Test
    void aTextThatIsNoUtf8IsNotSound() {
        FieldReader in = new FieldReader(new byte[] {1, (byte) 0xC3, 7}, 0);
        assertThat(in.text()).isEmpty();
        assertThat(in.isSound()).isFalse();
    }

    @Test
    void aTextThatIsTooLongIsNotWritten() {
        FieldWriter out = new FieldWriter().text("a".repeat(255));
        assertThat(out.toBytes()).hasSize(1 + 255);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> out.text("a".repeat(254) + "\u00e4"))
                .withMessageContaining("text.length")
                .withMessageContaining("256");
    }

    @Test
    void bytesAreWrittenFromWhereTheyStand() {
        assertThat(new FieldWriter().bytes(new byte[] {1, 2, 3, 4}, 1, 2).toBytes())
                .containsExactly(2, 3);
    }
}
