package io.privateer.binarystar;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.wire.PeerId;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The messages of a pair, byte for byte, and what becomes of damaged ones. {@code -Dfuzz.seed=N} repeats a run. */
class StarCodecsTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20_261_123L);
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 300_000);
    private static final PeerId NODE = new PeerId(0x0011223344556677L, 0x8899aabbccddeeffL);
    private static final PeerState STATE = new PeerState(
            Role.BACKUP,
            StarState.ACTIVE,
            7,
            NODE,
            StarMode.PAIR_WITH_WITNESS,
            1_000,
            2_000,
            2_500,
            true,
            3,
            4,
            "tcp://a:1",
            "größe",
            "tcp://w:2");
    private static final String STATE_BYTES = "50525301 02030201 0000000000000007 00112233445566778899aabbccddeeff"
            + " 0000000000000003 0000000000000004 000003e8 000007d0 000009c4 0009 0007 0009 7463703a2f2f613a31"
            + " 6772c3b6c39f65 7463703a2f2f773a32";
    private static final LeaseRequest ASK = new LeaseRequest("p", NODE, false, 5, 8, 2_500);
    private static final String ASK_BYTES = "50524c01 01000000 00112233445566778899aabbccddeeff 0000000000000005"
            + " 0000000000000008 000009c4 0001 70";
    private static final LeaseAnswer REFUSAL = new LeaseAnswer("p", NODE, false, 5, 9, 100);
    private static final String REFUSAL_BYTES = "50524c01 04000000 00112233445566778899aabbccddeeff 0000000000000005"
            + " 0000000000000009 00000064 0001 70";

    private static final StreamMessage CHUNK = new StreamMessage(StreamMessage.Kind.CHUNK, 6 << 20 | 1, 2, NODE);
    private static final String CHUNK_BYTES =
            "50525201 02000000 0000000000600001 0000000000000002 00112233445566778899aabbccddeeff";

    @Test
    void theGoldenStateIsWrittenAndReadByteForByte() {
        assertThat(hex(StateCodec.encode(STATE))).isEqualTo(STATE_BYTES.replace(" ", ""));
        assertThat(StateCodec.decode(bytes(STATE_BYTES))).isEqualTo(STATE);
    }

    @Test
    void whetherTheSenderReplicatesIsAFlagThatChangesNothingElse() {
        byte[] frame = StateCodec.encode(STATE, true);
        assertThat(hex(frame)).isEqualTo(STATE_BYTES.replace(" ", "").replace("02030201", "02030203"));
        assertThat(StateCodec.replicates(frame)).isTrue();
        assertThat(StateCodec.decode(frame)).isEqualTo(STATE);
        assertThat(StateCodec.replicates(StateCodec.encode(STATE, false))).isFalse();
        assertThat(StateCodec.replicates(bytes(STATE_BYTES))).isFalse();
    }

    @Test
    void theProtocolShowsTheGoldenStateAndTheGoldenChunk() throws IOException {
        String protocol = Files.readString(Path.of("../docs/protocol.md"));
        assertThat(protocol.replaceAll("\\s", "")).contains(STATE_BYTES.replace(" ", ""), CHUNK_BYTES.replace(" ", ""));
    }

    @Test
    void theProtocolShowsWhatOperatorsSayAndWhatTheyAreAnswered() throws IOException {
        String protocol = Files.readString(Path.of("../docs/protocol.md"));
        String section = protocol.substring(protocol.indexOf("### Operators"), protocol.indexOf("### With a server"));
        BinaryStarStats stats = new BinaryStarStats(
                Role.PRIMARY,
                StarState.PASSIVE,
                7,
                false,
                true,
                StarState.ACTIVE,
                false,
                null,
                1,
                0,
                0,
                0,
                0,
                0,
                ReplicationState.FOLLOWING);
        byte[] answer =
                AdminCodec.encode(OperatorAnswer.NOT_ACTIVE, stats, StarWorld.settings(Role.PRIMARY, StarMode.PAIR));
        assertThat(section.replaceAll("\\s", ""))
                .contains("```" + hex(AdminCodec.encode(AdminCodec.Command.STEP_DOWN)) + "```")
                .contains("```" + hex(answer) + "```");
        // and it names all that can be said, in its order
        assertThat(section.replaceAll("\\s+", " "))
                .contains("one of " + named(AdminCodec.Command.values()) + ", in ASCII")
                .contains("one of " + named(OperatorAnswer.values()) + ";");
        AdminCodec.Answer read = AdminCodec.decodeAnswer(answer);
        assertThat(read).isNotNull();
        String[] names =
                read.status().lines().map(line -> line.replaceAll("=.*", "")).toArray(String[]::new);
        assertThat(section.replaceAll("\\s+", " ")).contains("in this order: " + named(names) + ";");
    }

    private static String named(Object[] names) {
        return Arrays.stream(names).map(name -> "`" + name + "`").collect(Collectors.joining(", "));
    }

    @Test
    void theGoldenChunkIsWrittenAndReadByteForByte() {
        assertThat(hex(StreamCodec.encode(CHUNK))).isEqualTo(CHUNK_BYTES.replace(" ", ""));
        assertThat(StreamCodec.decode(bytes(CHUNK_BYTES))).isEqualTo(CHUNK);
    }

    @Test
    void theGoldenLeaseMessagesAreWrittenAndReadByteForByte() {
        assertThat(hex(LeaseCodec.encode(ASK))).isEqualTo(ASK_BYTES.replace(" ", ""));
        assertThat(LeaseCodec.decodeRequest(bytes(ASK_BYTES))).isEqualTo(ASK);
        assertThat(hex(LeaseCodec.encode(REFUSAL))).isEqualTo(REFUSAL_BYTES.replace(" ", ""));
        assertThat(LeaseCodec.decodeAnswer(bytes(REFUSAL_BYTES))).isEqualTo(REFUSAL);
        LeaseRequest release = new LeaseRequest("", NODE, true, 6, 0, 0);
        assertThat(LeaseCodec.decodeRequest(LeaseCodec.encode(release))).isEqualTo(release);
        LeaseAnswer grant = new LeaseAnswer("größe", NODE, true, 6, 0, 0);
        assertThat(LeaseCodec.decodeAnswer(LeaseCodec.encode(grant))).isEqualTo(grant);
    }

    @Test
    void aRequestIsNoAnswerAndAnAnswerNoRequest() {
        assertThat(LeaseCodec.decodeAnswer(bytes(ASK_BYTES))).isNull();
        assertThat(LeaseCodec.decodeRequest(bytes(REFUSAL_BYTES))).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void everyStateIsReadAsItWasWritten(StarState state) {
        for (Role role : Role.values()) {
            for (StarMode mode : StarMode.values()) {
                long epoch = Epochs.next(role, 20);
                PeerState said = new PeerState(role, state, epoch, NODE, mode, 1, 2, 0, false, 9, 0, "", "p", "");
                boolean possible = state == StarState.initial(role) || state.number() >= StarState.ACTIVE.number();
                assertThat(StateCodec.decode(StateCodec.encode(said))).isEqualTo(possible ? said : null);
            }
        }
    }

    @Test
    void aServerThatIsActiveInAnEpochOfTheOtherIsNotBelieved() {
        for (long epoch : new long[] {0, 8, -1, Epochs.MAX + 1}) {
            PeerState said = new PeerState(
                    Role.BACKUP, StarState.ACTIVE, epoch, NODE, StarMode.PAIR, 1, 2, 0, true, 1, 0, "", "p", "");
            assertThat(StateCodec.decode(StateCodec.encode(said))).isNull();
        }
    }

    @Test
    void namesThatDoNotFitAreRefusedBeforeTheyAreSent() {
        assertThatThrownBy(() -> StateCodec.encode(naming("x".repeat(1_025), "", "")))
                .hasMessageContaining("frontend")
                .hasMessageContaining("1025");
        assertThatThrownBy(() -> StateCodec.encode(naming("", "x".repeat(256), "")))
                .hasMessageContaining("pair")
                .hasMessageContaining("256");
        assertThatThrownBy(() -> StateCodec.encode(naming("", "", "x".repeat(1_025))))
                .hasMessageContaining("witness")
                .hasMessageContaining("1025");
        assertThatThrownBy(() -> LeaseCodec.encode(new LeaseRequest("x".repeat(256), NODE, false, 1, 0, 0)))
                .hasMessageContaining("pair")
                .hasMessageContaining("256");
    }

    @Test
    void theLongestNamesAreReadAndLongerOnesAreNot() {
        PeerState longest = naming("x".repeat(1_024), "x".repeat(255), "x".repeat(1_024));
        assertThat(StateCodec.decode(StateCodec.encode(longest))).isEqualTo(longest);
        assertThat(named(1_024, 255, 1_024)).isEqualTo(longest);
        assertThat(named(1_025, 255, 1_024)).isNull();
        assertThat(named(1_024, 256, 1_024)).isNull();
        assertThat(named(1_024, 255, 1_025)).isNull();
    }

    private static @Nullable PeerState named(int frontendBytes, int pairBytes, int witnessBytes) {
        byte[] nameless = StateCodec.encode(naming("", "", ""));
        byte[] frame = Arrays.copyOf(nameless, nameless.length + frontendBytes + pairBytes + witnessBytes);
        Arrays.fill(frame, nameless.length, frame.length, (byte) 'x');
        ByteBuffer lengths = ByteBuffer.wrap(frame, StateCodec.HEADER - 6, 6);
        lengths.putShort((short) frontendBytes).putShort((short) pairBytes).putShort((short) witnessBytes);
        return StateCodec.decode(frame);
    }

    private static PeerState naming(String frontend, String pair, String witness) {
        return new PeerState(
                Role.BACKUP, StarState.BACKUP, 0, NODE, StarMode.PAIR, 1, 2, 0, true, 1, 0, frontend, pair, witness);
    }

    @ParameterizedTest
    @EnumSource
    void theGuidesDigitStandsForItsState(StarState state) {
        byte[] frame = GuideStateCodec.encode(state);
        assertThat(new String(frame, US_ASCII)).isEqualTo(Integer.toString(state.number()));
        assertThat(GuideStateCodec.decode(frame)).isEqualTo(state);
    }

    @ParameterizedTest
    @EnumSource
    void theGuidesServerHearsOfAPassiveOneOnlyWhileItIsActive(StarState own) {
        for (StarState peer : StarState.values()) {
            boolean silent = own == StarState.PASSIVE && peer != StarState.ACTIVE;
            assertThat(GuideStateCodec.say(own, peer)).isEqualTo(silent ? null : GuideStateCodec.encode(own));
        }
        assertThat(GuideStateCodec.say(own, null) == null).isEqualTo(own == StarState.PASSIVE);
    }

    @Test
    void whatIsNoDigitOfTheGuideIsNotBelieved() {
        for (String rubbish : List.of("", "0", "5", "11", " 1", "x")) {
            assertThat(GuideStateCodec.decode(rubbish.getBytes(US_ASCII))).isNull();
        }
        assertThat(GuideStateCodec.decode(new byte[] {(byte) 0xFF})).isNull();
    }

    @Test
    void everyTruncationAndEveryExtensionIsRefused() {
        for (String golden : List.of(STATE_BYTES, ASK_BYTES, REFUSAL_BYTES, CHUNK_BYTES)) {
            byte[] whole = bytes(golden);
            for (int length = 0; length <= whole.length + 2; length++) {
                if (length != whole.length) {
                    byte[] cut = Arrays.copyOf(whole, length);
                    assertThat(StateCodec.decode(cut)).isNull();
                    assertThat(LeaseCodec.decodeRequest(cut)).isNull();
                    assertThat(LeaseCodec.decodeAnswer(cut)).isNull();
                    assertThat(StreamCodec.decode(cut)).isNull();
                }
            }
        }
    }

    @Test
    void whateverTheBytesReadersReturnSomethingThatCanBeWrittenAgainOrNothing() {
        fuzz(STATE_BYTES, StateCodec::decode, StateCodec::encode);
        fuzz(ASK_BYTES, LeaseCodec::decodeRequest, LeaseCodec::encode);
        fuzz(REFUSAL_BYTES, LeaseCodec::decodeAnswer, LeaseCodec::encode);
        fuzz(CHUNK_BYTES, StreamCodec::decode, StreamCodec::encode);
    }

    private static <T> void fuzz(String golden, Function<byte[], @Nullable T> decode, Function<T, byte[]> encode) {
        SplittableRandom random = new SplittableRandom(SEED);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] frame = bytes(golden);
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
            }
            if (random.nextInt(8) == 0) {
                frame = Arrays.copyOf(frame, random.nextInt(2 * frame.length));
            }
            T message = decode.apply(frame);
            if (message != null) {
                read++;
                if (!message.equals(decode.apply(encode.apply(message)))) {
                    throw new AssertionError("seed " + SEED + " round " + round + " " + hex(frame));
                }
            }
        }
        assertThat(read).as("messages read, so that damages went deep").isGreaterThan(ROUNDS / 20);
    }

    private static byte[] bytes(String hex) {
        return HexFormat.of().parseHex(hex.replace(" ", ""));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
