package io.privateer.pubsub;

import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decides what a synchronized subscriber says and delivers: joins, proves that each of its subscriptions works, and hands every
 * topic's messages over in order, each once. What is missing it asks for where it may; what it does not get it reports, exactly.
 * Performs no I/O, reads no clock, starts no thread. Call {@link #onTick} no later than {@link #nextDeadlineNanos()}.
 *
 * <p>Only frames of the life of the publisher that has said WELCOME on the control connection count; those of another, of one that
 * has just restarted for example, are dropped: what they held is known to be missing as soon as that says WELCOME.
 *
 * <p>Not thread-safe: confine to the loop's thread.
 */
final class SubscriberMachine {

    private static final long HEARTBEAT_NANOS_MIN = 1_000_000;
    private static final long HEARTBEAT_NANOS_MAX = 60_000_000_000L;

    private final Settings settings;
    private final SubscriberPort port;
    private final Recovery recovery;
    private final Map<String, Track> tracks = new HashMap<>();
    private final Prefixes prefixes;

    private boolean welcomed;
    private boolean knowsIncarnation;
    private long incarnation;
    private boolean synced;

    /** The publisher has been told that it may go, by which it knows this subscriber since the last WELCOME. */
    private boolean doneSaid;

    /** The listener has been told of the orderly end of this life. */
    private boolean endTold;

    /** It has been told that there are too many topics in this life. */
    private boolean refusalTold;

    private boolean over;

    /** A frame was dropped for its incarnation: it may have been a probe that came ahead of WELCOME. */
    private boolean strangerHeard;

    private long heartbeatNanos;
    private long helloAtNanos;
    private long helloWaitNanos;
    private long beatAtNanos;
    private long controlHeardNanos;
    private long dataHeardNanos;

    /** It was connected to anew for silence, and has said nothing since. */
    private boolean controlGivenUp;

    private boolean dataGivenUp;

    private long strangers;
    private long duplicates;
    private long topicsRefused;

    /**
     * What the machine is told once.
     *
     * @param probeNanos how long to wait for a probe before it is asked for again
     * @param replay whether to ask for what is missing
     * @param lastValues whether to ask for the last value of each topic on joining
     * @param topicsMax how many topics to keep account of
     */
    record Settings(
            PeerId id,
            String name,
            List<String> prefixes,
            long probeNanos,
            long heartbeatNanos,
            int liveness,
            boolean replay,
            boolean lastValues,
            int topicsMax,
            Recovery.Bounds recovery) {}

    SubscriberMachine(Settings settings, SubscriberPort port, long nowNanos) {
        this.settings = settings;
        this.port = port;
        this.recovery = new Recovery(settings.recovery(), settings.replay(), port, tracks, nowNanos);
        this.heartbeatNanos = settings.heartbeatNanos();
        this.prefixes = new Prefixes(settings.prefixes());
        this.beatAtNanos = nowNanos + heartbeatNanos;
        this.controlHeardNanos = nowNanos;
        this.dataHeardNanos = nowNanos;
        this.helloAtNanos = nowNanos;
        this.helloWaitNanos = settings.probeNanos();
    }

    /** Takes what the publisher says to everybody. */
    void onData(DataFrame frame, long nowNanos) {
        if (over) {
            return;
        }
        if (!isPresent(frame.incarnation())) {
            strangers++;
            strangerHeard = true;
            return;
        }
        dataHeardNanos = nowNanos;
        dataGivenUp = false;
        if (frame instanceof DataFrame.Messages messages) {
            onMessages(messages, nowNanos);
        } else if (frame instanceof DataFrame.Positions positions) {
            onPositions(positions, nowNanos);
        }
    }

    private void onMessages(DataFrame.Messages messages, long nowNanos) {
        Run run = messages.run();
        Track track = tracks.get(messages.topic());
        if (track == null) {
            track = create(messages.topic(), prefixes.isJoined(messages.topic()) ? 0 : run.first() - 1);
            if (track == null) {
                recovery.refuse(messages.topic(), incarnation, run);
                return;
            }
        }
        if (run.last() <= track.resolved) {
            duplicates += run.count();
            return;
        }
        if (run.first() <= track.resolved + 1 && !track.holds()) {
            port.deliver(track.topic, incarnation, run, track.resolved + 1);
            track.resolved = run.last();
            track.known = Math.max(track.known, track.resolved);
            if (track.known > track.resolved) {
                recovery.settle(track, incarnation, nowNanos);
            }
        } else {
            recovery.hold(track, run);
            recovery.settle(track, incarnation, nowNanos);
        }
    }

    /** Returns {@code null} where there are too many topics. */
    private @Nullable Track create(String topic, long resolved) {
        if (tracks.size() >= settings.topicsMax()) {
            topicsRefused++;
            if (!refusalTold) {
                refusalTold = true;
                port.topicRefused(topic);
            }
            return null;
        }
        Track track = new Track(topic, resolved);
        tracks.put(topic, track);
        return track;
    }

    private void onPositions(DataFrame.Positions list, long nowNanos) {
        boolean mayBegin = prefixes.isComplete(list);
        for (DataFrame.Position position : list.positions()) {
            onPosition(position, mayBegin, nowNanos);
        }
        if (mayBegin && prefixes.take(list)) {
            onComplete();
        }
    }

    private void onPosition(DataFrame.Position position, boolean mayBegin, long nowNanos) {
        Track track = tracks.get(position.topic());
        if (track == null) {
            boolean isJoined = prefixes.isJoined(position.topic());
            if (!isJoined && !mayBegin) {
                return; // Somebody else's; the own list is still to come.
            }
            track = create(position.topic(), isJoined ? 0 : position.newest());
            if (track == null) {
                return;
            }
            if (!isJoined && settings.lastValues()) {
                track.lastValue = position.newest();
                track.resolved = position.newest() - 1;
            }
        }
        if (position.newest() > track.known) {
            track.known = position.newest();
        }
        if (track.known > track.resolved) {
            recovery.settle(track, incarnation, nowNanos);
        }
    }

    private void onComplete() {
        if (!synced && prefixes.areAllProbed()) {
            synced = true;
            port.say(new Control.Confirm(incarnation));
            port.synced(incarnation);
        }
        endIfDone();
    }

    private void endIfDone() {
        if (!prefixes.haveAllEnded() || !recovery.isIdle()) {
            return;
        }
        if (welcomed && !doneSaid) {
            doneSaid = port.say(new Control.Done(incarnation));
        }
        if (!endTold) {
            endTold = true;
            port.ended(incarnation, true);
        }
    }

    /** Takes what the publisher says to this subscriber. */
    void onSaid(Control.OfPublisher message, long nowNanos) {
        if (over) {
            return;
        }
        controlHeardNanos = nowNanos;
        controlGivenUp = false;
        if (message instanceof Control.Welcome welcome) {
            onWelcome(welcome, nowNanos);
        } else if (message instanceof Control.Refused refused) {
            over = true;
            port.refused(refused.refusal());
        } else if (message instanceof Control.Again again && isPresent(again.incarnation())) {
            Track track = tracks.get(again.topic());
            if (track != null && again.run().last() > track.resolved) {
                recovery.onAgain(track, again.run(), incarnation, nowNanos);
            }
        } else if (message instanceof Control.Answered answered && isPresent(answered.incarnation())) {
            Track track = tracks.get(answered.topic());
            if (track != null) {
                recovery.onAnswered(track, answered.to(), incarnation, nowNanos);
                endIfDone();
            }
        }
    }

    /** Returns whether that life of the publisher is the one that counts. */
    boolean isPresent(long ofIncarnation) {
        return knowsIncarnation && ofIncarnation == incarnation;
    }

    private void onWelcome(Control.Welcome welcome, long nowNanos) {
        if (!isPresent(welcome.incarnation())) {
            if (knowsIncarnation) {
                endIncarnation(nowNanos);
            }
            knowsIncarnation = true;
            incarnation = welcome.incarnation();
            port.began();
            helloWaitNanos = strangerHeard ? 0 : settings.probeNanos();
            strangerHeard = false;
        } else if (!welcomed) {
            recovery.askAgain(incarnation, nowNanos); // What was asked on a lost connection may not have arrived.
        }
        welcomed = true;
        doneSaid = false; // By HELLO, the publisher has begun anew with this subscriber.
        heartbeatNanos = Math.max(HEARTBEAT_NANOS_MIN, Math.min(welcome.heartbeatNanos(), HEARTBEAT_NANOS_MAX));
        helloAtNanos = nowNanos + helloWaitNanos;
        helloWaitNanos = settings.probeNanos();
        dataHeardNanos = nowNanos;
        onTick(nowNanos);
    }

    /** Nobody can send again what the former life of the publisher has sent. */
    private void endIncarnation(long nowNanos) {
        recovery.giveUp(incarnation, nowNanos);
        if (!endTold) {
            port.ended(incarnation, false);
        }
        tracks.clear();
        prefixes.forgetEnds();
        endTold = false;
        refusalTold = false;
        loseSync();
    }

    private void loseSync() {
        prefixes.forgetProbes();
        if (synced) {
            synced = false;
            port.unsynced();
        }
    }

    /** The connection for control is gone, or new. */
    void onControlLost(long nowNanos) {
        welcomed = false;
        loseSync();
        helloAtNanos = nowNanos;
        controlHeardNanos = nowNanos;
        onTick(nowNanos);
    }

    /** The connection for data is gone, or new; what came on it has been handed over. */
    void onDataLost(long nowNanos) {
        loseSync();
        helloAtNanos = nowNanos;
        dataHeardNanos = nowNanos;
        onTick(nowNanos);
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        if (over) {
            return;
        }
        if (!synced && nowNanos - helloAtNanos >= 0) {
            helloAtNanos = nowNanos + helloWaitNanos;
            helloWaitNanos = Math.min(2 * helloWaitNanos, Math.max(heartbeatNanos, settings.probeNanos()));
            port.say(new Control.Hello(settings.id(), settings.name(), prefixes.all()));
        }
        if (nowNanos - beatAtNanos >= 0) {
            beatAtNanos = nowNanos + heartbeatNanos;
            if (welcomed) {
                port.say(new Control.SubscriberBeat());
            }
            watch(nowNanos);
        }
        if (welcomed) {
            // Until then nobody can answer, and what is asked for will be asked again.
            recovery.onTick(incarnation, nowNanos);
            endIfDone();
        }
    }

    private void watch(long nowNanos) {
        long silenceNanosMax = settings.liveness() * heartbeatNanos;
        if (nowNanos - controlHeardNanos >= silenceNanosMax) {
            controlHeardNanos = nowNanos;
            port.reconnectControl(!controlGivenUp);
            controlGivenUp = true;
            onControlLost(nowNanos);
        } else if (welcomed && nowNanos - dataHeardNanos >= silenceNanosMax) {
            dataHeardNanos = nowNanos;
            port.reconnectData(!dataGivenUp);
            dataGivenUp = true;
            onDataLost(nowNanos);
        }
    }

    /** Says goodbye, and reports what is still missing. */
    void close(long nowNanos) {
        if (over) {
            return;
        }
        over = true;
        if (knowsIncarnation) {
            recovery.giveUp(incarnation, nowNanos);
        }
        port.say(new Control.Leave());
    }

    /** Returns when {@link #onTick} must be called next. */
    long nextDeadlineNanos() {
        long next = synced ? beatAtNanos : Deadlines.earlier(helloAtNanos, beatAtNanos);
        return welcomed ? recovery.nextDeadlineNanos(next) : next;
    }

    boolean isSynced() {
        return synced;
    }

    long strangers() {
        return strangers;
    }

    long duplicates() {
        return duplicates;
    }

    long topicsRefused() {
        return topicsRefused;
    }

    int topics() {
        return tracks.size();
    }

    Recovery recovery() {
        return recovery;
    }
}
