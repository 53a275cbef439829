package io.privateer.binarystar;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What operators say to a server at its state endpoint, and what it answers; one frame each.
 *
 * <pre>
 * command  0 'P' 'R' 'O' 1  4 the command's name in ASCII
 * answer   0 'P' 'R' 'O' 1  4 "name=value" lines in UTF-8: what became of the command, then how the server stands
 * </pre>
 */
final class AdminCodec {

    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'O' << 8 | 1;
    private static final int HEADER = 4;
    private static final String OUTCOME = "answer=";

    private AdminCodec() {}

    /** What can be asked for. */
    enum Command {
        STATUS,
        PROMOTE,
        STEP_DOWN,
        FAIL_BACK
    }

    /** An answer as it came. */
    record Answer(OperatorAnswer outcome, String status) {}

    static byte[] encode(Command command) {
        return frame(command.name());
    }

    /** Returns the command, or {@code null} if the frame is none. */
    static @Nullable Command decodeCommand(byte[] frame) {
        String name = text(frame);
        for (Command command : Command.values()) {
            if (command.name().equals(name)) {
                return command;
            }
        }
        return null;
    }

    static byte[] encode(OperatorAnswer outcome, BinaryStarStats stats, StarSettings settings) {
        return frame(OUTCOME + outcome + "\n" + text(stats) + "\n" + text(settings));
    }

    /** Returns the answer, or {@code null} if the frame is none. */
    static @Nullable Answer decodeAnswer(byte[] frame) {
        String text = text(frame);
        for (OperatorAnswer outcome : OperatorAnswer.values()) {
            String first = OUTCOME + outcome + "\n";
            if (text != null && text.startsWith(first)) {
                return new Answer(outcome, text.substring(first.length()));
            }
        }
        return null;
    }

    private static byte[] frame(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(HEADER + bytes.length)
                .putInt(MAGIC)
                .put(bytes)
                .array();
    }

    private static @Nullable String text(byte[] frame) {
        boolean ours = frame.length >= HEADER && ByteBuffer.wrap(frame).getInt() == MAGIC;
        return ours ? new String(frame, HEADER, frame.length - HEADER, StandardCharsets.UTF_8) : null;
    }

    private static String text(StarSettings settings) {
        return "pair=" + settings.pair()
                + "\nmode=" + settings.mode()
                + "\nheartbeatMillis=" + settings.heartbeatMillis()
                + "\nfailoverMillis=" + settings.failoverMillis()
                + "\nwitness=" + (settings.witness().isEmpty() ? "none" : settings.witness());
    }

    private static String text(BinaryStarStats stats) {
        return "role=" + stats.role()
                + "\nstate=" + stats.state()
                + "\nepoch=" + Long.toUnsignedString(stats.epoch())
                + "\nserving=" + stats.serving()
                + "\ncanServe=" + stats.canServe()
                + "\npeer=" + (stats.peerState() == null ? "never heard" : stats.peerState())
                + "\npeerGone=" + stats.peerGone()
                + "\nmisconfiguration=" + (stats.misconfiguration() == null ? "none" : stats.misconfiguration())
                + "\nactivations=" + stats.activations()
                + "\nvotes=" + stats.votes()
                + "\nreplication=" + stats.replication();
    }
}
