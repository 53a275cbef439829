package io.privateer.core.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxTest {

    private static final PeerId PEER = new PeerId(0x0102030405060708L, -2);
    private static final byte[] NONE = {};
    private static final byte[][] EMPTY_BODY = {{}};

    private final List<byte[][]> sent = new ArrayList<>();
    private long epoch;
    private final Outbox outbox = new Outbox(sent::add, () -> epoch);
    private final RecordReader reader = new RecordReader();

    @Test
    void introducesAClientAWorkerAndAQueue() {
        epoch = -1;
        outbox.hello(PEER, 1 << 20);
        outbox.welcome(PEER, 250, Integer.MAX_VALUE, 10_000, false);
        outbox.ready(PEER, 16, 4096, "prices/日本", 1, -1, Long.MIN_VALUE);
        outbox.ready(PEER, 0, 256, "");
        outbox.flush();
        open(0);
        assertThat(reader.epoch()).isEqualTo(-1);
        next(Prv.HELLO);
        assertThat(reader.peer()).isEqualTo(PEER);
        assertThat(reader.messageBytesMax()).isEqualTo(1 << 20);
        next(Prv.WELCOME);
        assertThat(reader.peer()).isEqualTo(PEER);
        assertThat(reader.heartbeatMillis()).isEqualTo(250);
        assertThat(reader.messageBytesMax()).isEqualTo(Integer.MAX_VALUE);
        assertThat(reader.inFlightMax()).isEqualTo(10_000);
        next(Prv.READY);
        assertThat(reader.peer()).isEqualTo(PEER);
        assertThat(reader.credit()).isEqualTo(16);
        assertThat(reader.messageBytesMax()).isEqualTo(4096);
        assertThat(reader.service()).isEqualTo("prices/日本");
        assertThat(reader.heldCount()).isEqualTo(3);
        assertThat(reader.heldId(0)).isEqualTo(1);
        assertThat(reader.heldId(1)).isEqualTo(-1);
        assertThat(reader.heldId(2)).isEqualTo(Long.MIN_VALUE);
        next(Prv.READY);
        assertThat(reader.service()).isEmpty();
        assertThat(reader.heldCount()).isZero();
        end();
        assertThat(PEER).hasToString("0102030405060708fffffffffffffffe");
    }

    @Test
    void carriesTheShortRecords() {
        outbox.heartbeat();
        outbox.drain();
        outbox.acknowledge(-1);
        outbox.credit(Integer.MAX_VALUE);
        outbox.cancel(Long.MAX_VALUE);
        outbox.progress(Long.MIN_VALUE);
        outbox.flush();
        open(0);
        next(Prv.HEARTBEAT);
        next(Prv.DRAIN);
        next(Prv.ACKNOWLEDGE);
        assertThat(reader.id()).isEqualTo(-1);
        next(Prv.CREDIT);
        assertThat(reader.id()).isEqualTo(Integer.MAX_VALUE);
        next(Prv.CANCEL);
        assertThat(reader.id()).isEqualTo(Long.MAX_VALUE);
        next(Prv.PROGRESS);
        assertThat(reader.id()).isEqualTo(Long.MIN_VALUE);
        end();
    }

    @ParameterizedTest
    @EnumSource(Status.class)
    void carriesEveryStatus(Status status) {
        outbox.goodbye(status);
        outbox.reply(5, status, 300, 1_500, null);
        outbox.flush();
        open(0);
        next(Prv.GOODBYE);
        assertThat(reader.status()).isEqualTo(status);
        next(Prv.REPLY);
        assertThat(reader.id()).isEqualTo(5);
        assertThat(reader.status()).isEqualTo(status);
        assertThat(reader.attempts()).isEqualTo(255);
        assertThat(reader.retryAfterMillis()).isEqualTo(1_500);
        assertThat(reader.bodyBytes()).isZero();
        assertThat(reader.body()).isDeepEqualTo(EMPTY_BODY);
        end();
    }

    @Test
    void carriesARequestWithAllItHas() {
        byte[] headers = Headers.encode(Map.of("traceparent", "00"));
        byte[][] body = {{1, 2, 3}, {}, {4}};
        outbox.request(-1, 70_000, Prv.ONCE, 0, new byte[] {'s'}, headers, body);
        outbox.request(1, 1, 0, Prv.NO_TTL, NONE, NONE, EMPTY_BODY);
        outbox.flush();
        open(0);
        next(Prv.REQUEST);
        assertThat(reader.id()).isEqualTo(-1);
        assertThat(reader.attempt()).isEqualTo(0xFFFF);
        assertThat(reader.isOnce()).isTrue();
        assertThat(reader.ttlMicros()).isZero();
        assertThat(reader.service()).isEqualTo("s");
        assertThat(reader.headers()).isEqualTo(headers);
        assertThat(reader.bodyBytes()).isEqualTo(4);
        assertThat(reader.body()).isDeepEqualTo(body);
        next(Prv.REQUEST);
        assertThat(reader.isOnce()).isFalse();
        assertThat(reader.ttlMicros()).isEqualTo(Prv.NO_TTL);
        assertThat(reader.service()).isEmpty();
        assertThat(reader.headers()).isEmpty();
        assertThat(reader.body()).isDeepEqualTo(EMPTY_BODY);
        end();
    }

    @Test
    void detachesABodyThatIsDearerToCopy() {
        // given a body at the edge, and one beyond it
        byte[][] atTheEdge = {new byte[Outbox.DETACH_BYTES]};
        byte[][] beyond = {new byte[Outbox.DETACH_BYTES], {1}};
        outbox.heartbeat();
        outbox.reply(1, Status.OK, 1, 0, atTheEdge);
        assertThat(sent).isEmpty();
        outbox.request(2, 1, Prv.ONCE, Prv.NO_TTL, NONE, NONE, beyond);
        // then the second ends its message, with its parts uncopied, and those before it go along
        assertThat(outbox.isEmpty()).isTrue();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0)[1]).isSameAs(beyond[0]);
        assertThat(sent.get(0)[2]).isSameAs(beyond[1]);
        open(0);
        next(Prv.HEARTBEAT);
        next(Prv.REPLY);
        assertThat(reader.bodyBytes()).isEqualTo(Outbox.DETACH_BYTES);
        next(Prv.REQUEST);
        assertThat(reader.isOnce()).isTrue();
        assertThat(reader.bodyBytes()).isEqualTo(Outbox.DETACH_BYTES + 1);
        end();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 256, 300, 1_000, 65_536, 131_072, Integer.MAX_VALUE})
    void makesNoBatchLongerThanThePeerTakes(int messageBytesMax) {
        // given a seeded mix of replies
        outbox.limit(messageBytesMax);
        SplittableRandom random = new SplittableRandom(messageBytesMax);
        int count = 2_000;
        for (int id = 0; id < count; id++) {
            outbox.reply(id, Status.OK, 1, 0, new byte[][] {new byte[random.nextInt(400)]});
        }
        outbox.flush();
        // then the frames of records keep within the limit, the batches are not needlessly short, and nothing is lost
        int max = Math.min(131_072, Math.max(256, messageBytesMax));
        assertThat(sent).extracting(message -> message[0].length).allMatch(length -> length <= max);
        if (max > 1_000) {
            assertThat(sent).hasSizeLessThan(count / 100);
        }
        int read = 0;
        for (int i = 0; i < sent.size(); i++) {
            open(i);
            while (reader.next()) {
                assertThat(reader.id()).isEqualTo(read++);
            }
            assertThat(reader.problem()).isNull();
        }
        assertThat(read).isEqualTo(count);
    }

    @Test
    void fillsABatchToTheLastByte() {
        // given a limit that the header and thirty heartbeats reach exactly
        outbox.limit(Prv.FRAME_HEADER + 30 * Prv.SHORT_RECORD);
        for (int i = 0; i < 31; i++) {
            outbox.heartbeat();
        }
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0)[0]).hasSize(256);
        outbox.flush();
        assertThat(sent.get(1)[0]).hasSize(Prv.FRAME_HEADER + Prv.SHORT_RECORD);
    }

    @Test
    void leavesNoTraceOfAnEarlierMessageInWhatIsReserved() {
        // given a buffer full of ones
        outbox.request(-1, 0xFFFF, Prv.ONCE, Long.MAX_VALUE, NONE, NONE, new byte[][] {filled(900)});
        outbox.clear();
        assertThat(outbox.isEmpty()).isTrue();
        outbox.flush();
        assertThat(sent).isEmpty();
        // when every record with reserved bytes is written over it
        outbox.hello(new PeerId(0, 0), 0);
        outbox.welcome(new PeerId(0, 0), 0, 0, 0, false);
        outbox.ready(new PeerId(0, 0), 0, 0, "");
        outbox.goodbye(Status.OK);
        outbox.heartbeat();
        outbox.acknowledge(0);
        outbox.reply(0, Status.OK, 0, 0, null);
        outbox.request(0, 0, 0, 0, NONE, NONE, EMPTY_BODY);
        outbox.flush();
        // then none shows but in the types, lengths and part counts
        byte[] frame = sent.get(0)[0];
        int ones = 0;
        for (int i = Prv.FRAME_HEADER; i < frame.length; i++) {
            ones += frame[i] == -1 ? 1 : 0;
        }
        assertThat(ones).isZero();
    }

    @Test
    void refusesWhatNoRecordHoldsAndWritesNothingOfIt() {
        byte[] longName = new byte[Prv.SERVICE_BYTES_MAX + 1];
        outbox.heartbeat();
        assertThatThrownBy(() -> request(longName, NONE, EMPTY_BODY))
                .hasMessage("service must be at most 255 long: 256");
        assertThatThrownBy(() -> request(NONE, new byte[Prv.HEADERS_BYTES_MAX + 1], EMPTY_BODY))
                .hasMessage("headers must be at most 65535 long: 65536");
        assertThatThrownBy(() -> request(NONE, NONE, new byte[][] {})).hasMessage("body must have 1 to 254 parts: 0");
        assertThatThrownBy(() -> outbox.reply(1, Status.OK, 1, 0, new byte[Prv.PARTS_MAX + 1][0]))
                .hasMessage("body must have 1 to 254 parts: 255");
        assertThatThrownBy(() -> outbox.request(1, 1, 0, -2, NONE, NONE, EMPTY_BODY))
                .hasMessage("no such ttl or flags: -2, 0");
        assertThatThrownBy(() -> outbox.request(1, 1, Prv.DETACHED, 0, NONE, NONE, EMPTY_BODY))
                .hasMessage("no such ttl or flags: 0, 1");
        assertThatThrownBy(() -> outbox.ready(PEER, 1, 1, "é".repeat(128)))
                .hasMessage("service must be at most 255 long: 256");
        assertThatThrownBy(() -> outbox.ready(PEER, 1, 1, "", new long[Prv.HELD_MAX + 1]))
                .hasMessage("held must be at most 65535 long: 65536");
        outbox.drain();
        outbox.flush();
        open(0);
        next(Prv.HEARTBEAT);
        next(Prv.DRAIN);
        end();
    }

    @Test
    void carriesTheLongestOfEverything() {
        outbox.request(
                1,
                1,
                0,
                0,
                new byte[Prv.SERVICE_BYTES_MAX],
                new byte[Prv.HEADERS_BYTES_MAX],
                new byte[Prv.PARTS_MAX][1]);
        outbox.ready(PEER, 1, 1, "s".repeat(Prv.SERVICE_BYTES_MAX), new long[Prv.HELD_MAX]);
        outbox.flush();
        assertThat(sent).hasSize(2);
        open(0);
        next(Prv.REQUEST);
        assertThat(reader.headers()).hasSize(Prv.HEADERS_BYTES_MAX);
        assertThat(reader.body()).hasDimensions(Prv.PARTS_MAX, 1);
        end();
        open(1);
        next(Prv.READY);
        assertThat(reader.service()).hasSize(Prv.SERVICE_BYTES_MAX);
        assertThat(reader.heldCount()).isEqualTo(Prv.HELD_MAX);
        assertThat(reader.heldId(Prv.HELD_MAX - 1)).isZero();
        end();
    }

    private void request(byte[] service, byte[] headers, byte[][] body) {
        outbox.request(1, 1, 0, Prv.NO_TTL, service, headers, body);
    }

    private static byte[] filled(int length) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) -1);
        return bytes;
    }

    private void open(int message) {
        assertThat(reader.open(sent.get(message))).isTrue();
    }

    private void next(int type) {
        assertThat(reader.next()).as(reader.problem()).isTrue();
        assertThat(reader.type()).isEqualTo(type);
    }

    private void end() {
        assertThat(reader.next()).isFalse();
        assertThat(reader.problem()).isNull();
    }
}
