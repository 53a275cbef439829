package io.privateer.pubsub;

import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import io.privateer.pubsub.Control.Refusal;
import io.privateer.pubsub.PublisherListener.LeaveCause;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Decides what a synchronized publisher says to whom: knows its subscribers and which of them have confirmed, keeps the history,
 * answers who missed something, announces how far it is, and ends in order. Performs no I/O, reads no clock, starts no thread.
 * Call {@link #onTick} no later than {@link #nextDeadlineNanos()}, and {@link #onEndOfTurn} behind what a turn has brought.
 *
 * <p>Positions travel on the data socket behind the messages they count, so whoever gets them knows what should have come
 * before. Not thread-safe: confine to the loop's thread.
 *
 * @param <P> what a subscriber's control connection is known by
 */
final class PublisherMachine<P> {

    /** Of topics on which nothing is new, so many are announced in each turn, to everybody's heartbeat. */
    static final int UNCHANGED_TOPICS_MAX = 256;

    private final Settings settings;
    private final long incarnation;
    private final PublisherPort<P> port;
    private final History history;
    private final Map<P, Subscriber> subscribers = new LinkedHashMap<>();
    private final Map<String, Subscriber> byName = new HashMap<>();
    private final Set<String> wantedProbes = new LinkedHashSet<>();
    private final List<Waiting> waiting = new ArrayList<>();

    /** Names of those that were lost while this ends: they may come back for the rest. */
    private final Set<String> lostAtEnd = new TreeSet<>();

    private long probes;
    private int cursor;
    private int probeTurns;
    private int changeTurns;
    private long announceAtNanos;
    private boolean closing;
    private boolean finished;
    private long closeAtNanos;

    private long replayedMessages;
    private long replayRequests;
    private long replaysCutShort;
    private long refusals;

    /** What the machine is told once. */
    record Settings(
            Set<String> expected,
            int quorum,
            long heartbeatNanos,
            int liveness,
            int subscribersMax,
            History.Bounds history) {}

    private final class Subscriber {
        final P peer;
        final PeerId id;
        final String name;
        final List<String> prefixes;
        boolean confirmed;
        boolean done;
        long heardNanos;

        Subscriber(P peer, Control.Hello hello, long nowNanos) {
            this.peer = peer;
            this.id = hello.id();
            this.name = hello.name();
            this.prefixes = hello.prefixes();
            this.heardNanos = nowNanos;
        }
    }

    private record Waiting(long deadlineNanos, Consumer<StartOutcome> then) {}

    PublisherMachine(Settings settings, long incarnation, PublisherPort<P> port, long nowNanos) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.port = port;
        this.history = new History(settings.history());
        this.announceAtNanos = nowNanos + settings.heartbeatNanos();
    }

    /** Takes note of messages that were just handed to the data socket. */
    void onSent(String topic, Run run) {
        history.add(topic, run);
    }

    /** A subscription has reached the data socket: whoever waits for a probe on it gets one now. */
    void onSubscribed(String prefix) {
        for (Subscriber subscriber : subscribers.values()) {
            if (!subscriber.confirmed && subscriber.prefixes.contains(prefix)) {
                wantedProbes.add(prefix);
                return;
            }
        }
    }

    /** Takes what a peer says on its control connection. */
    void onSaid(P peer, Control.OfSubscriber message, long nowNanos) {
        if (finished) {
            return;
        }
        if (message instanceof Control.Hello hello) {
            onHello(peer, hello, nowNanos);
            return;
        }
        if (message instanceof Control.Ask ask) {
            onAsked(peer, ask); // Also where it was given up for silence: it may have been frozen, and is back.
        }
        Subscriber subscriber = subscribers.get(peer);
        if (subscriber == null) {
            return; // Who was refused, or given up, has to introduce itself again.
        }
        subscriber.heardNanos = nowNanos;
        if (message instanceof Control.Confirm confirm) {
            onConfirmed(subscriber, confirm.incarnation());
        } else if (message instanceof Control.SubscriberBeat) {
            port.say(peer, new Control.PublisherBeat());
        } else if (message instanceof Control.Done done) {
            subscriber.done = closing && done.incarnation() == incarnation;
            finishIfDone();
        } else if (message instanceof Control.Leave) {
            remove(subscriber, LeaveCause.SAID_GOODBYE);
        }
    }

    private void onHello(P peer, Control.Hello hello, long nowNanos) {
        Subscriber holder = byName.get(hello.name());
        Subscriber before = subscribers.get(peer);
        if (holder != null && !holder.id.equals(hello.id())) {
            refuse(peer, hello, Refusal.NAME_TAKEN);
            return;
        }
        if (holder == null && before == null && subscribers.size() >= settings.subscribersMax()) {
            refuse(peer, hello, Refusal.TOO_MANY_SUBSCRIBERS);
            return;
        }
        if (holder != null) {
            forget(holder);
        }
        if (before != null && before != holder) {
            remove(before, LeaveCause.SAID_GOODBYE); // It goes by another name now.
        }
        Subscriber subscriber = new Subscriber(peer, hello, nowNanos);
        subscribers.put(peer, subscriber);
        byName.put(hello.name(), subscriber);
        lostAtEnd.remove(hello.name());
        port.say(peer, new Control.Welcome(incarnation, settings.heartbeatNanos()));
        wantedProbes.addAll(hello.prefixes());
    }

    private void refuse(P peer, Control.Hello hello, Refusal refusal) {
        refusals++;
        port.refused(hello.name(), refusal);
        port.say(peer, new Control.Refused(refusal));
    }

    private void onConfirmed(Subscriber subscriber, long ofIncarnation) {
        if (ofIncarnation == incarnation && !subscriber.confirmed) {
            subscriber.confirmed = true;
            port.confirmed(subscriber.name);
            if (isStartComplete()) {
                settle(one -> true);
            }
        }
    }

    private void onAsked(P peer, Control.Ask ask) {
        if (ask.incarnation() != incarnation) {
            return;
        }
        replayRequests++;
        Replay replay = new Replay(run -> port.say(peer, new Control.Again(incarnation, ask.topic(), run)));
        long to = replay.answer(history, ask);
        boolean isAnswered = port.say(peer, new Control.Answered(incarnation, to, ask.topic()));
        replayedMessages += replay.messages();
        replaysCutShort += replay.hasRoom() && isAnswered ? 0 : 1;
    }

    /** The peer's connection is gone. */
    void onPeerGone(P peer) {
        Subscriber subscriber = subscribers.get(peer);
        if (subscriber != null) {
            remove(subscriber, LeaveCause.DISCONNECTED);
        }
    }

    private void remove(Subscriber subscriber, LeaveCause cause) {
        forget(subscriber);
        if (closing && !subscriber.done && cause != LeaveCause.SAID_GOODBYE) {
            lostAtEnd.add(subscriber.name);
        }
        port.left(subscriber.name, cause);
        finishIfDone();
    }

    private void forget(Subscriber subscriber) {
        subscribers.remove(subscriber.peer);
        byName.remove(subscriber.name);
    }

    /** Sends the probes that were asked for meanwhile, each once however many want it. */
    void onEndOfTurn() {
        if (!wantedProbes.isEmpty()) {
            rotated(wantedProbes, probeTurns++).forEach(prefix -> announce(prefix, history.positions(prefix), true));
            wantedProbes.clear();
        }
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        if (finished) {
            return;
        }
        if (nowNanos - announceAtNanos >= 0) {
            announceAtNanos = nowNanos + (closing ? settings.heartbeatNanos() / 10 : settings.heartbeatNanos());
            dropSilent(nowNanos);
            announceChanges();
        }
        settle(one -> nowNanos - one.deadlineNanos >= 0);
        if (closing && !finished && nowNanos - closeAtNanos >= 0) {
            finish(false);
        }
    }

    private void dropSilent(long nowNanos) {
        long silenceNanosMax = settings.liveness() * settings.heartbeatNanos();
        for (Subscriber subscriber : new ArrayList<>(subscribers.values())) {
            if (nowNanos - subscriber.heardNanos >= silenceNanosMax) {
                remove(subscriber, LeaveCause.SILENT);
            }
        }
    }

    /** Even where nothing has changed: by that a subscriber knows that its connection lives. */
    private void announceChanges() {
        List<DataFrame.Position> changes = history.changes(cursor, UNCHANGED_TOPICS_MAX);
        cursor = history.topics() == 0 ? 0 : (cursor + UNCHANGED_TOPICS_MAX) % history.topics();
        for (String prefix : rotated(prefixes(), changeTurns++)) {
            if (closing) {
                announce(prefix, history.positions(prefix), true);
            } else {
                announce(
                        prefix,
                        changes.stream()
                                .filter(it -> it.topic().startsWith(prefix))
                                .toList(),
                        false);
            }
        }
    }

    /** Where a subscriber has room for some lists only, those must not always be the same. */
    private static List<String> rotated(Set<String> prefixes, int turn) {
        List<String> rotated = new ArrayList<>(prefixes);
        Collections.rotate(rotated, turn);
        return rotated;
    }

    private Set<String> prefixes() {
        Set<String> prefixes = new LinkedHashSet<>();
        subscribers.values().forEach(subscriber -> prefixes.addAll(subscriber.prefixes));
        return prefixes;
    }

    private void announce(String prefix, List<DataFrame.Position> positions, boolean complete) {
        List<List<DataFrame.Position>> parts = DataFrame.parts(positions);
        probes++;
        for (int i = 0; i < parts.size(); i++) {
            port.announce(new DataFrame.Positions(
                    prefix, incarnation, 0, probes, complete, closing, i, parts.size(), parts.get(i)));
        }
    }

    /** Calls {@code then} once everybody who must be there is, or {@code deadlineNanos} has passed; not any more once finished. */
    void await(long deadlineNanos, Consumer<StartOutcome> then) {
        if (isStartComplete()) {
            then.accept(outcome());
        } else {
            waiting.add(new Waiting(deadlineNanos, then));
        }
    }

    private void settle(Predicate<Waiting> which) {
        List<Waiting> settled = waiting.stream().filter(which).toList();
        waiting.removeAll(settled);
        settled.forEach(one -> one.then.accept(outcome()));
    }

    private boolean isStartComplete() {
        Set<String> confirmed = confirmed();
        if (settings.quorum() == 0) {
            return confirmed.containsAll(settings.expected());
        }
        if (!settings.expected().isEmpty()) {
            confirmed.retainAll(settings.expected());
        }
        return confirmed.size() >= settings.quorum();
    }

    private Set<String> confirmed() {
        Set<String> names = new TreeSet<>();
        for (Subscriber subscriber : subscribers.values()) {
            if (subscriber.confirmed) {
                names.add(subscriber.name);
            }
        }
        return names;
    }

    private StartOutcome outcome() {
        Set<String> confirmed = confirmed();
        Set<String> missing = new TreeSet<>(settings.expected());
        missing.removeAll(confirmed);
        return new StartOutcome(isStartComplete(), Set.copyOf(confirmed), Set.copyOf(missing));
    }

    /**
     * Tells everybody how far it came, answers what they still ask for, and finishes when all are done, those too that are lost
     * meanwhile, or at {@code deadlineNanos}. Everything that was published must have been sent.
     */
    void close(long nowNanos, long deadlineNanos) {
        if (closing) {
            return;
        }
        closing = true;
        closeAtNanos = deadlineNanos;
        announceAtNanos = nowNanos;
        onTick(nowNanos);
        finishIfDone();
    }

    private void finishIfDone() {
        boolean allDone = subscribers.values().stream().allMatch(subscriber -> subscriber.done);
        if (closing && !finished && allDone && lostAtEnd.isEmpty()) {
            finish(true);
        }
    }

    private void finish(boolean complete) {
        finished = true;
        waiting.clear(); // It is over before they were there; who waits is told so with everything else.
        port.finished(complete);
    }

    /** Returns when {@link #onTick} must be called next. */
    long nextDeadlineNanos() {
        long next = closing ? Deadlines.earlier(announceAtNanos, closeAtNanos) : announceAtNanos;
        for (Waiting one : waiting) {
            next = Deadlines.earlier(next, one.deadlineNanos);
        }
        return next;
    }

    int subscriberCount() {
        return subscribers.size();
    }

    int confirmedCount() {
        return confirmed().size();
    }

    long replayRequests() {
        return replayRequests;
    }

    long replayedMessages() {
        return replayedMessages;
    }

    long replaysCutShort() {
        return replaysCutShort;
    }

    long refusals() {
        return refusals;
    }

    History history() {
        return history;
    }
}
