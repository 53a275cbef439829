package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@link PeerState} as one frame, big-endian:
 *
 * <pre>
 *  0 'P' 'R' 'S' version  4 role u8  5 state u8  6 mode u8  7 flags u8: 1 can serve, 2 replicates
 *  8 epoch u64  16 nodeId 16 bytes  32 sequence u64  40 echo u64
 * 48 heartbeatMillis u32  52 failoverMillis u32  56 leaseMillis u32
 * 60 frontend length u16  62 pair length u16  64 witness length u16
 * 66 frontend, pair and witness in UTF-8, one behind the other, to the end of the frame
 * </pre>
 *
 * <p>Role is 1 primary, 2 backup; state is the Guide's number; mode is 1 pair, 2 pair with witness, 3 manual.
 */
final class StateCodec {

    /** What the frontend and the address of the witness may take. */
    static final int ENDPOINT_BYTES_MAX = 1_024;

    static final int HEADER = 66;

    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'S' << 8 | 1;
    private static final int FLAGS = 7;
    private static final int CAN_SERVE = 1;
    private static final int REPLICATES = 2;
    private static final Role[] ROLES = Role.values();
    private static final StarState[] STATES = StarState.values();
    private static final StarMode[] MODES = StarMode.values();

    private StateCodec() {}

    /**
     * Returns the frame that says {@code state}.
     *
     * @throws IllegalArgumentException if one of its texts is longer than it may be
     */
    static byte[] encode(PeerState state) {
        byte[] frontend = bytes("frontend", state.frontend(), ENDPOINT_BYTES_MAX);
        byte[] pair = bytes("pair", state.pair(), LeaseCodec.PAIR_BYTES_MAX);
        byte[] witness = bytes("witness", state.witness(), ENDPOINT_BYTES_MAX);
        return ByteBuffer.allocate(HEADER + frontend.length + pair.length + witness.length)
                .putInt(MAGIC)
                .put((byte) state.role().number())
                .put((byte) state.state().number())
                .put((byte) state.mode().number())
                .put((byte) (state.canServe() ? CAN_SERVE : 0))
                .putLong(state.epoch())
                .put(state.nodeId().bytes())
                .putLong(state.sequence())
                .putLong(state.echo())
                .putInt(state.heartbeatMillis())
                .putInt(state.failoverMillis())
                .putInt(state.leaseMillis())
                .putShort((short) frontend.length)
                .putShort((short) pair.length)
                .putShort((short) witness.length)
                .put(frontend)
                .put(pair)
                .put(witness)
                .array();
    }

    /**
     * Returns the frame that says {@code state}, and besides, for it decides nothing, whether the sender's service is to be
     * known to the receiver.
     */
    static byte[] encode(PeerState state, boolean replicates) {
        byte[] frame = encode(state);
        frame[FLAGS] |= (byte) (replicates ? REPLICATES : 0);
        return frame;
    }

    /** Returns what a frame that {@link #decode} has read says besides. */
    static boolean replicates(byte[] frame) {
        return (frame[FLAGS] & REPLICATES) != 0;
    }

    private static byte[] bytes(String what, String text, int bytesMax) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (bytes.length > bytesMax) {
            throw new IllegalArgumentException(what + " must be of at most " + bytesMax + " bytes: " + bytes.length);
        }
        return bytes;
    }

    /** Returns what {@code frame} says, or {@code null} if it is no state message of this version. */
    static @Nullable PeerState decode(byte[] frame) {
        if (frame.length < HEADER) {
            return null;
        }
        ByteBuffer in = ByteBuffer.wrap(frame);
        int magic = in.getInt();
        Role role = pick(ROLES, in.get());
        StarState state = pick(STATES, in.get());
        StarMode mode = pick(MODES, in.get());
        int flags = in.get();
        if (magic != MAGIC || role == null || state == null || mode == null) {
            return null;
        }
        long epoch = in.getLong();
        PeerId nodeId = new PeerId(in.getLong(), in.getLong());
        long sequence = in.getLong();
        long echo = in.getLong();
        int heartbeatMillis = in.getInt();
        int failoverMillis = in.getInt();
        int leaseMillis = in.getInt();
        boolean sound = Epochs.isValid(epoch)
                && sequence > 0
                && echo >= 0
                && heartbeatMillis > 0
                && failoverMillis > 0
                && leaseMillis >= 0
                && isOf(role, state, epoch);
        int frontendBytes = in.getShort() & 0xFFFF;
        int pairBytes = in.getShort() & 0xFFFF;
        int witnessBytes = in.getShort() & 0xFFFF;
        String frontend = text(frame, HEADER, frontendBytes, ENDPOINT_BYTES_MAX);
        String pair = text(frame, HEADER + frontendBytes, pairBytes, LeaseCodec.PAIR_BYTES_MAX);
        String witness = text(frame, HEADER + frontendBytes + pairBytes, witnessBytes, ENDPOINT_BYTES_MAX);
        boolean whole = frame.length == HEADER + frontendBytes + pairBytes + witnessBytes;
        if (!sound || !whole || frontend == null || pair == null || witness == null) {
            return null;
        }
        boolean canServe = (flags & CAN_SERVE) != 0;
        return new PeerState(
                role,
                state,
                epoch,
                nodeId,
                mode,
                heartbeatMillis,
                failoverMillis,
                leaseMillis,
                canServe,
                sequence,
                echo,
                frontend,
                pair,
                witness);
    }

    /** Only a primary stands at PRIMARY, and who is active is so in an epoch of its own. */
    private static boolean isOf(Role role, StarState state, long epoch) {
        return switch (state) {
            case PRIMARY, BACKUP -> state == StarState.initial(role);
            case ACTIVE -> epoch != Epochs.NONE && Epochs.wasLastActive(role, epoch);
            case PASSIVE -> true;
        };
    }

    /** Returns the text of {@code length} bytes in {@code frame}, or {@code null} if there is no such or it is too long. */
    static @Nullable String text(byte[] frame, int at, int length, int bytesMax) {
        if (frame.length - at < length || length > bytesMax) {
            return null;
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(frame, at, length))
                    .toString();
        } catch (CharacterCodingException e) {
            return null; // Not UTF-8: refused like any other rubbish.
        }
    }

    private static <T> @Nullable T pick(T[] all, byte number) {
        return number >= 1 && number <= all.length ? all[number - 1] : null;
    }
}
