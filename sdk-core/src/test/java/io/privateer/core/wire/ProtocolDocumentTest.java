package io.privateer.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Field;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** The numbers of {@code docs/protocol.md} are those of the code. */
class ProtocolDocumentTest {

    static final List<String> TYPES = List.of(
            "HELLO",
            "WELCOME",
            "HEARTBEAT",
            "ACKNOWLEDGE",
            "GOODBYE",
            "READY",
            "CREDIT",
            "DRAIN",
            "REQUEST",
            "REPLY",
            "CANCEL",
            "PROGRESS");

    /** Where each field of each record stands, by its name in the document. */
    private static final Map<String, Map<String, Integer>> FIELDS = Map.ofEntries(
            Map.entry("HELLO", Map.of("clientId", Prv.PEER_HIGH, "messageBytesMax", Prv.HELLO_MESSAGE_BYTES_MAX)),
            Map.entry(
                    "WELCOME",
                    Map.of(
                            "incarnation", Prv.PEER_HIGH,
                            "heartbeatMillis", Prv.WELCOME_HEARTBEAT_MILLIS,
                            "messageBytesMax", Prv.WELCOME_MESSAGE_BYTES_MAX,
                            "inFlightMax", Prv.WELCOME_IN_FLIGHT_MAX)),
            Map.entry("HEARTBEAT", Map.of()),
            Map.entry("ACKNOWLEDGE", Map.of("firstOpen", Prv.ID)),
            Map.entry("GOODBYE", Map.of("status", Prv.STATUS)),
            Map.entry(
                    "READY",
                    Map.of(
                            "workerId", Prv.PEER_HIGH,
                            "credit", Prv.READY_CREDIT,
                            "messageBytesMax", Prv.READY_MESSAGE_BYTES_MAX,
                            "serviceLength", Prv.READY_SERVICE_LENGTH,
                            "concurrency", Prv.READY_CONCURRENCY,
                            "heldCount", Prv.READY_HELD_COUNT)),
            Map.entry("CREDIT", Map.of("credit", Prv.ID)),
            Map.entry("DRAIN", Map.of()),
            Map.entry(
                    "REQUEST",
                    Map.of(
                            "attempt", Prv.REQUEST_ATTEMPT,
                            "id", Prv.ID,
                            "ttl", Prv.REQUEST_TTL,
                            "serviceLength", Prv.REQUEST_SERVICE_LENGTH,
                            "partCount", Prv.REQUEST_PART_COUNT,
                            "headersLength", Prv.REQUEST_HEADERS_LENGTH)),
            Map.entry(
                    "REPLY",
                    Map.of(
                            "status", Prv.STATUS,
                            "attempts", Prv.REPLY_ATTEMPTS,
                            "id", Prv.ID,
                            "retryAfterMillis", Prv.REPLY_RETRY_AFTER,
                            "partCount", Prv.REPLY_PART_COUNT)),
            Map.entry("CANCEL", Map.of("id", Prv.ID)),
            Map.entry("PROGRESS", Map.of("id", Prv.ID)));

    private static final Map<String, Integer> LENGTHS = Map.of(
            "HELLO", Prv.HELLO_RECORD,
            "WELCOME", Prv.WELCOME_RECORD,
            "READY", Prv.READY_RECORD,
            "REQUEST", Prv.REQUEST_RECORD,
            "REPLY", Prv.REPLY_RECORD,
            "HEARTBEAT", Prv.SHORT_RECORD,
            "GOODBYE", Prv.SHORT_RECORD,
            "DRAIN", Prv.SHORT_RECORD);

    private static final Pattern ROW = Pattern.compile("(?m)^\\| (\\d+) \\| (\\d+) \\| ([A-Za-z ]+) \\|");
    private static final Pattern FIXED_LENGTH = Pattern.compile("Fixed\\slength: (\\d+)");

    private final String document = read();

    private static String read() {
        try {
            return Files.readString(Path.of("..", "docs", "protocol.md"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void namesEveryTypeWithItsCode() throws ReflectiveOperationException {
        Map<String, Integer> documented = table("\\| `0x(\\w\\w)` \\| (\\w+) \\|", 16);
        Map<String, Integer> coded = new LinkedHashMap<>();
        for (String type : TYPES) {
            coded.put(type, constant(type));
        }
        assertThat(documented).isEqualTo(coded);
    }

    @Test
    void namesEveryTypeThatTheReaderKnows() {
        RecordReader reader = new RecordReader();
        List<Integer> known = IntStream.range(0, Prv.FIRST_OPTIONAL)
                .filter(type -> {
                    reader.open(new RawMessage().record(type, 0, 0, 0, "").frames());
                    boolean read = reader.next();
                    String problem = reader.problem();
                    return read || (problem != null && !problem.startsWith("unknown mandatory"));
                })
                .boxed()
                .toList();
        assertThat(known).hasSameSizeAs(TYPES);
        assertThat(document).contains("from `0x80` on").contains("`0x01` DETACHED, `0x02` ONCE");
        assertThat(document).contains("`0x08` STANDBY, `0x10` ACKNOWLEDGES, `0x20` TAKEOVER, `0x40` ELSEWHERE");
        assertThat(Prv.STANDBY).isEqualTo(8);
        assertThat(Prv.ACKNOWLEDGES).isEqualTo(16);
        assertThat(Prv.TAKEOVER).isEqualTo(32);
        assertThat(Prv.ELSEWHERE).isEqualTo(64);
        assertThat(Prv.FIRST_OPTIONAL).isEqualTo(0x80);
        assertThat(Prv.DETACHED).isEqualTo(1);
        assertThat(Prv.ONCE).isEqualTo(2);
    }

    @Test
    void namesEveryStatusWithItsCode() {
        Map<String, Integer> coded =
                Arrays.stream(Status.values()).collect(Collectors.toMap(Status::name, Status::code));
        assertThat(table("\\| `(\\d+)` \\| (\\w+) \\|", 10)).isEqualTo(coded);
    }

    @Test
    void namesEveryLimitWithItsValue() throws ReflectiveOperationException {
        Matcher limit = Pattern.compile("(?m)^\\| `([A-Z_]+)` \\| (\\d+) \\|").matcher(document);
        int count = 0;
        while (limit.find()) {
            assertThat(Integer.parseInt(limit.group(2))).as(limit.group(1)).isEqualTo(constant(limit.group(1)));
            count++;
        }
        assertThat(count).isEqualTo(7);
        assertThat(document)
                .contains("more than " + Outbox.DETACH_BYTES + " bytes")
                .contains("1 to " + Prv.PARTS_MAX);
    }

    @Test
    void drawsTheFrameHeaderWithoutGaps() {
        assertThat(fields("Frame header, 16 bytes:", Prv.FRAME_HEADER, 0))
                .containsEntry("version", 3)
                .containsEntry("epoch", Prv.EPOCH);
        assertThat(fields("Every record begins with these 8 bytes", Prv.SHORT_RECORD, 0))
                .isEqualTo(Map.of("type", Prv.TYPE, "flags", Prv.FLAGS, "by type", 2, "length", Prv.LENGTH));
    }

    @ParameterizedTest
    @FieldSource("TYPES")
    void drawsEveryRecordWithoutGaps(String type) {
        // given the section of the record
        int length = LENGTHS.getOrDefault(type, Prv.ID_RECORD);
        String section = section("### " + type + "\n");
        // then it names the length of the code, and every field where the code has it
        Matcher fixed = FIXED_LENGTH.matcher(section);
        assertThat(fixed.find()).isTrue();
        assertThat(Integer.parseInt(fixed.group(1))).isEqualTo(length);
        assertThat(fields("### " + type + "\n", length, Prv.SHORT_RECORD)).isEqualTo(FIELDS.get(type));
    }

    /** Returns the fields of the first table behind {@code heading}, and checks that they leave no gap up to the end. */
    private Map<String, Integer> fields(String heading, int length, int begin) {
        Map<String, Integer> fields = new LinkedHashMap<>();
        int next = begin;
        for (MatchResult row : ROW.matcher(section(heading)).results().toList()) {
            int offset = Integer.parseInt(row.group(1));
            int bytes = Integer.parseInt(row.group(2));
            if (offset >= begin) {
                assertThat(offset).as(heading + row.group()).isEqualTo(next);
                next = offset + bytes;
            }
            if (!row.group(3).equals("reserved") && !row.group(3).equals("magic")) {
                fields.put(row.group(3), offset);
            }
        }
        assertThat(next).as(heading).isEqualTo(length);
        return fields;
    }

    /** Returns the text from {@code heading} to the next heading or the second table. */
    private String section(String heading) {
        int from = document.indexOf(heading);
        assertThat(from).as(heading).isNotNegative();
        String rest = document.substring(from + heading.length());
        int end = rest.indexOf("\n#");
        String section = rest.substring(0, end < 0 ? rest.length() : end);
        Matcher table = Pattern.compile("(?s).*?\\n\\|.*?\\n(?!\\|)").matcher(section);
        return table.lookingAt() ? table.group() : section;
    }

    private Map<String, Integer> table(String row, int radix) {
        return Pattern.compile("(?m)^" + row)
                .matcher(document)
                .results()
                .collect(Collectors.toMap(it -> it.group(2), it -> Integer.parseInt(it.group(1), radix)));
    }

    private static int constant(String name) throws ReflectiveOperationException {
        boolean ofOutbox = name.equals("DETACH_BYTES") || name.equals("BATCH_BYTES");
        Field field = (ofOutbox ? Outbox.class : Prv.class).getDeclaredField(name);
        field.setAccessible(true);
        return field.getInt(null);
    }
}
