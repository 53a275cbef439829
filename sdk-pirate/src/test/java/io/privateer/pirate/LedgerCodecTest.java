package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Replicated;
import io.privateer.core.wire.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The entries by which one queue of a pair tells the other what it does, byte for byte. */
class LedgerCodecTest {

    private static final String GOLDEN =
            "00000041 03 0001000000000001 00112233445566778899aabbccddeeff 0000000000000007"
                    + " 01 00000000 000000003b9aca00 00000000 00000000 01 00000002 6869";

    private final LedgerCodec entries = new LedgerCodec();

    private void writeGolden() {
        entries.begin(LedgerCodec.Type.ACCEPTED)
                .u64((1L << 48) + 1)
                .peer(new PeerId(0x0011223344556677L, 0x8899aabbccddeeffL))
                .u64(7)
                .u8(1)
                .u32(0)
                .u64(1_000_000_000)
                .bytes(new byte[0])
                .bytes(new byte[0])
                .body(new byte[][] {"hi".getBytes(StandardCharsets.UTF_8)})
                .end();
    }

    @Test
    void theGoldenEntryIsWrittenByteForByteAndTheProtocolShowsIt() throws IOException {
        writeGolden();
        String written = HexFormat.of().formatHex(entries.take(entries.size()));
        assertThat(written).isEqualTo(GOLDEN.replace(" ", ""));
        assertThat(protocol().replaceAll("\\s", "")).contains(written);
    }

    @Test
    void theProtocolNamesEveryTypeWithItsCode() throws IOException {
        for (LedgerCodec.Type type : LedgerCodec.Type.values()) {
            MatchResult row = Pattern.compile("(?m)^\\| (\\d+) \\| " + type + " \\|")
                    .matcher(protocol())
                    .results()
                    .findFirst()
                    .orElseThrow();
            assertThat(LedgerCodec.Type.of(Integer.parseInt(row.group(1)))).isEqualTo(type);
        }
        assertThat(LedgerCodec.Type.of(0)).isNull();
        assertThat(LedgerCodec.Type.of(LedgerCodec.Type.values().length + 1)).isNull();
    }

    @Test
    void whatIsTakenInPiecesIsWhatWasWritten() {
        writeGolden();
        writeGolden();
        ByteBuffer taken = ByteBuffer.allocate(entries.size());
        while (entries.size() > 0) {
            taken.put(entries.take(Math.min(50, entries.size())));
        }
        assertThat(HexFormat.of().formatHex(taken.array()))
                .isEqualTo(GOLDEN.replace(" ", "").repeat(2));
    }

    @Test
    void theBufferGrowsByWhatWaitsAndNotByAllThatWasWritten() {
        byte[] body = new byte[10_000];
        for (int i = 0; i < 1_000; i++) {
            entries.begin(LedgerCodec.Type.KEPT).bytes(body).end();
            while (entries.size() >= Replicated.CHUNK_BYTES_MAX) {
                ByteBuffer chunk = ByteBuffer.wrap(entries.take(Replicated.CHUNK_BYTES_MAX));
                assertThat(chunk.remaining()).isEqualTo(Replicated.CHUNK_BYTES_MAX);
            }
        }
        assertThat(entries.capacity()).isLessThan(4 * Replicated.CHUNK_BYTES_MAX);
    }

    @Test
    void anEntryThatIsMovedWhileItIsWrittenIsWholeAllTheSame() {
        entries.begin(LedgerCodec.Type.KEPT).bytes(new byte[3_000]).end();
        writeGolden();
        entries.take(LedgerCodec.ENTRY_HEADER + Integer.BYTES + 3_000);
        String golden = GOLDEN.replace(" ", "");
        for (int i = 0; i < 100; i++) {
            writeGolden();
            assertThat(HexFormat.of().formatHex(entries.take(golden.length() / 2)))
                    .isEqualTo(golden);
        }
    }

    private static String protocol() throws IOException {
        return Files.readString(Path.of("../docs/protocol.md"));
    }
}
