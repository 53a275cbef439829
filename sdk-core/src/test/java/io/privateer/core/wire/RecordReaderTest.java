package io.privateer.core.wire;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RecordReaderTest {

    private static final String ID = "00000000 00000007";
    private static final String NO_TTL = "ffffffff ffffffff";
    private static final String REPLY = ID + "00000000 01 000000";
    private static final byte[] PART = {42};

    private final RecordReader reader = new RecordReader();

    @ParameterizedTest
    @MethodSource("strangers")
    void refusesWhatIsNoMessageOfThisVersion(byte[][] frames, String problem) {
        assertThat(reader.open(frames)).isFalse();
        assertThat(reader.problem()).isEqualTo(problem);
        assertThat(reader.next()).isFalse();
        assertThat(reader.epoch()).isZero();
    }

    static List<Arguments> strangers() {
        byte[][] version2 = new RawMessage().frames();
        version2[0][3] = 2;
        return List.of(
                Arguments.of(new byte[][] {}, "no PRV frame of 0 bytes"),
                Arguments.of(new byte[][] {{}}, "no PRV frame of 0 bytes"),
                Arguments.of(new byte[][] {{1}}, "no PRV frame of 1 bytes"),
                Arguments.of(new byte[][] {"PRV\1PRV\1PRV\1PRV".getBytes(US_ASCII)}, "no PRV frame of 15 bytes"),
                Arguments.of(new byte[][] {new byte[16], {}, {1}}, "no PRV frame of 16 bytes"),
                Arguments.of(version2, "PRV version 2, this side speaks 1"));
    }

    @Test
    void takesAMessageWithoutRecords() {
        assertThat(reader.open(new RawMessage().frames())).isTrue();
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isNull();
        assertThat(reader.next()).as("asked again").isFalse();
    }

    @ParameterizedTest(name = "{1}")
    @MethodSource("malformed")
    void endsAtAMalformedRecordAndSaysWhy(RawMessage message, String problem) {
        // given a good record, and behind it one that is not
        byte[] good = new RawMessage().record(Prv.HEARTBEAT, 0, 0, 0, "").frames()[0];
        byte[][] frames = message.frames();
        byte[] bad = frames[0];
        frames[0] = new byte[good.length + bad.length - Prv.FRAME_HEADER];
        System.arraycopy(good, 0, frames[0], 0, good.length);
        System.arraycopy(bad, Prv.FRAME_HEADER, frames[0], good.length, bad.length - Prv.FRAME_HEADER);
        // then the good one is read, and there the walk ends
        assertThat(reader.open(frames)).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(Prv.HEARTBEAT);
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isEqualTo(problem);
        assertThat(reader.next()).as("asked again").isFalse();
        assertThat(reader.problem()).isEqualTo(problem);
    }

    static List<Arguments> malformed() {
        String request = ID + NO_TTL;
        return List.of(
                bad(new RawMessage().raw("03"), "record cut off after 1 bytes"),
                bad(new RawMessage().raw("03000000 000000"), "record cut off after 7 bytes"),
                bad(new RawMessage().head(Prv.HEARTBEAT, 0, 0, 0, 7), "record of length 7 in the last 8 bytes"),
                bad(new RawMessage().head(Prv.HEARTBEAT, 0, 0, 0, 9), "record of length 9 in the last 8 bytes"),
                bad(new RawMessage().head(0xFF, 0, 0, 0, -1), "record of length 4294967295 in the last 8 bytes"),
                bad(
                        new RawMessage().head(Prv.HEARTBEAT, 0, 0, 0, Integer.MIN_VALUE),
                        "record of length 2147483648 in the last 8 bytes"),
                bad(new RawMessage().record(0x00, 0, 0, 0, ""), "unknown mandatory record type 0"),
                bad(new RawMessage().record(0x09, 0, 0, 0, ""), "unknown mandatory record type 9"),
                bad(new RawMessage().record(0x0F, 0, 0, 0, ""), "unknown mandatory record type 15"),
                bad(new RawMessage().record(0x14, 0, 0, 0, ""), "unknown mandatory record type 20"),
                bad(new RawMessage().record(0x7F, 0, 0, 0, ""), "unknown mandatory record type 127"),
                bad(new RawMessage().record(Prv.HELLO, 0, 0, 0, "00"), "record type 1 of length 9, at least 32"),
                bad(new RawMessage().record(Prv.WELCOME, 0, 0, 0, ID), "record type 2 of length 16, at least 40"),
                bad(new RawMessage().record(Prv.ACKNOWLEDGE, 0, 0, 0, ""), "record type 4 of length 8, at least 16"),
                bad(new RawMessage().record(Prv.GOODBYE, 0, 12, 0, ""), "unknown status 12"),
                bad(new RawMessage().record(Prv.READY, 0, 0, 0, ID), "record type 6 of length 16, at least 36"),
                bad(ready("01", "0000", ""), "READY of length 36 for content of 37"),
                bad(ready("00", "ffff", ""), "READY of length 36 for content of 524316"),
                bad(ready("ff", "0002", ID), "READY of length 44 for content of 307"),
                bad(ready("02", "0000", "61ff"), "a service name that is no UTF-8"),
                bad(ready("03", "0000", "eda080"), "a service name that is no UTF-8"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "01 01 0000 e9"),
                        "a service name that is no UTF-8"),
                bad(new RawMessage().record(Prv.REQUEST, 0, 0, 1, ID), "record type 16 of length 16, at least 28"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, ID + "ffffffff fffffffe 00 01 0000"),
                        "time to live beyond 2^63 microseconds"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "02 01 0001 6161"),
                        "service and headers are 1 bytes longer than the request"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "ff 01 ffff"),
                        "service and headers are 65790 bytes longer than the request"),
                bad(new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "00 00 0000"), "a body of 0 parts"),
                bad(new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "00 ff 0000"), "a body of 255 parts"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "00 02 0000 00000001 61"),
                        "part 1 of 2 is longer than its record"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "00 02 0000 ffffffff 61"),
                        "part 0 of 2 is longer than its record"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "00 02 0000 00000003 61 00"),
                        "part 0 of 2 is longer than its record"),
                bad(
                        new RawMessage().record(Prv.REQUEST, 0, 0, 1, request + "00 02 0000 00000000 00000000 61"),
                        "1 bytes behind the last part"),
                bad(new RawMessage().record(Prv.REPLY, 0, 0, 1, ID), "record type 17 of length 16, at least 24"),
                bad(new RawMessage().record(Prv.REPLY, 0, 255, 1, REPLY), "unknown status 255"),
                bad(new RawMessage().record(Prv.REPLY, 0, 0, 1, ID + "00000000 00000000"), "a body of 0 parts"),
                bad(new RawMessage().record(Prv.CANCEL, 0, 0, 0, "00"), "record type 18 of length 9, at least 16"),
                bad(
                        new RawMessage().record(Prv.REPLY, Prv.DETACHED, 0, 1, REPLY),
                        "detached body of 1 parts in 0 frames, 0 bytes before them"),
                bad(
                        new RawMessage()
                                .record(Prv.REPLY, Prv.DETACHED, 0, 1, REPLY)
                                .part(PART)
                                .part(PART),
                        "detached body of 1 parts in 2 frames, 0 bytes before them"),
                bad(
                        new RawMessage()
                                .record(Prv.REPLY, Prv.DETACHED, 0, 1, REPLY + "2a")
                                .part(PART),
                        "detached body of 1 parts in 1 frames, 1 bytes before them"),
                bad(
                        new RawMessage()
                                .record(Prv.REPLY, Prv.DETACHED, 0, 1, REPLY)
                                .record(Prv.HEARTBEAT, 0, 0, 0, "")
                                .part(PART),
                        "detached body of 1 parts in 1 frames, 8 bytes before them"),
                bad(
                        new RawMessage().record(0x80, Prv.DETACHED, 0, 0, "").part(PART),
                        "frames behind the records that nobody announced"));
    }

    private static Arguments bad(RawMessage message, String problem) {
        return Arguments.of(message, problem);
    }

    private static RawMessage ready(String serviceLength, String heldCount, String rest) {
        String fixed = "00".repeat(16) + "00000001 00100000" + serviceLength + "00" + heldCount;
        return new RawMessage().record(Prv.READY, 0, 0, 0, fixed + rest);
    }

    @ParameterizedTest
    @ValueSource(ints = {0x80, 0x81, 0xC7, 0xFF})
    void skipsWhatItNeedNotKnow(int type) {
        // given optional records before, between and behind two that are known
        byte[][] frames = new RawMessage()
                .record(type, 0xFF, 0xFF, 0xFF, "")
                .record(Prv.CANCEL, 0, 0, 0, ID)
                .record(type, 0, 0, 0, "0102030405")
                .record(Prv.DRAIN, 0, 0, 0, "")
                .record(type, 0, 0, 0, ID)
                .frames();
        // then these two are read
        assertThat(reader.open(frames)).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(Prv.CANCEL);
        assertThat(reader.id()).isEqualTo(7);
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(Prv.DRAIN);
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isNull();
    }

    @Test
    void looksNeitherAtWhatIsReservedNorAtWhatALaterVersionAppends() {
        // given records with reserved bits and bytes set, and longer than today's
        byte[][] frames = new RawMessage()
                .record(Prv.HELLO, 0xFC, 0xFF, 0xFF, "00".repeat(15) + "09 00001000 ffffffff aabbcc")
                .record(Prv.HEARTBEAT, 0xFC, 0xFF, 0xFF, "0102")
                .frames();
        frames[0][5] = 1;
        // then what this version knows is read
        assertThat(reader.open(frames)).isTrue();
        assertThat(reader.next()).isTrue();
        assertThat(reader.peer()).isEqualTo(new PeerId(0, 9));
        assertThat(reader.messageBytesMax()).isEqualTo(4096);
        assertThat(reader.next()).isTrue();
        assertThat(reader.type()).isEqualTo(Prv.HEARTBEAT);
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isNull();
    }

    @Test
    void takesNumbersBeyondAnIntForTheLargestInt() {
        byte[][] frames = new RawMessage()
                .record(Prv.WELCOME, 0, 0, 0, "00".repeat(16) + "ffffffff 80000000 7fffffff 00000000")
                .frames();
        reader.open(frames);
        assertThat(reader.next()).isTrue();
        assertThat(reader.heartbeatMillis()).isEqualTo(Integer.MAX_VALUE);
        assertThat(reader.messageBytesMax()).isEqualTo(Integer.MAX_VALUE);
        assertThat(reader.inFlightMax()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void handsOnDetachedPartsUncopied() {
        byte[][] frames = new RawMessage()
                .record(Prv.REPLY, Prv.DETACHED, 0, 1, ID + "00000000 02 000000")
                .part(new byte[] {1, 2})
                .part(new byte[] {})
                .frames();
        reader.open(frames);
        assertThat(reader.next()).isTrue();
        assertThat(reader.bodyBytes()).isEqualTo(2);
        assertThat(reader.body()[0]).isSameAs(frames[1]);
        assertThat(reader.body()[1]).isSameAs(frames[2]);
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isNull();
    }

    @Test
    void countsOfABodyWhatItsPartsHold() {
        String twoParts = ID + "00000000 02 000000" + "00000001 61 00000002 6262";
        reader.open(new RawMessage().record(Prv.REPLY, 0, 0, 1, twoParts).frames());
        assertThat(reader.next()).isTrue();
        assertThat(reader.bodyBytes()).isEqualTo(3);
        assertThat(reader.body()).isDeepEqualTo(new byte[][] {{'a'}, {'b', 'b'}});
    }

    @Test
    void hasNoStatusWhereThereIsNone() {
        reader.open(new RawMessage().record(Prv.HEARTBEAT, 0, 99, 0, "").frames());
        assertThat(reader.next()).isTrue();
        assertThatThrownBy(reader::status).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void startsAfreshWithEveryMessage() {
        // given a reader that met a malformed message with a detached body
        reader.open(new RawMessage()
                .record(Prv.REPLY, Prv.DETACHED, 0, 1, REPLY)
                .part(PART)
                .part(PART)
                .frames());
        assertThat(reader.next()).isFalse();
        // when the next one has frames that nobody announced
        assertThat(reader.open(new RawMessage().part(PART).frames())).isTrue();
        // then it says that
        assertThat(reader.problem()).isNull();
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isEqualTo("frames behind the records that nobody announced");
    }
}
