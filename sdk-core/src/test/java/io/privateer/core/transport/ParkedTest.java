package io.privateer.core.transport;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParkedTest {

    private static final int MIB = 1 << 20;

    @Test
    void onePeerGetsEightMebibytesOfTheRoomForAll() {
        // given a peer for which seven mebibytes are kept
        Parked parked = new Parked();
        for (int i = 0; i < 7; i++) {
            parked.add(new byte[][] {new byte[MIB]});
        }
        // when more comes, then there is room for one more, and for what was sent since
        assertThat(parked.hasRoomFor(new byte[][] {new byte[MIB / 2], new byte[MIB / 2]}, 100))
                .isTrue();
        assertThat(parked.hasRoomFor(new byte[][] {new byte[MIB + 1]}, 100)).isFalse();
        assertThat(parked.hasRoomFor(new byte[][] {{}}, 7)).isFalse();
        parked.removeFirst();
        assertThat(parked.hasRoomFor(new byte[][] {new byte[2 * MIB]}, 100)).isTrue();
        assertThat(parked.bytes()).isEqualTo(6L * MIB);
        assertThat(parked.count()).isEqualTo(6);
    }
}
