package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.wire.PeerId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is written can be read, and nothing that is damaged does harm. */
class WireTest {

    private static final long ROUNDS = Long.getLong("fuzz.rounds", 20_000);

    static Stream<Control> messages() {
        return Stream.of(
                new Control.Hello(new PeerId(1, -2), "näme", List.of("", "a", "ü")),
                new Control.Confirm(-1),
                new Control.Ask(7, 1, 9, 1 << 20, "topic"),
                new Control.SubscriberBeat(),
                new Control.Done(3),
                new Control.Leave(),
                new Control.Welcome(5, 1_000),
                new Control.Refused(Control.Refusal.NAME_TAKEN),
                new Control.Refused(Control.Refusal.TOO_MANY_SUBSCRIBERS),
                new Control.Answered(5, 9, "topic"),
                new Control.PublisherBeat());
    }

    private static @Nullable Control decode(byte[] frame) {
        Control ofSubscriber = Control.decodeOfSubscriber(frame);
        Control ofPublisher = Control.decodeOfPublisher(frame);
        assertThat(ofSubscriber == null || ofPublisher == null).isTrue();
        return ofSubscriber != null ? ofSubscriber : ofPublisher;
    }

    @ParameterizedTest
    @MethodSource("messages")
    void controlMessagesAreReadAsTheyWereWritten(Control message) {
        byte[] frame = Control.encode(message);
        assertThat(decode(frame)).isEqualTo(message);
        assertThat(decode(Arrays.copyOf(frame, frame.length + 1))).isNull();
        for (int length = 0; length < frame.length; length++) {
            assertThat(decode(Arrays.copyOf(frame, length)))
                    .as("%d bytes", length)
                    .isNull();
        }
    }

    /** Two messages of one topic, as a publisher sends them. */
    private static byte[] messagesFrame() {
        Outgoing outgoing = new Outgoing("publisher", 42, 10, 100, 1_000, 10);
        outgoing.add("täglich", "eins".getBytes(UTF_8));
        outgoing.add("täglich", new byte[0]);
        ArrayDeque<Outgoing.Frame> frames = new ArrayDeque<>();
        outgoing.take(frames, 10);
        assertThat(frames).hasSize(1);
        return frames.remove().stamped(-7);
    }

    @Test
    void messagesStandBehindTheirTopicWhereTheDocumentSays() {
        byte[] frame = messagesFrame();
        int topicBytes = "täglich".getBytes(UTF_8).length;
        assertThat(new String(frame, 0, topicBytes, UTF_8)).isEqualTo("täglich");
        assertThat(Arrays.copyOfRange(frame, topicBytes, topicBytes + 5)).containsExactly(0, 'P', 'S', 1, 1);
        assertThat(Arrays.copyOfRange(frame, topicBytes + 29, frame.length))
                .containsExactly(0, 0, 0, 4, 'e', 'i', 'n', 's', 0, 0, 0, 0);
        assertThat(DataFrame.decode(frame)).isInstanceOfSatisfying(DataFrame.Messages.class, messages -> {
            assertThat(messages.topic()).isEqualTo("täglich");
            assertThat(messages.incarnation()).isEqualTo(42);
            assertThat(messages.stampNanos()).isEqualTo(-7);
            assertThat(messages.run().first()).isEqualTo(1);
            assertThat(messages.run().count()).isEqualTo(2);
            assertThat(messages.run().last()).isEqualTo(2);
        });
    }

    @Test
    void messagesThatAreSentAgainAreTheSame() {
        DataFrame.Messages sent = (DataFrame.Messages) Objects.requireNonNull(DataFrame.decode(messagesFrame()));
        byte[] frame = Control.encode(new Control.Again(42, "täglich", sent.run()));
        assertThat(decode(frame)).isInstanceOfSatisfying(Control.Again.class, again -> {
            assertThat(again.topic()).isEqualTo("täglich");
            assertThat(again.run().first()).isEqualTo(1);
            assertThat(again.run().count()).isEqualTo(2);
        });
        assertThat(decode(Arrays.copyOf(frame, frame.length - 3))).isNull();
    }

    @Test
    void listsOfPositionsAreReadAsTheyWereWritten() {
        DataFrame.Positions list =
                new DataFrame.Positions("t", 42, 7, 3, true, false, 1, 2, List.of(new DataFrame.Position("tü", 9)));
        byte[] frame = DataFrame.encode(list);
        assertThat(DataFrame.decode(frame)).isEqualTo(list);
        DataFrame.Positions alien =
                new DataFrame.Positions("t", 42, 7, 3, true, false, 0, 1, List.of(new DataFrame.Position("other", 9)));
        assertThat(DataFrame.decode(DataFrame.encode(alien))).isNull();
        DataFrame.Positions partless = new DataFrame.Positions("", 42, 7, 3, true, true, 1, 1, List.of());
        assertThat(DataFrame.decode(DataFrame.encode(partless))).isNull();
    }

    @Test
    void whatAPlainPublisherSendsIsNoneOfOurs() {
        for (String text :
                List.of("", "weather rain", "topic\0", "\0", "topic\0with something behind it, of some length")) {
            assertThat(DataFrame.decode(text.getBytes(UTF_8))).isNull();
        }
    }

    @Test
    void damagedFramesAreReadOrRefusedAndNothingIsThrown() {
        long seed = Long.getLong("fuzz.seed", System.nanoTime());
        System.err.println("WireTest -Dfuzz.seed=" + seed);
        SplittableRandom random = new SplittableRandom(seed);
        List<byte[]> frames = Stream.concat(
                        messages().map(Control::encode),
                        Stream.of(
                                messagesFrame(),
                                DataFrame.encode(new DataFrame.Positions(
                                        "", 1, 2, 3, true, true, 0, 1, List.of(new DataFrame.Position("t", 5))))))
                .toList();
        for (long round = 0; round < ROUNDS; round++) {
            byte[] frame = frames.get(random.nextInt(frames.size())).clone();
            for (int damage = random.nextInt(4); damage >= 0; damage--) {
                frame[random.nextInt(frame.length)] = (byte) random.nextInt();
            }
            byte[] damaged = Arrays.copyOf(frame, 1 + random.nextInt(frame.length + 4));
            decode(damaged);
            DataFrame read = DataFrame.decode(damaged);
            if (read instanceof DataFrame.Messages messages) {
                Run run = messages.run();
                assertThat(run.offsetOf(run.last() + 1))
                        .as("seed %d round %d", seed, round)
                        .isEqualTo(damaged.length);
            }
        }
    }

    @Test
    void topicsAreWholeTextsWithoutNulAndNotTooLong() {
        assertThat(Topics.checkedTopic("ü".repeat(127))).hasSize(254);
        for (String bad : List.of("", "a\0b", "\ud800", "ü".repeat(128))) {
            assertThatThrownBy(() -> Topics.checkedTopic(bad)).isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(Topics.decode(new byte[] {(byte) 0xC3}, 0, 1)).isNull();
        assertThat(Topics.decode(new byte[300], 0, 300)).isNull();
    }

    @Test
    void neighboursOfOneTopicShareAFrameAndTheOrderOfAllIsKept() {
        Outgoing outgoing = new Outgoing("publisher", 42, 10, 1 << 20, 1 << 20, 3);
        for (String topic : List.of("a", "a", "a", "a", "b", "a")) {
            outgoing.add(topic, new byte[1]);
        }
        outgoing.add("a", new byte[Outgoing.FRAME_BYTES_MAX]);
        outgoing.add("a", new byte[1]);
        ArrayDeque<Outgoing.Frame> frames = new ArrayDeque<>();
        outgoing.take(frames, 2);
        assertThat(frames).hasSize(2);
        outgoing.take(frames, 100);
        assertThat(frames.stream()
                        .map(it ->
                                it.topic() + it.run().first() + "x" + it.run().count()))
                .containsExactly("a1x3", "a4x1", "b1x1", "a5x1", "a6x1", "a7x1");
        outgoing.take(frames, 100);
        assertThat(frames).hasSize(6);
    }
}
