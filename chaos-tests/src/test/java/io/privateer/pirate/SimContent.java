package io.privateer.pirate;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What is asked and answered: every request is unique, every reply names the request it answers. */
final class SimContent {

    private static final String REPLY = "re:";
    private static final String POISON = "poison:";

    private SimContent() {}

    static byte[][] request(SimWorld world, String unique, boolean poisoned) {
        byte[] first = ((poisoned ? POISON : "") + unique).getBytes(StandardCharsets.UTF_8);
        byte[][] body = new byte[1 + world.random().nextInt(3)][];
        body[0] = first;
        for (int i = 1; i < body.length; i++) {
            body[i] = new byte[world.random().nextInt(4)];
        }
        return body;
    }

    static byte[][] replyTo(byte[][] request) {
        byte[][] reply = request.clone();
        reply[0] = (REPLY + text(request)).getBytes(StandardCharsets.UTF_8);
        return reply;
    }

    static boolean isReplyTo(byte[][] reply, byte[][] request) {
        return Arrays.deepEquals(reply, replyTo(request));
    }

    static String requestTextOf(byte[][] reply) {
        String text = text(reply);
        return text.startsWith(REPLY) ? text.substring(REPLY.length()) : "no reply: " + text;
    }

    static boolean isPoisoned(byte[][] request) {
        return text(request).startsWith(POISON);
    }

    /** Returns the longest frame of a body, in bytes. */
    static int frameBytesMax(byte[][] body) {
        return Arrays.stream(body).mapToInt(frame -> frame.length).max().orElse(0);
    }

    static String text(byte[][] body) {
        return new String(body[0], StandardCharsets.UTF_8);
    }
}
