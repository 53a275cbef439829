package io.privateer.pubsub;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * The answer to one question: messages of one topic from the history, neighbours in one frame again however they were published,
 * up to as many bytes as were asked for. It ends where the connection has no room for more; who asked asks for the rest. Used
 * once. Not thread-safe.
 *
 * <p>Frames are filled as far as the next message allows, so two that follow each other have more than
 * {@link Outgoing#FRAME_BYTES_MAX} together: the number of frames is bounded by the bytes.
 */
final class Replay {

    /** Most bytes of messages in one answer, whatever was asked for, or one message that is longer. */
    static final long BYTES_MAX = 512 << 10;

    private static final long NONE_REFUSED = 0;

    private final Predicate<Run> sender;
    private final List<Run> gathered = new ArrayList<>();
    private int gatheredBytes;
    private long messages;

    /** The first message that there was no room for. */
    private long refused = NONE_REFUSED;

    /** @param sender sends one frame, and returns false if there was no room for it */
    Replay(Predicate<Run> sender) {
        this.sender = sender;
    }

    /** Sends what {@code history} has of what was asked for, and returns up to which number that was all that there is. */
    long answer(History history, Control.Ask ask) {
        long to = history.replay(ask.topic(), ask.from(), ask.to(), Math.min(ask.bytesMax(), BYTES_MAX), this::gather);
        send();
        return hasRoom() ? to : refused - 1;
    }

    private void gather(Run run) {
        boolean follows =
                !gathered.isEmpty() && gathered.get(gathered.size() - 1).last() + 1 == run.first();
        if (!follows || gatheredBytes + run.bytes() > Outgoing.FRAME_BYTES_MAX) {
            send();
        }
        gathered.add(run);
        gatheredBytes += run.bytes();
    }

    private void send() {
        if (!gathered.isEmpty() && hasRoom()) {
            Run frame = joined();
            if (sender.test(frame)) {
                messages += frame.count();
            } else {
                refused = frame.first();
            }
        }
        gathered.clear();
        gatheredBytes = 0;
    }

    private Run joined() {
        Run first = gathered.get(0);
        if (gathered.size() == 1) {
            return first;
        }
        byte[] frame = new byte[gatheredBytes];
        int at = 0;
        int count = 0;
        for (Run run : gathered) {
            System.arraycopy(run.frame(), run.from(), frame, at, run.bytes());
            at += run.bytes();
            count += run.count();
        }
        return new Run(first.first(), count, frame, 0, first.stampNanos());
    }

    /** Returns whether everything found room so far. */
    boolean hasRoom() {
        return refused == NONE_REFUSED;
    }

    /** Returns how many messages were sent. */
    long messages() {
        return messages;
    }
}
