package io.privateer.chaos.hostile;

import static io.privateer.chaos.hostile.HostileInput.raw;
import static io.privateer.chaos.hostile.HostileInput.zmtp;
import static io.privateer.chaos.hostile.Zmtp.bytes;
import static io.privateer.chaos.hostile.Zmtp.command;
import static io.privateer.chaos.hostile.Zmtp.filled;
import static io.privateer.chaos.hostile.Zmtp.greeting;
import static io.privateer.chaos.hostile.Zmtp.join;
import static io.privateer.chaos.hostile.Zmtp.lengthClaim;
import static io.privateer.chaos.hostile.Zmtp.message;
import static io.privateer.chaos.hostile.Zmtp.ready;
import static io.privateer.chaos.hostile.Zmtp.repeat;

import io.privateer.chaos.hostile.HostileInput.Connection;
import io.privateer.chaos.hostile.HostileInput.Trace;
import io.privateer.core.transport.SocketSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/** The corpus: what peers have done, or could do, to a socket that faces the network. */
final class HostileFrames {

    private static final long SEED = 20_260_101;
    private static final byte[] NOTHING = {};
    private static final byte[] BODY = bytes("body");
    private static final byte[] DELIMITER = {};
    private static final byte[] READY = {0x01};
    private static final byte[] HEARTBEAT = {0x02};
    private static final byte[] UNKNOWN = {0x03};
    private static final int FRAMES_BEYOND_LIMIT = 300;
    private static final int CROWD = 300;

    private HostileFrames() {}

    /** What needs no handshake, so it fits every socket. */
    static Stream<HostileInput> beforeTheHandshake() {
        byte[] garbage = new byte[4_096];
        new SplittableRandom(SEED).nextBytes(garbage);
        garbage[0] = 0x2A;
        byte[] garbageBehindSignature = garbage.clone();
        garbageBehindSignature[0] = (byte) 0xFF;
        byte[] curve = greeting();
        System.arraycopy(bytes("CURVE"), 0, curve, 12, 5);
        byte[] zmtp1 = {0x01, 0x00};
        byte[] zmtp2 = {(byte) 0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0x7F, 0x01, 0x05, 0x00, 0x00};
        byte[] negativeLength =
                ByteBuffer.allocate(9).put((byte) 0xFF).putLong(-1).array();
        return Stream.of(
                raw("a connection that never speaks", Trace.VIOLATION, NOTHING),
                raw("a greeting cut after 1 byte", Trace.VIOLATION, Arrays.copyOf(greeting(), 1)),
                raw("a greeting cut after 10 bytes", Trace.VIOLATION, Arrays.copyOf(greeting(), 10)),
                raw("a greeting cut after 11 bytes", Trace.VIOLATION, Arrays.copyOf(greeting(), 11)),
                raw("half a greeting", Trace.VIOLATION, Arrays.copyOf(greeting(), Zmtp.GREETING_BYTES / 2)),
                new HostileInput(
                        "fifty handshakes of one byte",
                        Collections.nCopies(50, new Connection(NOTHING, new byte[] {0x01})),
                        false,
                        Trace.VIOLATION),
                raw("garbage, seed " + SEED, Trace.VIOLATION, garbage),
                raw("garbage behind 0xFF, seed " + SEED, Trace.VIOLATION, garbageBehindSignature),
                raw("an HTTP request", Trace.VIOLATION, bytes("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")),
                raw("a long HTTP request", Trace.VIOLATION, bytes("GET /" + "a".repeat(9_000) + " HTTP/1.1\r\n\r\n")),
                raw("a TLS hello", Trace.VIOLATION, join(new byte[] {0x16, 0x03, 0x01, 0x02, 0x00}, filled(512, 1))),
                raw("zeros", Trace.VIOLATION, filled(512, 0)),
                raw("another security mechanism", Trace.VIOLATION, curve),
                raw("ZMTP 1.0, negative length", Trace.VIOLATION, join(zmtp1, negativeLength, filled(100, 7))),
                raw("ZMTP 2.0, negative length", Trace.VIOLATION, join(zmtp2, negativeLength, filled(100, 7))));
    }

    /** What comes from a peer that greeted as it should. */
    static Stream<HostileInput> afterTheGreeting(String socketType) {
        byte[] ready = ready(socketType, NOTHING);
        byte[] lyingReady = command("READY", join(new byte[] {11}, bytes("Socket-Type"), filled(4, 0x7F)));
        long limit = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;
        return Stream.of(
                raw("a greeting and no handshake", Trace.NONE, greeting()),
                zmtp("a handshake by an unknown command", Trace.VIOLATION, command("AHOY", NOTHING), NOTHING),
                zmtp("a handshake by an empty frame", Trace.VIOLATION, message(NOTHING), NOTHING),
                zmtp("a READY that lies about its length", Trace.MALFORMED, lyingReady, message(UNKNOWN)),
                zmtp("a READY of garbage", Trace.DISCONNECTION, command("READY", filled(200, 0x41)), NOTHING),
                zmtp("a wrong socket type", Trace.DISCONNECTION, ready("PUB", NOTHING), NOTHING),
                zmtp("an unheard of socket type", Trace.DISCONNECTION, ready("PIRATE", NOTHING), NOTHING),
                zmtp("an error instead of READY", Trace.DISCONNECTION, command("ERROR", bytes("\u0003bad")), NOTHING),
                zmtp("an unknown command", Trace.NONE, ready, command("AHOY", filled(200, 1))),
                zmtp("a READY twice", Trace.NONE, ready, ready),
                zmtp("a PING cut short", Trace.UPSET, ready, command("PING", NOTHING)),
                zmtp("a PING of one byte", Trace.UPSET, ready, command("PING", new byte[] {1})),
                claim("the lowest length", Trace.MALFORMED, ready, Long.MIN_VALUE),
                claim("length -1", Trace.VIOLATION, ready, -1),
                claim("a negative length that is huge as an int", Trace.VIOLATION, ready, 0x8000_0000_7000_0000L),
                claim("a negative length that is small as an int", Trace.MALFORMED, ready, 0x8000_0000_0000_0010L),
                claim("a length of 2 GiB", Trace.DISCONNECTION, ready, 1L << 31),
                claim("the longest int", Trace.DISCONNECTION, ready, Integer.MAX_VALUE),
                claim("almost the longest int", Trace.DISCONNECTION, ready, Integer.MAX_VALUE - 8),
                claim("the longest length", Trace.DISCONNECTION, ready, Long.MAX_VALUE),
                claim("one byte more than the limit", Trace.DISCONNECTION, ready, limit + 1));
    }

    private static HostileInput claim(String name, Trace trace, byte[] ready, long lengthBytes) {
        return zmtp(name, trace, ready, join(lengthClaim(lengthBytes), filled(2_000, 'x')));
    }

    /** What is no message to anybody. */
    static Stream<HostileInput> messages(String socketType) {
        byte[] ready = ready(socketType, NOTHING);
        return Stream.of(
                zmtp("an empty message", Trace.MALFORMED, ready, message(NOTHING)),
                zmtp("a thousand empty messages", Trace.MALFORMED, ready, repeat(1_000, message(NOTHING))),
                zmtp("300 bytes in one frame", Trace.MALFORMED, ready, message(filled(300, 1))),
                zmtp("an unknown pirate command", Trace.MALFORMED, ready, message(UNKNOWN)),
                zmtp("frames without a delimiter", Trace.MALFORMED, ready, message(BODY, BODY, BODY)),
                zmtp("an address and no body", Trace.MALFORMED, ready, message(BODY, DELIMITER)),
                zmtp("too many frames", Trace.MALFORMED, ready, message(frames(FRAMES_BEYOND_LIMIT))),
                zmtp("far too many frames", Trace.MALFORMED, ready, message(frames(100_000))),
                zmtp("an identity of 255 bytes", Trace.MALFORMED, ready(socketType, filled(255, 9)), message(UNKNOWN)),
                zmtp("an identity of 300 bytes", Trace.MALFORMED, ready(socketType, filled(300, 9)), message(UNKNOWN)));
    }

    /** What a worker, or a confused program, sends to clients' side of a queue. */
    static Stream<HostileInput> toFrontend() {
        byte[] ready = ready("DEALER", NOTHING);
        return Stream.of(
                zmtp("a worker's READY to the frontend", Trace.MALFORMED, ready, message(READY)),
                zmtp("a worker's HEARTBEAT to the frontend", Trace.MALFORMED, ready, message(HEARTBEAT)),
                crowd("endless identities on the frontend", Trace.DISCONNECTION, message(UNKNOWN)));
    }

    /** What a client, a confused program or a false worker sends to the workers' side of a queue. */
    static Stream<HostileInput> toBackend() {
        byte[] ready = ready("DEALER", NOTHING);
        byte[] forged = filled(16, 0x11);
        return Stream.of(
                zmtp("a client's request to the backend", Trace.MALFORMED, ready, message(DELIMITER, BODY)),
                zmtp("a HEARTBEAT by a stranger", Trace.MALFORMED, ready, message(HEARTBEAT)),
                zmtp("a HEARTBEAT of three bytes", Trace.MALFORMED, ready, message(new byte[] {2, 1, 1})),
                zmtp("a reply never asked for", Trace.STRAY_REPLY, ready, message(bytes("me"), DELIMITER, BODY)),
                zmtp("a reply with a forged address", Trace.STRAY_REPLY, ready, message(forged, DELIMITER, BODY)),
                zmtp(
                        "a REQ reply with a forged address",
                        Trace.STRAY_REPLY,
                        ready,
                        message(DELIMITER, forged, DELIMITER, BODY)),
                zmtp(
                        "a reply behind a deep envelope",
                        Trace.STRAY_REPLY,
                        ready,
                        message(forged, forged, forged, DELIMITER, BODY)),
                crowd("endless identities that register and leave", Trace.WORKER_REFUSED, message(READY)),
                new HostileInput(
                        "a worker of both dialects that leaves",
                        List.of(new Connection(
                                ready("DEALER", filled(255, 3)), join(message(READY), message(DELIMITER, READY)))),
                        true,
                        Trace.DISCONNECTION));
    }

    /** What a false server or queue sends to those who connected to it. */
    static Stream<HostileInput> toConnectors() {
        byte[] ready = ready("ROUTER", NOTHING);
        byte[] job = message(bytes("somebody"), DELIMITER, BODY);
        return Stream.of(
                zmtp("a reply nobody waits for", Trace.MALFORMED, ready, job),
                zmtp("a flood of jobs", Trace.MALFORMED, ready, repeat(500, job)));
    }

    private static HostileInput crowd(String name, Trace trace, byte[] bytes) {
        List<Connection> connections = new ArrayList<>(CROWD);
        for (int i = 0; i < CROWD; i++) {
            connections.add(new Connection(ready("DEALER", bytes("stranger-" + i)), bytes));
        }
        return new HostileInput(name, connections, true, trace);
    }

    private static byte[][] frames(int count) {
        return Stream.generate(() -> UNKNOWN).limit(count).toArray(byte[][]::new);
    }
}
