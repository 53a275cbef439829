package io.privateer.pirate;

import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Status;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the replies of one PRV/1 worker, within what its queue takes, and counts them. Not thread-safe: confine to the
 * loop's thread.
 */
final class PrvReplies {

    private static final Logger log = LoggerFactory.getLogger(PirateWorker.class);

    /** A stack of causes in one message is nobody's reading any more. */
    private static final int TEXT_CHARS_MAX = 1_000;

    private static final int LIMIT_MIN = 256;
    private static final int UTF8_BYTES_PER_CHAR = 3;

    private final String worker;
    private SocketSettings limits;
    private long handled;
    private long failed;
    private long sent;

    PrvReplies(String worker, SocketSettings limits) {
        this.worker = worker;
        this.limits = limits;
    }

    /** The queue takes frames of this many bytes. */
    void limit(int messageBytesMax) {
        limits = limits.withMessageBytesMax(Math.max(LIMIT_MIN, messageBytesMax));
    }

    long handled() {
        return handled;
    }

    long failed() {
        return failed;
    }

    long sent() {
        return sent;
    }

    /** Returns what tells a client in words that handling failed. */
    static byte[][] textOf(@Nullable Throwable failure) {
        if (failure == null) {
            return textOf("handler failed");
        }
        String message = failure.getMessage();
        return textOf(message == null ? failure.getClass().getName() : message);
    }

    private static byte[][] textOf(String text) {
        return new byte[][] {cut(text, TEXT_CHARS_MAX).getBytes(StandardCharsets.UTF_8)};
    }

    private static String cut(String text, int charsMax) {
        return text.length() <= charsMax ? text : text.substring(0, charsMax);
    }

    /** The handling of {@code delivery} has ended. One that stopped because it was cancelled is counted as that, elsewhere. */
    void count(PrvDelivery delivery) {
        fit(delivery);
        if (delivery.hasFailed()) {
            failed++;
        } else if (delivery.status() == Status.OK) {
            handled++;
        }
    }

    /** Writes the reply. */
    void write(PrvDelivery delivery, Outbox outbox) {
        sent++;
        fit(delivery); // Once more: the queue may have come back with another limit.
        outbox.reply(delivery.id, delivery.status(), delivery.attempt(), 0, delivery.reply());
    }

    /** Makes a failure of a reply that the queue would not take: sent, it would cost the connection. */
    private void fit(PrvDelivery delivery) {
        byte[][] body = delivery.reply();
        if (body == null || fits(body)) {
            return;
        }
        int charsMax = limits.messageBytesMax() / UTF8_BYTES_PER_CHAR;
        if (delivery.status() == Status.OK) {
            String problem = problemOf(body);
            log.error("reply cannot be sent worker={} problem={}", worker, problem);
            delivery.end(Status.TOO_LARGE, textOf(cut(problem, charsMax)), true);
        } else {
            String text = new String(body[0], StandardCharsets.UTF_8);
            delivery.end(delivery.status(), textOf(cut(text, charsMax)), true);
        }
    }

    private boolean fits(byte[][] body) {
        for (byte[] part : body) {
            if (part.length > limits.messageBytesMax()) {
                return false;
            }
        }
        return body.length <= limits.bodyFramesMax();
    }

    private String problemOf(byte[][] body) {
        try {
            limits.check("reply", body);
            return "reply is too large";
        } catch (IllegalArgumentException e) {
            return String.valueOf(e.getMessage());
        }
    }
}
