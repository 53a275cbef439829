package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** What a machine under test says to one peer, as text, and what that peer says to the machine. */
final class Wire implements ServerLink.Port {

    static final PeerId BATCH = new PeerId(0, 0xB);

    private final List<byte[]> frames = new ArrayList<>();
    private final List<PlnWriter> writers = new ArrayList<>();
    private final PlnReader reader = new PlnReader();
    final PipeLink link = new PipeLink("peer", newWriter());
    int opened;

    private PlnWriter newWriter() {
        PlnWriter writer = new PlnWriter(frames::add, () -> {});
        writers.add(writer);
        return writer;
    }

    @Override
    public PlnWriter open() {
        opened++;
        frames.clear();
        writers.clear();
        return newWriter();
    }

    @Override
    public void hello(PlnWriter writer) {
        writer.hello(Pln.ROLE_WORKER, new PeerId(0, 1), 1_000, 1, 1, 1, 0);
    }

    /** Returns the records that the machine has said since the last call, each as a word and its numbers. */
    List<String> said() {
        writers.forEach(PlnWriter::flush);
        List<String> said = new ArrayList<>();
        for (byte[] frame : frames) {
            assertThat(reader.open(new byte[][] {frame})).isTrue();
            while (reader.next()) {
                said.add(text(reader));
            }
            assertThat(reader.problem()).isNull();
        }
        frames.clear();
        return said;
    }

    private static String text(PlnReader reader) {
        return switch (reader.type()) {
            case Pln.HELLO -> "HELLO";
            case Pln.WELCOME -> "WELCOME";
            case Pln.HEARTBEAT -> "HEARTBEAT";
            case Pln.GOODBYE -> "GOODBYE";
            case Pln.TASK -> "TASK " + reader.number();
            case Pln.RESULT -> "RESULT " + reader.number();
            case Pln.FAILURE -> "FAILURE " + reader.number() + " " + reader.text();
            case Pln.ACCEPTED -> "ACCEPTED" + ranges(reader);
            case Pln.OPEN -> (reader.flags() & Pln.BEGUN) == 0 ? "OPEN" : "OPEN begun";
            case Pln.STATE -> "STATE " + reader.number() + ranges(reader);
            case Pln.END -> "END " + reader.number();
            case Pln.DONE -> "DONE " + reader.number() + " " + reader.failed();
            case Pln.OVERDUE -> "OVERDUE " + reader.number() + ranges(reader);
            case Pln.STOP -> "STOP";
            case Pln.STOPPED -> "STOPPED";
            case Pln.DRAIN -> "DRAIN";
            case Pln.FORGOTTEN -> "FORGOTTEN";
            default -> "?" + reader.type();
        };
    }

    private static String ranges(PlnReader reader) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < reader.rangeCount(); i++) {
            text.append(' ').append(reader.rangeFirst(i)).append('+').append(reader.rangeNumbers(i));
        }
        return text.toString();
    }

    /** Lets the peer say something, as of that incarnation of the ventilator or sink. */
    static void say(long incarnation, Consumer<PlnWriter> words, Consumer<PlnReader> machine) {
        PlnReader reader = new PlnReader();
        PlnWriter writer = new PlnWriter(
                frame -> {
                    assertThat(reader.open(new byte[][] {frame})).isTrue();
                    while (reader.next()) {
                        machine.accept(reader);
                    }
                    assertThat(reader.problem()).isNull();
                },
                () -> {});
        writer.incarnation(incarnation);
        words.accept(writer);
        writer.flush();
    }

    static RangeList ranges(int... numbers) {
        RangeList ranges = new RangeList();
        for (int number : numbers) {
            ranges.add(number);
        }
        return ranges;
    }
}
