package io.privateer.core.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.wire.BackendMessage.Job;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whatever the bytes, readers end without an exception, see nothing but what they were given, and make nothing of it that
 * is larger. {@code -Dfuzz.seed=N} repeats a run, {@code -Dfuzz.rounds=N} makes it longer.
 */
class WireFuzzTest {

    private static final Logger log = LoggerFactory.getLogger(WireFuzzTest.class);
    private static final long SEED = Long.getLong("fuzz.seed", 20_261_123L);
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 1_000_000);
    private static final PeerId PEER = new PeerId(0x0102030405060708L, 42);
    private static final byte[] NONE = {};

    @Test
    void theRecordReaderBearsAnyMessage() {
        RecordReader reader = new RecordReader();
        Tally tally = new Tally();
        fuzz("records", ROUNDS, prvCorpus(), frames -> walk(reader, frames, tally));
        // and the damages went deep enough: records of every type were read, and messages were refused at every depth
        assertThat(tally.refused).isBetween(ROUNDS / 20, ROUNDS - ROUNDS / 20);
        for (int type = 0; type < Prv.FIRST_OPTIONAL; type++) {
            if (tally.byType[type] > 0) {
                assertThat(tally.byType[type]).as("records of type %d", type).isGreaterThan(ROUNDS / 1_000);
            }
        }
        assertThat(Arrays.stream(tally.byType).filter(count -> count > 0).count())
                .isEqualTo(ProtocolDocumentTest.TYPES.size());
        log.info(
                "fuzz ended refused={} records={} bodyBytes={}",
                tally.refused,
                Arrays.stream(tally.byType).sum(),
                tally.bodyBytes);
    }

    /** What is read of a message, and how much of that there is. */
    private static final class Tally {
        final int[] byType = new int[256];
        int refused;
        long bodyBytes;
    }

    private static void walk(RecordReader reader, byte[][] frames, Tally tally) {
        long given = bytes(frames);
        long taken = Prv.FRAME_HEADER;
        int records = 0;
        if (reader.open(frames)) {
            check(reader.problem() == null, "open, with a problem");
            while (reader.next()) {
                tally.byType[reader.type()]++;
                records++;
                taken += take(reader, frames, tally);
            }
        }
        reader.epoch();
        check(!reader.next(), "a record behind the last");
        check(records == 0 || taken <= given, "more was read than given");
        check(records <= given / Prv.SHORT_RECORD, "more records than fit");
        tally.refused += reader.problem() == null ? 0 : 1;
    }

    /** Calls every getter that the type has, and returns how many bytes of the message the record must have had at least. */
    private static long take(RecordReader reader, byte[][] frames, Tally tally) {
        switch (reader.type()) {
            case Prv.HELLO -> {
                reader.peer();
                check(reader.messageBytesMax() >= 0, "a negative limit");
            }
            case Prv.WELCOME -> {
                reader.peer();
                check(
                        reader.heartbeatMillis() >= 0 && reader.messageBytesMax() >= 0 && reader.inFlightMax() >= 0,
                        "a negative limit");
            }
            case Prv.READY -> {
                reader.peer();
                check(reader.credit() >= 0 && reader.messageBytesMax() >= 0, "a negative limit");
                for (int i = 0; i < reader.heldCount(); i++) {
                    reader.heldId(i);
                }
                reader.service();
                return Prv.READY_RECORD + (long) reader.heldCount() * Long.BYTES;
            }
            case Prv.REQUEST -> {
                reader.id();
                reader.attempt();
                reader.isOnce();
                reader.service();
                check(reader.ttlMicros() >= Prv.NO_TTL, "a negative time to live");
                byte[] headers = reader.headers();
                Headers.decode(headers);
                return Prv.REQUEST_RECORD + headers.length + takeBody(reader, frames, tally);
            }
            case Prv.REPLY -> {
                reader.id();
                reader.status();
                reader.attempts();
                check(reader.retryAfterMillis() >= 0, "a negative time");
                return Prv.REPLY_RECORD + takeBody(reader, frames, tally);
            }
            case Prv.GOODBYE -> reader.status();
            case Prv.ACKNOWLEDGE, Prv.CREDIT, Prv.CANCEL, Prv.PROGRESS -> reader.id();
            default -> check(reader.type() == Prv.HEARTBEAT || reader.type() == Prv.DRAIN, "an unknown type");
        }
        return Prv.SHORT_RECORD;
    }

    private static long takeBody(RecordReader reader, byte[][] frames, Tally tally) {
        byte[][] body = reader.body();
        long bytes = bytes(body);
        check(body.length >= 1 && body.length <= Prv.PARTS_MAX, "parts out of bounds");
        check(bytes == reader.bodyBytes(), "a body of another length than it says");
        check(
                body.length == 1 || body.length <= frames[0].length / Integer.BYTES || frames.length > 1,
                "too many parts");
        tally.bodyBytes += bytes;
        return bytes;
    }

    @Test
    void theDecodersOfTheOtherDialectsBearAnyMessage() {
        byte[][][] corpus = {
            BackendCodec.ready(),
            BackendCodec.heartbeat(true),
            BackendCodec.job(Dialect.PARANOID, new byte[][] {new byte[16]}, new byte[][] {text("body"), NONE}),
            BackendCodec.job(Dialect.SIMPLE, new byte[][] {text("hop"), text("hop")}, new byte[][] {text("body")}),
            Envelope.join(new byte[][] {}, new byte[][] {text("body")}),
        };
        fuzz("dialects", ROUNDS / 2, corpus, frames -> {
            Envelope.parse(frames);
            if (frames.length > 0 && BackendCodec.decode(frames) instanceof Job job) {
                long bytes =
                        bytes(job.content().address()) + bytes(job.content().body());
                check(bytes <= bytes(frames), "more was read than given");
            }
        });
    }

    @Test
    void theHeadersBearAnyBytes() {
        byte[][][] corpus = {
            {Headers.encode(Map.of("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))},
            {Headers.encode(Map.of("a", "", "b", "c", "é", "日本", "long", "x".repeat(300)))},
        };
        fuzz("headers", ROUNDS / 4, corpus, frames -> {
            Map<String, String> headers = Headers.decode(frames[0]);
            check(headers.size() <= frames[0].length / 4, "more headers than fit");
            check(!headers.containsKey(""), "a header without a name");
        });
    }

    @Test
    void theFuzzFindsAReaderThatTrustsALength() {
        // given a reader that believes the length of the first record, as ours would without one of its checks
        Consumer<byte[][]> trusting = frames -> {
            byte[] frame = frames.length == 0 ? NONE : frames[0];
            if (frame.length >= Prv.FRAME_HEADER + Prv.SHORT_RECORD && Prv.isPrv(frames)) {
                int length = (int) Prv.INT.get(frame, Prv.FRAME_HEADER + Prv.LENGTH);
                check(length >= 0 && Prv.FRAME_HEADER + length <= frame.length, "read beyond the frame");
            }
        };
        // then it is found, and the message of the failure says how to see it again
        assertThatThrownBy(() -> fuzz("trusting", ROUNDS, prvCorpus(), trusting))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("-Dfuzz.seed=" + SEED)
                .hasRootCauseMessage("read beyond the frame");
    }

    private static void fuzz(String what, int rounds, byte[][][] corpus, Consumer<byte[][]> target) {
        WireMutator mutator = new WireMutator(new SplittableRandom(SEED), corpus);
        for (int round = 0; round < rounds; round++) {
            byte[][] frames = mutator.next();
            int hashBefore = Arrays.deepHashCode(frames);
            try {
                target.accept(frames);
                check(Arrays.deepHashCode(frames) == hashBefore, "the message was changed");
            } catch (RuntimeException | AssertionError | OutOfMemoryError e) {
                throw new AssertionError(
                        what + " -Dfuzz.seed=" + SEED + " round " + round + ": " + Arrays.deepToString(frames), e);
            }
        }
        log.info("fuzz ended target={} seed={} rounds={}", what, SEED, rounds);
    }

    private static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    private static byte[][][] prvCorpus() {
        List<byte[][]> messages = new ArrayList<>();
        Outbox outbox = new Outbox(messages::add, () -> 6);
        byte[] headers = Headers.encode(Map.of("traceparent", "00", "tenant", "é"));
        for (int i = 0; i < 3; i++) {
            outbox.hello(PEER, 1 << 20);
            outbox.flush();
            outbox.welcome(PEER, 1_000, 1 << 20, 10_000, true);
            outbox.flush();
            outbox.ready(PEER, 16, 1 << 20, "prices", 1, 2, 3);
            outbox.flush();
            outbox.request(1, 1, Prv.ONCE, 5_000_000, text("prices"), headers, new byte[][] {text("EURUSD")});
            outbox.request(2, 2, 0, Prv.NO_TTL, NONE, NONE, new byte[][] {{1, 2}, {}, {3}});
            outbox.flush();
            outbox.reply(3, Status.OK, 1, 0, new byte[][] {text("1.0842"), NONE});
            outbox.reply(4, Status.BUSY, 0, 1_500, null);
            outbox.flush();
        }
        outbox.heartbeat();
        outbox.drain();
        outbox.goodbye(Status.UNKNOWN_PEER);
        outbox.credit(8);
        outbox.acknowledge(9);
        outbox.cancel(10);
        outbox.progress(11);
        outbox.flush();
        outbox.limit(Prv.MESSAGE_BYTES_MIN);
        outbox.heartbeat();
        outbox.reply(5, Status.OK, 1, 0, new byte[][] {new byte[200], NONE, new byte[30]});
        outbox.request(6, 1, 0, 1, NONE, headers, new byte[][] {new byte[250]});
        return messages.toArray(byte[][][]::new);
    }

    private static byte[] text(String text) {
        return text.getBytes(UTF_8);
    }

    private static long bytes(byte[][] frames) {
        long bytes = 0;
        for (byte[] frame : frames) {
            bytes += frame.length;
        }
        return bytes;
    }
}
