package io.privateer.pubsub;

import io.privateer.core.internal.Deadlines;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Map;

/**
 * Brings the messages of each topic in order: what came too early is held, what is missing is asked for, and what does not come is
 * reported. Everything that is held and asked for is bounded. Not thread-safe: belongs to one machine.
 */
final class Recovery {

    /** Most messages that one question is for. */
    static final long ASKED_MESSAGES_MAX = 16_384;

    /** Most questions on their way at once, each for one topic. */
    static final int QUESTIONS_MAX = 64;

    /** So many answers at once may be as long as they get, ... */
    private static final int LONG_ANSWERS_MAX = 4;

    /** ... and the others so many bytes, so that all together find room in the publisher's queue towards here. */
    private static final long SHORT_ANSWER_BYTES_MAX = 32 << 10;

    private final Bounds bounds;
    private final boolean replay;
    private final SubscriberPort port;
    private final Map<String, Track> tracks;

    /** Topics whose question is on its way. */
    private final ArrayList<Track> asked = new ArrayList<>();

    /** Topics whose turn to ask comes when others have been answered. */
    private final ArrayDeque<Track> queue = new ArrayDeque<>();

    /** When something that was asked for has come, of whatever topic. */
    private long answeredNanos;

    private long heldBytes;
    private long missed;
    private long recovered;
    private long questions;

    /**
     * What recovery may take.
     *
     * @param heldBytesMax most bytes of frames that are held for what is missing before them, of all topics together
     * @param answerNanosMax how long to wait for an answer that brings nothing
     */
    record Bounds(long heldBytesMax, long answerNanosMax) {}

    Recovery(Bounds bounds, boolean replay, SubscriberPort port, Map<String, Track> tracks, long nowNanos) {
        this.answeredNanos = nowNanos;
        this.bounds = bounds;
        this.replay = replay;
        this.port = port;
        this.tracks = tracks;
    }

    /** Takes what came out of turn. */
    void hold(Track track, Run run) {
        heldBytes += run.frame().length;
        track.hold(run);
        track.known = Math.max(track.known, run.last());
    }

    /** Reports what is dropped because no account is kept of its topic. */
    void refuse(String topic, long incarnation, Run run) {
        missed += run.count();
        port.dropped(new Missed(topic, incarnation, run.first(), run.last()));
    }

    /** Takes what was asked for. */
    void onAgain(Track track, Run run, long incarnation, long nowNanos) {
        long from = Math.max(run.first(), track.resolved + 1);
        recovered += Math.max(0, Math.min(run.last(), track.askedTo) - from + 1);
        answeredNanos = nowNanos;
        hold(track, run);
        settle(track, incarnation, nowNanos);
    }

    /** Delivers what can be delivered now, asks for what is missing before the rest, or reports it. */
    void settle(Track track, long incarnation, long nowNanos) {
        if (heldBytes > bounds.heldBytesMax()) {
            track.abandoned = Math.max(track.abandoned, track.known);
        }
        while (true) {
            if (track.holds() && track.firstHeld() <= track.resolved + 1) {
                deliverHeld(track, incarnation);
                continue;
            }
            long missingTo = track.holds() ? track.firstHeld() - 1 : track.known;
            if (missingTo == track.resolved) {
                return;
            }
            if (mayAsk(track)) {
                ask(track, Math.min(missingTo, track.resolved + ASKED_MESSAGES_MAX), incarnation, nowNanos);
                return;
            }
            long to = replay ? Math.min(missingTo, track.abandoned) : missingTo;
            missed += to - track.resolved;
            port.missed(new Missed(track.topic, incarnation, track.resolved + 1, to));
            track.resolved = to;
        }
    }

    private void deliverHeld(Track track, long incarnation) {
        Run run = track.takeHeld();
        heldBytes -= run.frame().length;
        if (run.last() <= track.resolved) {
            return;
        }
        port.deliver(track.topic, incarnation, run, track.resolved + 1);
        track.resolved = run.last();
        track.known = Math.max(track.known, track.resolved);
    }

    private boolean mayAsk(Track track) {
        long next = track.resolved + 1;
        return next > track.abandoned && (replay || next == track.lastValue);
    }

    private void ask(Track track, long to, long incarnation, long nowNanos) {
        if (track.askedTo != Track.NOT_ASKED || track.queued) {
            return;
        }
        if (asked.size() >= QUESTIONS_MAX) {
            track.queued = true;
            queue.add(track);
            return;
        }
        track.askedTo = replay ? to : track.lastValue;
        if (track.askedFrom != track.resolved + 1) {
            track.askedNanos = nowNanos; // An answer that has brought nothing does not make its topic wait for longer.
        }
        track.askedFrom = track.resolved + 1;
        track.askedBytes = asked.size() < LONG_ANSWERS_MAX ? Replay.BYTES_MAX : SHORT_ANSWER_BYTES_MAX;
        asked.add(track);
        say(track, incarnation);
    }

    private void say(Track track, long incarnation) {
        questions++;
        port.say(new Control.Ask(incarnation, track.resolved + 1, track.askedTo, track.askedBytes, track.topic));
    }

    /** All that is still there up to {@code to} has come. */
    void onAnswered(Track track, long to, long incarnation, long nowNanos) {
        if (track.askedTo == Track.NOT_ASKED) {
            return;
        }
        endQuestion(track, Math.min(to, track.askedTo), incarnation, nowNanos);
        askNext(incarnation, nowNanos);
    }

    private void endQuestion(Track track, long abandoned, long incarnation, long nowNanos) {
        asked.remove(track);
        track.askedTo = Track.NOT_ASKED;
        track.abandoned = Math.max(track.abandoned, abandoned);
        settle(track, incarnation, nowNanos);
    }

    /** Answers come one behind the other: while there is one, the others may be on a slow way behind it. */
    private long giveUpNanos(Track track) {
        long since = track.askedNanos - answeredNanos < 0 ? answeredNanos : track.askedNanos;
        return since + bounds.answerNanosMax();
    }

    private void askNext(long incarnation, long nowNanos) {
        while (asked.size() < QUESTIONS_MAX && !queue.isEmpty()) {
            Track next = queue.remove();
            next.queued = false;
            settle(next, incarnation, nowNanos);
        }
    }

    /** Asks again what was asked on a connection that is gone, or takes it for answered where only that was lost. */
    void askAgain(long incarnation, long nowNanos) {
        for (Track track : new ArrayList<>(asked)) {
            if (track.resolved >= track.askedTo) {
                endQuestion(track, 0, incarnation, nowNanos);
            } else {
                track.askedNanos = nowNanos;
                say(track, incarnation);
            }
        }
        askNext(incarnation, nowNanos);
    }

    /** Gives up what was not answered in time. */
    void onTick(long incarnation, long nowNanos) {
        for (Track track : new ArrayList<>(asked)) {
            if (nowNanos - giveUpNanos(track) >= 0) {
                endQuestion(track, track.askedTo, incarnation, nowNanos);
            }
        }
        askNext(incarnation, nowNanos);
    }

    /** Delivers what is held and reports all the rest: nothing will be answered any more. */
    void giveUp(long incarnation, long nowNanos) {
        for (Track track : tracks.values()) {
            track.abandoned = Math.max(track.known, track.abandoned);
            track.queued = false;
            track.askedTo = Track.NOT_ASKED;
            settle(track, incarnation, nowNanos);
        }
        asked.clear();
        queue.clear();
    }

    /** Returns whether nothing is asked for, so that nothing is held either. */
    boolean isIdle() {
        return asked.isEmpty() && queue.isEmpty();
    }

    /** Returns when {@link #onTick} must be called next, if anything is asked for. */
    long nextDeadlineNanos(long otherwise) {
        if (asked.isEmpty()) {
            return otherwise;
        }
        long next = otherwise;
        for (Track track : asked) {
            next = Deadlines.earlier(next, giveUpNanos(track));
        }
        return next;
    }

    /** Returns how many messages were reported as missed. */
    long missed() {
        return missed;
    }

    /** Returns how many messages were had again. */
    long recovered() {
        return recovered;
    }

    /** Returns how many questions were asked. */
    long questions() {
        return questions;
    }

    /** Returns the bytes that are held for what is missing before them. */
    long heldBytes() {
        return heldBytes;
    }
}
