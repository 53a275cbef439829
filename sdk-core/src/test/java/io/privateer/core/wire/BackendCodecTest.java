package io.privateer.core.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.privateer.core.wire.BackendMessage.Heartbeat;
import io.privateer.core.wire.BackendMessage.Job;
import io.privateer.core.wire.BackendMessage.Malformed;
import io.privateer.core.wire.BackendMessage.Ready;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class BackendCodecTest {

    private static final byte[] EMPTY = {};

    @Test
    void knowsTheWordsOfBothDialects() {
        assertThat(decode(bytes(1))).isEqualTo(new Ready(Dialect.PARANOID));
        assertThat(decode(EMPTY, bytes(1))).isEqualTo(new Ready(Dialect.SIMPLE));
        assertThat(decode(bytes(2))).isEqualTo(new Heartbeat(false));
        assertThat(decode(bytes(2, 1))).isEqualTo(new Heartbeat(true));
    }

    @Test
    void sendsTheFramesThatTheGuidesProgramsExpect() {
        assertThat(BackendCodec.ready()).isDeepEqualTo(new byte[][] {{1}});
        assertThat(BackendCodec.heartbeat(false)).isDeepEqualTo(new byte[][] {{2}});
        assertThat(BackendCodec.heartbeat(true)).isDeepEqualTo(new byte[][] {{2, 1}});
        byte[][] address = {bytes(7, 7)};
        byte[][] body = {bytes(9)};
        assertThat(BackendCodec.job(Dialect.PARANOID, address, body)).isDeepEqualTo(new byte[][] {{7, 7}, {}, {9}});
        assertThat(BackendCodec.job(Dialect.SIMPLE, address, body)).isDeepEqualTo(new byte[][] {{}, {7, 7}, {}, {9}});
    }

    @ParameterizedTest
    @EnumSource(value = Dialect.class, names = "PRV", mode = EnumSource.Mode.EXCLUDE)
    void readsTheJobsItWrites(Dialect dialect) {
        byte[][] address = {bytes(7), bytes(8)};
        byte[][] body = {bytes(9), EMPTY, bytes(10)};
        assertThat(BackendCodec.decode(BackendCodec.job(dialect, address, body)))
                .isInstanceOfSatisfying(Job.class, job -> {
                    assertThat(job.content().address()).isDeepEqualTo(address);
                    assertThat(job.content().body()).isDeepEqualTo(body);
                });
    }

    @Test
    void callsEverythingElseMalformedAndSaysWhy() {
        assertThat(decode(EMPTY)).isEqualTo(new Malformed("one frame of 0 bytes is no command"));
        assertThat(decode(new byte[300])).isEqualTo(new Malformed("one frame of 300 bytes is no command"));
        assertThat(decode(bytes(3))).isEqualTo(new Malformed("one frame of 1 bytes is no command"));
        assertThat(decode(bytes(1, 1))).isInstanceOf(Malformed.class);
        assertThat(decode(EMPTY, EMPTY)).isInstanceOf(Malformed.class);
        assertThat(decode(bytes(7), bytes(9))).isInstanceOf(Malformed.class);
        assertThat(decode(bytes(7), EMPTY)).isInstanceOf(Malformed.class);
        assertThat(decode(EMPTY, bytes(7), EMPTY)).isInstanceOf(Malformed.class);
    }

    @Test
    void neverThrowsWhateverTheFrames() {
        long seed = Long.getLong("codec.seed", 20_261_123);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < 200_000; i++) {
            byte[][] frames = new byte[1 + random.nextInt(5)][];
            for (int f = 0; f < frames.length; f++) {
                frames[f] = new byte[random.nextInt(4)];
                for (int b = 0; b < frames[f].length; b++) {
                    frames[f][b] = (byte) random.nextInt(4);
                }
            }
            assertThatCode(() -> BackendCodec.decode(frames))
                    .as("-Dcodec.seed=%s", seed)
                    .doesNotThrowAnyException();
        }
    }

    @Test
    void marksTheIdentitiesOfOurWorkersOnly() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] ours = BusyBeats.newIdentity(random);
        assertThat(BusyBeats.isMarked(ours)).isTrue();
        assertThat(BusyBeats.newIdentity(random)).isNotEqualTo(ours);
        assertThat(ours[0])
                .as("a first byte of 0 is for ids that the socket makes up")
                .isNotZero();
        assertThat(BusyBeats.isMarked(bytes(0, 1, 2, 3, 4))).isFalse();
        assertThat(BusyBeats.isMarked(new byte[ours.length])).isFalse();
        assertThat(BusyBeats.isMarked("Prv1".getBytes(US_ASCII))).isFalse();
    }

    private static BackendMessage decode(byte[]... frames) {
        return BackendCodec.decode(frames);
    }

    private static byte[] bytes(int... values) {
        byte[] bytes = new byte[values.length];
        for (int i = 0; i < values.length; i++) {
            bytes[i] = (byte) values[i];
        }
        return bytes;
    }
}
