package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The messages between brokers, byte for byte, and what becomes of damaged ones. {@code -Dfuzz.seed=N} repeats a run. */
class CapacityCodecTest {

    private static final long SEED = Long.getLong("fuzz.seed", 20_261_123L);
    private static final int ROUNDS = Integer.getInteger("fuzz.rounds", 100_000);
    private static final PeerId LIFE = new PeerId(0x0011223344556677L, 0x8899aabbccddeeffL);
    private static final PeerId OTHER = new PeerId(0xffeeddccbbaa9988L, 0x7766554433221100L);
    private static final List<String> STATE = List.of("tcp://w:1");
    private static final List<String> CLOUD = List.of("tcp://w:2");
    private static final int FLAGS = 4;
    private static final int SERVICES = 6;
    private static final int HELD = 8;
    private static final int PEERS = 10;

    private static final CapacityMessage LEAST = message(false, false, 1, List.of(), List.of(), List.of());
    private static final CapacityMessage LEAVING =
            message(false, true, -1, List.of(new Service("a", 0, 0, 0)), List.of(), List.of());
    private static final CapacityMessage ALL = new CapacityMessage(
            true,
            false,
            LIFE,
            258,
            "west",
            List.of("tcp://w:1", "tcp://v:1"),
            List.of("tcp://w:2", "tcp://v:2"),
            List.of(new Service("", 7, 2, 0), new Service("größe", 0, 0, 300)),
            List.of(new Held(LIFE, "", 2), new Held(OTHER, "größe", 65_536)),
            List.of(
                    new Contact("east-1", List.of("tcp://e:1")),
                    new Contact("n.0_x", List.of("tcp://[::1]:1", "tcp://n:1"))));
    private static final Contact INTRODUCTION = new Contact("west", List.of("tcp://w:1", "tcp://v:1"));

    private final Map<String, byte[]> vectors = vectors();

    private static CapacityMessage message(
            boolean full,
            boolean leaving,
            long sequence,
            List<Service> services,
            List<Held> held,
            List<Contact> peers) {
        return new CapacityMessage(full, leaving, LIFE, sequence, "west", STATE, CLOUD, services, held, peers);
    }

    private static Map<String, byte[]> vectors() {
        Map<String, byte[]> vectors = new HashMap<>();
        String name = "";
        StringBuilder hex = new StringBuilder();
        for (String line : lines()) {
            if (line.endsWith(":")) {
                name = line.substring(0, line.length() - 1);
                hex.setLength(0);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                hex.append(line.strip());
                vectors.put(name, HexFormat.of().parseHex(hex));
            }
        }
        return vectors;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(Path.of("src/test/resources/capacity-vectors.txt"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private byte[] vector(String name) {
        byte[] bytes = vectors.get(name);
        if (bytes == null) {
            throw new AssertionError("no vector " + name);
        }
        return bytes.clone();
    }

    @Test
    void theGoldenMessagesAreWrittenAndReadByteForByte() {
        Map<String, CapacityMessage> golden = Map.of("least", LEAST, "all", ALL, "leaving", LEAVING);
        golden.forEach((name, message) -> {
            assertThat(CapacityCodec.encode(message)).as(name).isEqualTo(vector(name));
            assertThat(CapacityCodec.decode(vector(name))).as(name).isEqualTo(message);
            assertThat(CapacityCodec.otherVersion(vector(name))).isNegative();
        });
        assertThat(IntroductionCodec.encode(INTRODUCTION)).isEqualTo(vector("introduction"));
        assertThat(IntroductionCodec.decode(vector("introduction"))).isEqualTo(INTRODUCTION);
        assertThat(vectors).hasSize(4);
    }

    @Test
    void everyTruncationIsRefusedAndWhatFollowsIsNotLookedAt() {
        for (String name : vectors.keySet()) {
            byte[] whole = vector(name);
            for (int length = 0; length < whole.length; length++) {
                byte[] cut = Arrays.copyOf(whole, length);
                assertThat(CapacityCodec.decode(cut)).isNull();
                assertThat(IntroductionCodec.decode(cut)).isNull();
            }
        }
        byte[] longer = Arrays.copyOf(vector("all"), vector("all").length + 100);
        assertThat(CapacityCodec.decode(longer)).isEqualTo(ALL);
        byte[] longerTopic = Arrays.copyOf(vector("introduction"), 200);
        assertThat(IntroductionCodec.decode(longerTopic)).isEqualTo(INTRODUCTION);
        assertThat(CapacityCodec.decode(vector("introduction"))).isNull();
        assertThat(IntroductionCodec.decode(vector("least"))).isNull();
    }

    @Test
    void whatIsReservedIsNotLookedAt() {
        byte[] frame = vector("least");
        frame[FLAGS] |= (byte) 0xFC;
        frame[FLAGS + 1] = 77;
        assertThat(CapacityCodec.decode(frame)).isEqualTo(LEAST);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2, 255})
    void anotherVersionIsRecognisedAndNotRead(int version) {
        byte[] frame = vector("all");
        frame[3] = (byte) version;
        assertThat(CapacityCodec.decode(frame)).isNull();
        assertThat(CapacityCodec.otherVersion(frame)).isEqualTo(version);
        assertThat(CapacityCodec.otherVersion(Arrays.copyOf(frame, 4))).isEqualTo(version);
        assertThat(CapacityCodec.otherVersion(Arrays.copyOf(frame, 3))).isNegative();
        frame[0] = 'X';
        assertThat(CapacityCodec.otherVersion(frame)).isNegative();
    }

    @Test
    void countsBeyondTheirBoundsAreRefusedWhateverFollows() {
        for (int field : new int[] {SERVICES, HELD, PEERS}) {
            byte[] frame = Arrays.copyOf(vector("all"), 1 << 18);
            frame[field] = (byte) 0xFF;
            assertThat(CapacityCodec.decode(frame)).isNull();
        }
    }

    @Test
    void contradictionsAreRefused() {
        Contact east = new Contact("east", STATE);
        assertThat(decoded(message(false, false, 0, List.of(), List.of(), List.of())))
                .as("sequence 0")
                .isNull();
        assertThat(decoded(message(false, false, 1, List.of(), List.of(), List.of(east))))
                .as("peers, and not full")
                .isNull();
        Service service = new Service("a", 1, 0, 1);
        assertThat(decoded(message(false, false, 1, List.of(service, service), List.of(), List.of())))
                .as("one service twice")
                .isNull();
        Held none = new Held(OTHER, "a", 0);
        assertThat(decoded(message(false, false, 1, List.of(service), List.of(none), List.of())))
                .as("held none")
                .isNull();
        for (List<String> endpoints : List.of(
                List.<String>of(),
                List.of("tcp://a:1", "tcp://a:1"),
                List.of("tcp://a:1", "tcp://b:1", "tcp://c:1"),
                List.of("ipc://a"),
                List.of("tcp://a:0"),
                List.of("tcp://a:*"),
                List.of("tcp://a b:1"),
                List.of("tcp://größe:1"))) {
            assertThat(decoded(at("west", LIFE, endpoints)))
                    .as(endpoints.toString())
                    .isNull();
        }
        for (String name : List.of("", "a b", "größe", "x".repeat(64), "a\n")) {
            assertThat(decoded(at(name, LIFE, STATE))).as(name).isNull();
        }
        assertThat(decoded(at("west", new PeerId(0, 0), STATE))).isNull();
        assertThat(decoded(at("x".repeat(63), LIFE, STATE))).isNotNull();
    }

    private static CapacityMessage at(String name, PeerId life, List<String> endpoints) {
        return new CapacityMessage(false, false, life, 1, name, endpoints, CLOUD, List.of(), List.of(), List.of());
    }

    private static @Nullable CapacityMessage decoded(CapacityMessage message) {
        return CapacityCodec.decode(CapacityCodec.encode(message));
    }

    @Test
    void anIndexBeyondTheServicesAndTextThatIsNoneAreRefused() {
        byte[] frame = vector("all");
        int index = indexOf(frame, LIFE.bytes(), 20) + 16;
        frame[index + 1] = 2;
        assertThat(CapacityCodec.decode(frame)).isNull();
        byte[] garbled = vector("all");
        garbled[indexOf(garbled, new byte[] {'g', 'r'}, 0) + 2] = (byte) 0xFF;
        assertThat(CapacityCodec.decode(garbled)).isNull();
    }

    private static int indexOf(byte[] all, byte[] part, int from) {
        return IntStream.range(from, all.length - part.length)
                .filter(at -> Arrays.equals(all, at, at + part.length, part, 0, part.length))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void numbersThatCannotBeHeldAreTheGreatestThatCan() {
        Service service = new Service("a", -1, 0, Integer.MIN_VALUE);
        Held held = new Held(OTHER, "a", -1);
        CapacityMessage read = decoded(message(false, false, 1, List.of(service), List.of(held), List.of()));
        assertThat(read)
                .isEqualTo(message(
                        false,
                        false,
                        1,
                        List.of(new Service("a", Integer.MAX_VALUE, 0, Integer.MAX_VALUE)),
                        List.of(new Held(OTHER, "a", Integer.MAX_VALUE)),
                        List.of()));
    }

    @Test
    void theLongestMessageIsReadAndALongerOneIsNotWritten() {
        String endpoint = "tcp://" + "h".repeat(244) + ":1";
        List<Service> services = new ArrayList<>();
        for (int i = 0; i < 256; i++) {
            services.add(new Service(Integer.toString(i) + "s".repeat(252), i, 0, i));
        }
        List<Held> held = new ArrayList<>();
        for (int i = 0; i < 4_096; i++) {
            held.add(new Held(new PeerId(1, i), services.get(i % 256).name(), 1 + i));
        }
        List<Contact> peers = new ArrayList<>();
        for (int i = 0; i < 64; i++) {
            peers.add(new Contact("p" + i + "x".repeat(60), List.of(endpoint + (i + 10), endpoint + (i + 100))));
        }
        CapacityMessage longest = message(true, false, 1, services, held, peers);
        assertThat(CapacityCodec.encode(longest)).hasSizeLessThan(CapacityCodec.FRAME_BYTES_MAX);
        assertThat(decoded(longest)).isEqualTo(longest);
        services.add(new Service("one more", 1, 0, 1));
        assertThatThrownBy(() -> decoded(message(true, false, 1, services, List.of(), List.of())))
                .hasMessageContaining("services")
                .hasMessageContaining("257");
        held.add(new Held(OTHER, services.get(0).name(), 1));
        assertThatThrownBy(() -> decoded(message(true, false, 1, services.subList(0, 1), held, List.of())))
                .hasMessageContaining("held")
                .hasMessageContaining("4097");
        peers.add(peers.get(0));
        assertThatThrownBy(() -> decoded(message(true, false, 1, List.of(), List.of(), peers)))
                .hasMessageContaining("peers")
                .hasMessageContaining("65");
        assertThatThrownBy(() -> decoded(message(true, false, 1, List.of(), held.subList(0, 1), List.of())))
                .hasMessageContaining("held");
        assertThatThrownBy(() -> decoded(at("x".repeat(256), LIFE, STATE))).hasMessageContaining("256");
    }

    @Test
    void theLongestIntroductionFitsIntoASubscription() {
        String endpoint = "tcp://" + "h".repeat(246) + ":1";
        Contact longest = new Contact("x".repeat(63), List.of(endpoint + "1", endpoint + "2"));
        byte[] topic = IntroductionCodec.encode(longest);
        assertThat(topic).hasSizeLessThan(1_024);
        assertThat(IntroductionCodec.decode(topic)).isEqualTo(longest);
    }

    @Test
    void whateverTheBytesReadersReturnSomethingThatCanBeWrittenAgainOrNothing() {
        SplittableRandom random = new SplittableRandom(SEED);
        int read = 0;
        for (int round = 0; round < ROUNDS; round++) {
            byte[] frame = damaged(vector(random.nextBoolean() ? "all" : "introduction"), random);
            CapacityMessage message = CapacityCodec.decode(frame);
            Contact contact = IntroductionCodec.decode(frame);
            boolean same = (message == null || message.equals(decoded(message)))
                    && (contact == null || contact.equals(IntroductionCodec.decode(IntroductionCodec.encode(contact))));
            read += message == null && contact == null ? 0 : 1;
            if (!same) {
                throw new AssertionError("seed " + SEED + " round " + round + " "
                        + HexFormat.of().formatHex(frame));
            }
        }
        assertThat(read).as("messages read, so that damages went deep").isGreaterThan(ROUNDS / 20);
    }

    private static byte[] damaged(byte[] frame, SplittableRandom random) {
        for (int damage = random.nextInt(4); damage >= 0; damage--) {
            frame[random.nextInt(frame.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return random.nextInt(8) == 0 ? Arrays.copyOf(frame, random.nextInt(2 * frame.length)) : frame;
    }

    @Test
    void garbageBehindAGoodBeginningIsReadInBoundedTimeAndSpace() {
        SplittableRandom random = new SplittableRandom(SEED);
        for (int round = 0; round < 200; round++) {
            byte[] frame = new byte[CapacityCodec.FRAME_BYTES_MAX];
            random.nextBytes(frame);
            System.arraycopy(vector("all"), 0, frame, 0, 36 + random.nextInt(40));
            frame[SERVICES] = (byte) random.nextInt(2);
            frame[HELD] = (byte) random.nextInt(17);
            frame[PEERS + 1] = (byte) random.nextInt(65);
            assertThat(CapacityCodec.decode(frame)).isNull();
        }
    }
}
