package io.privateer.binarystar;

import io.privateer.binarystar.BinaryStarRules.Decision;
import io.privateer.binarystar.BinaryStarRules.Event;
import io.privateer.core.internal.Deadlines;
import org.jspecify.annotations.Nullable;

/**
 * Decides whether a server of a pair serves. {@link BinaryStarRules} says what it does next; this class gathers the facts
 * for that, and takes the steps that lie between wanting to be active and being it: the lease, if there is a witness, and
 * the new epoch, which is stored before anybody hears of it. What it hears meanwhile still counts.
 *
 * <p>Call onStart first, then one on… method per input, and {@link #onTick} no later than {@link #nextDeadlineNanos}. It
 * touches no socket, file, clock or thread. Not thread-safe: confine to one event loop.
 */
final class BinaryStarMachine {

    private final StarSettings settings;
    private final BinaryStarPort port;
    private final StarEvents events;
    private final PeerWatch peer;
    private final LeaseBook leases;
    private final Contact contact;
    private final Takeover takeover;
    private final EpochKeeper epoch;
    private final Resignation resignation;
    private final StateSender sender;
    private final OperatorRules operator;
    private final StandbyWord standbyWord;
    private StarState state;
    private @Nullable Misconfiguration reported;

    BinaryStarMachine(StarSettings settings, long nowNanos, BinaryStarPort port, StarEvents events) {
        this.settings = settings;
        this.port = port;
        this.events = events;
        this.peer = new PeerWatch(settings, nowNanos);
        this.leases = new LeaseBook(settings);
        this.contact = new Contact(leases, nowNanos);
        this.epoch = new EpochKeeper(settings, port, events);
        this.resignation = new Resignation(settings, leases, port);
        this.takeover = new Takeover(settings, peer, leases, epoch, resignation, port, events);
        this.sender = new StateSender(settings, nowNanos, peer, leases, port);
        this.operator = new OperatorRules(settings, peer, leases, epoch, takeover);
        this.standbyWord = new StandbyWord(epoch, peer, port);
        this.state = StarState.initial(settings.role());
    }

    /** The epoch file says {@code stored}, {@link Epochs#NONE} if there was never any. */
    void onStart(long nowNanos, long stored) {
        epoch.onLoaded(stored);
        start(nowNanos);
    }

    /** The epoch file cannot be read, so this server takes part but never becomes active. */
    void onStartWithoutEpoch(long nowNanos, String problem) {
        epoch.onNotLoaded(problem);
        start(nowNanos);
    }

    private void start(long nowNanos) {
        leases.onStart(nowNanos);
        standbyWord.update(state);
        sendState(nowNanos);
    }

    void onPeerState(long nowNanos, int link, PeerState message) {
        observe(nowNanos);
        if (!epoch.believes(message.epoch())) {
            return;
        }
        long aloneSinceNanos = contact.aloneSinceNanos();
        boolean news = peer.hear(nowNanos, link, message);
        reportMisconfiguration();
        if (!news) {
            return;
        }
        long before = sender.sequence();
        boolean newer = state == StarState.ACTIVE && message.outranks(settings.nodeId(), epoch.newest());
        if (newer) {
            events.onDiverged(epoch.newest(), message.epoch(), aloneSinceNanos);
        }
        leases.onPeerState(nowNanos, message, state == StarState.ACTIVE && peer.misconfiguration() == null);
        learn(nowNanos, message.epoch());
        if (peer.becomesSeen()) {
            events.onPeerSeen(message.nodeId());
            if (!newer) { // Or it says so below, when it has stepped down.
                sendState(nowNanos);
            }
        }
        if (contact.onHeard(nowNanos, message)) {
            events.onInTouch();
        }
        decide(nowNanos, Event.of(settings.role(), message, peer.activeIn(epoch.newest())), newer);
        boolean echoesAtOnce = settings.hasWitness() && message.state() == StarState.ACTIVE;
        if (echoesAtOnce && state != StarState.ACTIVE && sender.sequence() == before) {
            sendState(nowNanos); // A promise that waits for the next beat would come late.
        }
    }

    /** A peer that speaks the Guide's protocol has no epoch and makes no promises. */
    void onGuidePeerState(long nowNanos, int link, StarState told) {
        long next = peer.isFrom(PeerState.GUIDE) ? peer.lastSequence() + 1 : 1;
        onPeerState(nowNanos, link, PeerState.ofGuide(settings, told, next));
    }

    void onPeerLinkLost(long nowNanos, int link) {
        observe(nowNanos);
        if (peer.lose(link)) {
            port.probe(link);
        }
    }

    /** A new connection on {@code link} was refused: nobody listens there any more. */
    void onPeerRefused(long nowNanos, int link) {
        observe(nowNanos);
        peer.refuse(link);
        reportMisconfiguration();
        watchPeer(nowNanos);
    }

    /** A client has asked here, and this server is not active. */
    void onVote(long nowNanos) {
        observe(nowNanos);
        if (state != StarState.ACTIVE) {
            peer.vote(nowNanos);
            watchPeer(nowNanos);
        }
    }

    /** A client or a worker has seen an epoch. */
    void onNewerEpoch(long nowNanos, long seen) {
        observe(nowNanos);
        if (Epochs.isCredible(epoch.newest(), seen) && meet(nowNanos, seen)) {
            peer.hearOf(nowNanos, seen);
        }
    }

    /** Returns whether the epoch is news. */
    private boolean meet(long nowNanos, long seen) {
        if (seen <= epoch.newest() || !Epochs.isCredibleOfServer(epoch.newest(), seen)) {
            return false;
        }
        boolean wasActive = state == StarState.ACTIVE;
        if (wasActive) {
            events.onDiverged(epoch.newest(), seen, contact.aloneSinceNanos());
        }
        learn(nowNanos, seen);
        if (wasActive) {
            becomePassive(nowNanos, StarCause.NEWER_EPOCH);
        }
        return true;
    }

    /** The service can serve no more, whatever is decided here: the peer shall. */
    void onServiceEnded(long nowNanos) {
        observe(nowNanos);
        epoch.retire();
        takeover.abandon(sender.nextSequence(), "the service has ended");
        if (state == StarState.ACTIVE) {
            becomePassive(nowNanos, StarCause.SERVICE_ENDED);
        } else {
            sendState(nowNanos);
        }
    }

    /**
     * The service stands by, as {@link BinaryStarPort#deactivate} has told it with {@code newestEpoch}; or of itself, in the
     * epoch that it served in, because it has heard too late that its lease goes on.
     */
    void onStandsBy(long nowNanos, long newestEpoch) {
        observe(nowNanos);
        if (state == StarState.ACTIVE && newestEpoch == epoch.newest()) {
            becomePassive(nowNanos, StarCause.LEASE_ENDED);
        } else if (resignation.onStandsBy(newestEpoch)) {
            sendState(nowNanos);
        }
    }

    void onEpochStored(long nowNanos, long stored) {
        observe(nowNanos);
        if (epoch.onStored()) {
            sendState(nowNanos);
        }
        StarCause cause = takeover.onStored(nowNanos, stored);
        if (cause != null) {
            becomeActive(nowNanos, stored, cause);
        }
    }

    /** Stays what it is, and tries again after the failover time. */
    void onEpochFailed(long nowNanos, String problem) {
        observe(nowNanos);
        takeover.abandon(sender.nextSequence(), "the epoch cannot be stored");
        if (epoch.onFailed(nowNanos, problem)) {
            sendState(nowNanos);
        }
    }

    void onGrant(long nowNanos, LeaseAnswer answer) {
        observe(nowNanos);
        if (!settings.hasWitness() || !answer.holder().equals(settings.nodeId())) {
            return;
        }
        takeover.onAnswer(nowNanos, answer);
        boolean unused = !answer.granted() && meet(nowNanos, answer.epoch()); // Which the peer may only have asked for.
        takeover.advance(nowNanos, epoch.newest());
    }

    /** Makes this server the active one, whatever the peer does; the peer steps down when it hears of that. */
    OperatorAnswer promote(long nowNanos) {
        observe(nowNanos);
        OperatorAnswer refusal = operator.refusalToPromote(nowNanos, state);
        if (refusal != null) {
            return refusal;
        }
        takeover.begin(nowNanos, epoch.newest(), StarCause.OPERATOR);
        return OperatorAnswer.STARTED;
    }

    /** Hands over to the peer, which must be there and ready; in MANUAL mode the operator promotes it afterwards. */
    OperatorAnswer stepDown(long nowNanos) {
        observe(nowNanos);
        OperatorAnswer refusal = operator.refusalToStepDown(nowNanos, state);
        if (refusal != null) {
            return refusal;
        }
        becomePassive(nowNanos, StarCause.OPERATOR);
        return OperatorAnswer.DONE;
    }

    /** Hands over from the backup to the primary. */
    OperatorAnswer failBack(long nowNanos) {
        OperatorAnswer refusal = operator.refusalToFailBack(state);
        return refusal == null ? stepDown(nowNanos) : refusal;
    }

    /** Lets time pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        observe(nowNanos);
        watchPeer(nowNanos);
        takeover.onTick(nowNanos, epoch.newest(), sender.nextSequence());
        if (resignation.onTick(nowNanos)) {
            sendState(nowNanos);
        }
        if (nowNanos - sender.beatAtNanos() >= 0) {
            sendState(nowNanos);
            if (state == StarState.ACTIVE && settings.hasWitness()) {
                takeover.askForMore(nowNanos, epoch.newest());
            }
        }
        if (peer.sweepDue(nowNanos)) {
            peer.probeLostLinks(port);
            epoch.onSweep(nowNanos);
        }
    }

    /** Returns when {@link #onTick} is due at the latest. */
    long nextDeadlineNanos(long nowNanos) {
        long due = Deadlines.earlier(sender.beatAtNanos(), peer.nextSweepNanos());
        if (peer.isSeen()) {
            due = Deadlines.earlier(due, peer.goneAtNanos());
        }
        if (state == StarState.ACTIVE && settings.hasWitness()) {
            due = Deadlines.earlier(due, leases.heldUntilNanos());
        }
        return takeover.earlier(nowNanos, resignation.earlier(due));
    }

    StarState state() {
        return state;
    }

    /** Returns the epoch this server is active in, otherwise the newest it knows of. */
    long newestEpoch() {
        return epoch.newest();
    }

    /** Returns whether this server may answer a client now: it is active, and its lease, if it needs one, has not ended. */
    boolean mayServe(long nowNanos) {
        return state == StarState.ACTIVE && (!settings.hasWitness() || leases.isHeld(nowNanos));
    }

    /** Returns until when an active server with a witness may serve. */
    long leasedUntilNanos() {
        return leases.heldUntilNanos();
    }

    /** Returns whether this server is active no more, and its service has yet to say so of itself. */
    boolean isResigning() {
        return resignation.isPending();
    }

    /** Returns whether this server could become active: its epoch can be stored, and it does not wait for the witness in vain. */
    boolean canServe(long nowNanos) {
        return epoch.isGood() && !takeover.isInVain(nowNanos);
    }

    /** Returns how many messages of the peer told of an epoch that cannot be. */
    long epochsRefused() {
        return epoch.refused();
    }

    /** Returns what is known of the peer. */
    PeerWatch peer() {
        return peer;
    }

    /** Comes first with every input: a lease that has ended meanwhile ends what it allowed. */
    private void observe(long nowNanos) {
        peer.observe(nowNanos);
        if (state == StarState.ACTIVE && !mayServe(nowNanos)) {
            becomePassive(nowNanos, StarCause.LEASE_ENDED);
        }
    }

    private void watchPeer(long nowNanos) {
        if (peer.becomesLost(nowNanos)) {
            contact.onLost(sender.nextSequence());
            events.onPeerLost(peer.isRefused());
        }
        if (state != StarState.ACTIVE && peer.hasVote(nowNanos)) {
            decide(nowNanos, Event.CLIENT_REQUEST, false);
        }
    }

    private void learn(long nowNanos, long seen) {
        if (epoch.learn(nowNanos, seen)) {
            takeover.onNewerEpoch(seen, sender.nextSequence());
        }
        standbyWord.update(state);
    }

    private void decide(long nowNanos, Event event, boolean newer) {
        Decision decision = BinaryStarRules.decide(state, event, peer.facts(nowNanos, newer, epoch));
        StarState next = decision.next();
        StarCause cause = StarCause.of(state, event);
        if (next == null) {
            if (event != Event.CLIENT_REQUEST && !takeover.isFor(StarCause.OPERATOR)) {
                takeover.abandon(sender.nextSequence(), "the peer is there");
            }
        } else if (next == StarState.ACTIVE) {
            takeover.begin(nowNanos, epoch.newest(), cause);
        } else {
            becomePassive(nowNanos, cause);
        }
    }

    private void becomeActive(long nowNanos, long stored, StarCause cause) {
        StarState from = state;
        state = StarState.ACTIVE;
        epoch.take(stored);
        resignation.withdraw();
        contact.onActive(nowNanos);
        peer.forgetVote();
        leases.onActive(sender.nextSequence());
        port.activate(stored);
        events.onStateChanged(from, state, stored, cause);
        sendState(nowNanos);
    }

    private void becomePassive(long nowNanos, StarCause cause) {
        StarState from = state;
        state = StarState.PASSIVE;
        if (!takeover.isFor(StarCause.OPERATOR)) {
            takeover.abandon(sender.nextSequence(), "the peer is active");
        }
        if (from == StarState.ACTIVE) {
            standbyWord.deactivate();
            resignation.begin(nowNanos, sender.nextSequence(), epoch.newest());
        }
        events.onStateChanged(from, state, epoch.newest(), cause);
        sendState(nowNanos);
    }

    private void reportMisconfiguration() {
        Misconfiguration now = peer.misconfiguration();
        if (now != null && now != reported) {
            takeover.abandon(sender.nextSequence(), "misconfigured");
            events.onMisconfigured(now, peer.detail(now));
        } else if (now == null && reported != null) {
            events.onMisconfigurationEnded();
        }
        reported = now;
    }

    private void sendState(long nowNanos) {
        if (resignation.isPending()) {
            sender.keepSilent(nowNanos);
        } else {
            sender.send(nowNanos, state, epoch.newest(), canServe(nowNanos));
        }
    }
}
