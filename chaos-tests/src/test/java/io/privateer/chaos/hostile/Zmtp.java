package io.privateer.chaos.hostile;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes ZMTP 3.0 with the NULL mechanism byte by byte (RFC 23), correct or not as the caller likes. */
final class Zmtp {

    static final int GREETING_BYTES = 64;

    private static final int MORE = 0x01;
    private static final int LONG = 0x02;
    private static final int COMMAND = 0x04;
    private static final int SHORT_FRAME_BYTES_MAX = 255;

    private Zmtp() {}

    /** Returns the 64 bytes with which both sides begin. */
    static byte[] greeting() {
        byte[] greeting = new byte[GREETING_BYTES];
        greeting[0] = (byte) 0xFF;
        greeting[9] = 0x7F;
        greeting[10] = 3;
        byte[] mechanism = bytes("NULL");
        System.arraycopy(mechanism, 0, greeting, 12, mechanism.length);
        return greeting;
    }

    /** Returns the command that ends a NULL handshake. */
    static byte[] ready(String socketType, byte[] identity) {
        return command("READY", join(property("Socket-Type", bytes(socketType)), property("Identity", identity)));
    }

    /** Returns greeting and READY, after which messages may follow. */
    static byte[] handshake(String socketType) {
        return handshake(socketType, new byte[0]);
    }

    static byte[] handshake(String socketType, byte[] identity) {
        return join(greeting(), ready(socketType, identity));
    }

    static byte[] command(String name, byte[] data) {
        byte[] nameBytes = bytes(name);
        return frame(COMMAND, join(new byte[] {(byte) nameBytes.length}, nameBytes, data));
    }

    private static byte[] property(String name, byte[] value) {
        byte[] nameBytes = bytes(name);
        return join(
                new byte[] {(byte) nameBytes.length},
                nameBytes,
                ByteBuffer.allocate(Integer.BYTES).putInt(value.length).array(),
                value);
    }

    /** Returns one message of these frames. */
    static byte[] message(byte[]... frames) {
        byte[][] encoded = new byte[frames.length][];
        for (int i = 0; i < frames.length; i++) {
            encoded[i] = frame(i < frames.length - 1 ? MORE : 0, frames[i]);
        }
        return join(encoded);
    }

    /** Returns a frame's header that claims a length of eight bytes, whatever follows. */
    static byte[] lengthClaim(long lengthBytes) {
        return ByteBuffer.allocate(1 + Long.BYTES)
                .put((byte) LONG)
                .putLong(lengthBytes)
                .array();
    }

    private static byte[] frame(int flags, byte[] body) {
        byte[] header = body.length <= SHORT_FRAME_BYTES_MAX
                ? new byte[] {(byte) flags, (byte) body.length}
                : ByteBuffer.allocate(1 + Long.BYTES)
                        .put((byte) (flags | LONG))
                        .putLong(body.length)
                        .array();
        return join(header, body);
    }

    static byte[] join(byte[]... parts) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            joined.writeBytes(part);
        }
        return joined.toByteArray();
    }

    static byte[] repeat(int times, byte[] part) {
        ByteArrayOutputStream repeated = new ByteArrayOutputStream();
        for (int i = 0; i < times; i++) {
            repeated.writeBytes(part);
        }
        return repeated.toByteArray();
    }

    static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
