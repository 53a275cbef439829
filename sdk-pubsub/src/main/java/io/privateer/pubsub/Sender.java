package io.privateer.pubsub;

import io.privateer.core.NanoClock;
import io.privateer.core.internal.Deadlines;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * Sends frames in their order, and lists of positions behind those that they count. A frame for which a subscriber has no room
 * is waited with for a while, then sent to the others. Not thread-safe: confine to the loop's thread.
 */
final class Sender {

    /** JeroMQ writes what it was given between two turns. */
    private static final int FRAMES_PER_TURN_MAX = 256;

    /** Lists of positions that wait for room; they are sent again, so that more than that may be forgotten. */
    private static final int LISTS_MAX = 1_024;

    /** How long to look for room in every turn, which keeps a processor busy, before it is looked for now and then. */
    private static final long EAGER_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private final NanoClock clock;
    private final Outgoing outgoing;
    private final Outlet outlet;
    private final long patienceNanos;
    private final BiConsumer<String, Run> onSent;

    /** What was taken to be sent; while the first has no room, nothing else is. */
    private final ArrayDeque<Outgoing.Frame> taken = new ArrayDeque<>();

    private final ArrayDeque<byte[]> lists = new ArrayDeque<>();
    private boolean blocked;
    private long blockedSinceNanos;
    private long messages;
    private long bytes;
    private long frames;
    private long forcedFrames;

    /** What became of what was there. */
    enum Result {
        /** It is sent. */
        ALL,
        /** There is more than one turn should send. */
        MORE,
        /** A subscriber has no room for the next frame. */
        NO_ROOM
    }

    /** @param onSent hears of each frame that was sent */
    Sender(NanoClock clock, Outgoing outgoing, Outlet outlet, long patienceNanos, BiConsumer<String, Run> onSent) {
        this.clock = clock;
        this.outgoing = outgoing;
        this.outlet = outlet;
        this.patienceNanos = patienceNanos;
        this.onSent = onSent;
    }

    /** Sends what is there, a bounded number of frames, as far as subscribers have room or have had their time. */
    Result send() {
        outgoing.take(taken, FRAMES_PER_TURN_MAX - taken.size());
        boolean isMore = taken.size() >= FRAMES_PER_TURN_MAX;
        long now = clock.nanoTime(); // For all of them, which are gone in much less than a millisecond.
        for (Outgoing.Frame next = taken.peek(); next != null; next = taken.peek()) {
            if (!sendInTime(next, now)) {
                return Result.NO_ROOM;
            }
        }
        sendLists();
        return isMore ? Result.MORE : Result.ALL;
    }

    /** Sends all that is there now, to whom has room. */
    void sendAll() {
        outgoing.take(taken, Integer.MAX_VALUE);
        for (Outgoing.Frame next = taken.peek(); next != null; next = taken.peek()) {
            sendNow(next);
        }
        sendLists();
    }

    /** Returns whether the frame that waits for room is worth trying again and again: JeroMQ may be about to make some. */
    boolean isEager() {
        return blocked && clock.nanoTime() - blockedSinceNanos < EAGER_NANOS;
    }

    /** Returns when the frame that waits for room is to be tried again at the latest. */
    long nextTryNanos() {
        return Deadlines.earlier(clock.nanoTime() + RETRY_NANOS, blockedSinceNanos + patienceNanos);
    }

    private boolean sendInTime(Outgoing.Frame frame, long now) {
        if (outlet.trySend(frame.stamped(now))) {
            sent(frame);
            return true;
        }
        if (!blocked) {
            blocked = true;
            blockedSinceNanos = now;
        }
        if (now - blockedSinceNanos >= patienceNanos) {
            sendNow(frame);
            return true;
        }
        return false;
    }

    private void sendNow(Outgoing.Frame frame) {
        byte[] stamped = frame.stamped(clock.nanoTime());
        if (!outlet.trySend(stamped)) {
            outlet.send(stamped);
            forcedFrames++;
        }
        sent(frame);
    }

    private void sent(Outgoing.Frame frame) {
        blocked = false;
        taken.remove();
        Run run = frame.run();
        onSent.accept(frame.topic(), run);
        messages += run.count();
        bytes += run.frame().length;
        frames++;
    }

    /** Sends {@code list} now, or when the frame that waits for room is gone. */
    void announce(DataFrame.Positions list) {
        if (lists.size() < LISTS_MAX) {
            lists.add(DataFrame.encode(list.stamped(clock.nanoTime())));
        }
        sendLists();
    }

    /** Behind a frame that has no room, nothing else may be sent: JeroMQ would send it to who wants that frame. */
    private void sendLists() {
        if (!blocked) {
            for (byte[] next = lists.poll(); next != null; next = lists.poll()) {
                outlet.send(next);
            }
        }
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    long frames() {
        return frames;
    }

    long forcedFrames() {
        return forcedFrames;
    }
}
