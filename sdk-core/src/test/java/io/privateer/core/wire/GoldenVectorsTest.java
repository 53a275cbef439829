package io.privateer.core.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** {@code docs/prv1-vectors.json}, which implementations in other languages read as well. */
class GoldenVectorsTest {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int BATCH_BYTES = 128 * 1024;

    static Stream<Arguments> vectors() throws IOException {
        JsonNode file = JSON.readTree(new File("../docs/prv1-vectors.json"));
        return StreamSupport.stream(file.get("vectors").spliterator(), false)
                .map(vector -> Arguments.of(vector.get("name").textValue(), vector));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void everyVectorIsReadAsItSays(String name, JsonNode vector) {
        RecordReader reader = new RecordReader();
        ArrayNode records = JSON.createArrayNode();
        if (reader.open(frames(vector))) {
            while (reader.next()) {
                records.add(read(reader));
            }
        }
        assertThat(records).isEqualTo(vector.get("records"));
        assertThat(reader.problem() != null).as(reader.problem()).isEqualTo(vector.has("malformed"));
        if (vector.has("epoch")) {
            assertThat(Long.toUnsignedString(reader.epoch()))
                    .isEqualTo(vector.get("epoch").textValue());
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("vectors")
    void everyCanonicalVectorIsWrittenByteForByte(String name, JsonNode vector) {
        if (!vector.has("canonical")) {
            return;
        }
        List<byte[][]> sent = new ArrayList<>();
        Outbox outbox = new Outbox(
                sent::add, () -> Long.parseUnsignedLong(vector.get("epoch").textValue()));
        outbox.limit(vector.path("limit").asInt(BATCH_BYTES));
        vector.get("records").forEach(record -> write(outbox, record));
        outbox.flush();
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0)).isDeepEqualTo(frames(vector));
    }

    @Test
    void everyRecordTypeAndStatusHasAVector() throws IOException {
        String all = vectors()
                .filter(it -> ((JsonNode) it.get()[1]).has("canonical"))
                .map(it -> it.get()[1].toString())
                .reduce("", String::concat);
        for (String type : ProtocolDocumentTest.TYPES) {
            assertThat(all).contains("\"type\":\"" + type + "\"");
        }
        for (Status status : Status.values()) {
            assertThat(all).contains("\"status\":\"" + status + "\"");
        }
    }

    private static byte[][] frames(JsonNode vector) {
        List<byte[]> frames = new ArrayList<>();
        vector.get("frames").forEach(hex -> frames.add(RawMessage.bytes(hex.textValue())));
        return frames.toArray(byte[][]::new);
    }

    private static ObjectNode read(RecordReader reader) {
        ObjectNode record = JSON.createObjectNode();
        switch (reader.type()) {
            case Prv.HELLO -> {
                record.put("type", "HELLO")
                        .put("peer", reader.peer().toString())
                        .put("messageBytesMax", reader.messageBytesMax());
                if (reader.isVote()) {
                    record.put("vote", true);
                }
            }
            case Prv.WELCOME -> {
                record.put("type", "WELCOME")
                        .put("peer", reader.peer().toString())
                        .put("heartbeatMillis", reader.heartbeatMillis())
                        .put("messageBytesMax", reader.messageBytesMax())
                        .put("inFlightMax", reader.inFlightMax());
                if (reader.isStandby()) {
                    record.put("standby", true);
                }
                if ((reader.flags() & Prv.ACKNOWLEDGES) != 0) {
                    record.put("acknowledges", true);
                }
                takeover(record, reader);
            }
            case Prv.HEARTBEAT -> record.put("type", "HEARTBEAT");
            case Prv.ACKNOWLEDGE -> id(record.put("type", "ACKNOWLEDGE"), reader);
            case Prv.GOODBYE ->
                record.put("type", "GOODBYE").put("status", reader.status().name());
            case Prv.READY -> readReady(record.put("type", "READY"), reader);
            case Prv.CREDIT -> id(record.put("type", "CREDIT"), reader);
            case Prv.DRAIN -> record.put("type", "DRAIN");
            case Prv.REQUEST -> readRequest(record.put("type", "REQUEST"), reader);
            case Prv.REPLY -> readReply(record.put("type", "REPLY"), reader);
            case Prv.CANCEL -> id(record.put("type", "CANCEL"), reader);
            case Prv.PROGRESS -> id(record.put("type", "PROGRESS"), reader);
            default -> throw new AssertionError(reader.type());
        }
        return record;
    }

    private static void takeover(ObjectNode record, RecordReader reader) {
        if (reader.isTakeover()) {
            record.put("takeover", true);
        }
    }

    private static void id(ObjectNode record, RecordReader reader) {
        record.put("id", Long.toUnsignedString(reader.id()));
    }

    private static void readReady(ObjectNode record, RecordReader reader) {
        record.put("peer", reader.peer().toString())
                .put("credit", reader.credit())
                .put("messageBytesMax", reader.messageBytesMax())
                .put("service", reader.service());
        if (reader.concurrency() != 0) {
            record.put("concurrency", reader.concurrency());
        }
        takeover(record, reader);
        ArrayNode held = record.putArray("held");
        for (int i = 0; i < reader.heldCount(); i++) {
            held.add(Long.toUnsignedString(reader.heldId(i)));
        }
    }

    private static void readRequest(ObjectNode record, RecordReader reader) {
        id(record, reader);
        record.put("attempt", reader.attempt())
                .put("once", reader.isOnce())
                .put("ttlMicros", Long.toString(reader.ttlMicros()))
                .put("service", reader.service());
        if (reader.isElsewhere()) {
            record.put("elsewhere", true);
        }
        record.set("headers", JSON.valueToTree(Headers.decode(reader.headers())));
        body(record, reader);
    }

    private static void readReply(ObjectNode record, RecordReader reader) {
        id(record, reader);
        record.put("status", reader.status().name())
                .put("attempts", reader.attempts())
                .put("retryAfterMillis", reader.retryAfterMillis());
        body(record, reader);
    }

    private static void body(ObjectNode record, RecordReader reader) {
        ArrayNode body = record.putArray("body");
        for (byte[] part : reader.body()) {
            body.add(HexFormat.of().formatHex(part));
        }
    }

    private static void write(Outbox outbox, JsonNode record) {
        long id = Long.parseUnsignedLong(record.path("id").asText("0"));
        int longest = record.path("messageBytesMax").intValue();
        switch (record.get("type").textValue()) {
            case "HELLO" ->
                outbox.hello(peer(record), longest, record.path("vote").asBoolean());
            case "WELCOME" ->
                outbox.welcome(
                        peer(record),
                        record.get("heartbeatMillis").intValue(),
                        longest,
                        record.get("inFlightMax").intValue(),
                        flag(record, "standby", Prv.STANDBY)
                                | flag(record, "acknowledges", Prv.ACKNOWLEDGES)
                                | flag(record, "takeover", Prv.TAKEOVER));
            case "HEARTBEAT" -> outbox.heartbeat();
            case "ACKNOWLEDGE" -> outbox.acknowledge(id);
            case "GOODBYE" -> outbox.goodbye(status(record));
            case "READY" ->
                outbox.ready(
                        peer(record),
                        record.get("credit").intValue(),
                        record.path("concurrency").asInt(),
                        longest,
                        record.get("service").textValue(),
                        record.path("takeover").asBoolean(),
                        StreamSupport.stream(record.get("held").spliterator(), false)
                                .mapToLong(held -> Long.parseUnsignedLong(held.textValue()))
                                .toArray());
            case "CREDIT" -> outbox.credit((int) id);
            case "DRAIN" -> outbox.drain();
            case "REQUEST" ->
                outbox.request(
                        id,
                        record.get("attempt").intValue(),
                        flag(record, "once", Prv.ONCE) | flag(record, "elsewhere", Prv.ELSEWHERE),
                        Long.parseLong(record.get("ttlMicros").textValue()),
                        record.get("service").textValue().getBytes(StandardCharsets.UTF_8),
                        Headers.encode(
                                JSON.convertValue(record.get("headers"), new TypeReference<Map<String, String>>() {})),
                        body(record));
            case "REPLY" ->
                outbox.reply(
                        id,
                        status(record),
                        record.get("attempts").intValue(),
                        record.get("retryAfterMillis").intValue(),
                        body(record));
            case "CANCEL" -> outbox.cancel(id);
            case "PROGRESS" -> outbox.progress(id);
            default -> throw new AssertionError(record);
        }
    }

    private static int flag(JsonNode record, String name, int flag) {
        return record.path(name).asBoolean() ? flag : 0;
    }

    private static PeerId peer(JsonNode record) {
        String hex = record.get("peer").textValue();
        return new PeerId(HexFormat.fromHexDigitsToLong(hex, 0, 16), HexFormat.fromHexDigitsToLong(hex, 16, 32));
    }

    private static Status status(JsonNode record) {
        return Status.valueOf(record.get("status").textValue());
    }

    private static byte[][] body(JsonNode record) {
        return StreamSupport.stream(record.get("body").spliterator(), false)
                .map(part -> RawMessage.bytes(part.textValue()))
                .toArray(byte[][]::new);
    }
}
