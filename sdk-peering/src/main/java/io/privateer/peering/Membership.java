package io.privateer.peering;

import io.privateer.core.FairClock;
import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.StateLinks.Link;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Knows who a broker's peers are, how alive they are, and what they could do for it. Performs no I/O, reads no clock, draws no
 * random number. Call one on… method for each input, with the present reading of the clock, and {@link #onTick} no later than
 * {@link #nextDeadlineNanos()}; early, late or repeated ticks do no harm. Not thread-safe: confine to the loop's thread.
 *
 * <p>Peers are known by their names. Whoever tells of an endpoint, by introducing itself or in the list of peers of a full message,
 * only makes this broker listen there; trust begins with the peer's own message. Peers that hear each other list each other, so
 * one that finds itself missing in a peer's list introduces itself there again.
 */
final class Membership {

    /** No life of any broker. */
    static final PeerId NOBODY = new PeerId(0, 0);

    private final PeeringSettings settings;
    private final MembershipPort port;
    private final MembershipEvents events;
    private final FairClock clock;
    private final Announcer announcer;
    private final Contacts contacts;
    private final Map<String, PeerEntry> peers = new LinkedHashMap<>();
    private final FormerLives formerLives = new FormerLives();
    private PeerId incarnation = NOBODY;
    private LocalCapacity local = LocalCapacity.NONE;
    private boolean namesakeTold;
    private long namesakeFairNanos;
    private long heard;
    private long stale;
    private long introductions;
    private long refused;
    private long namesTaken;
    private long otherVersions;

    Membership(PeeringSettings settings, long nowNanos, MembershipPort port, MembershipEvents events) {
        this.settings = settings;
        this.port = port;
        this.events = events;
        long sweepNanos = settings.beatNanos();
        this.clock = new FairClock(nowNanos, sweepNanos, sweepNanos);
        this.announcer = new Announcer(settings);
        this.contacts = new Contacts(settings, peers, port, events);
    }

    /** Begins to speak, as {@code life}, which is drawn anew every time; until then it only listens. */
    void onStart(long nowNanos, PeerId life) {
        clock.observe(nowNanos);
        incarnation = life;
        announcer.start(nowNanos);
        peers.values().forEach(entry -> recount(entry, nowNanos, false)); // What they have is of another life.
        settle(nowNanos);
    }

    /** Speaks no more, for the other server of the pair does. It listens on. */
    void onStandBy(long nowNanos) {
        clock.observe(nowNanos);
        announcer.stop();
        settle(nowNanos);
    }

    /** Says, from here on, that it leaves and has nothing to spare. */
    void onLeave(long nowNanos) {
        clock.observe(nowNanos);
        if (!announcer.isLeaving()) {
            announcer.leave(nowNanos);
        }
        settle(nowNanos);
    }

    void onLocal(long nowNanos, LocalCapacity capacity) {
        clock.observe(nowNanos);
        if (!capacity.equals(local)) {
            local = capacity;
            announcer.change();
        }
        settle(nowNanos);
    }

    /** Takes what was heard at {@code endpoint}. */
    void onMessage(long nowNanos, String endpoint, CapacityMessage message) {
        clock.observe(nowNanos);
        heard++;
        Link link = contacts.link(endpoint);
        if (link == null) {
            stale++; // Said before it was told to listen there no more.
        } else if (message.incarnation().equals(incarnation)) {
            contacts.foundSelf(link);
        } else {
            link.heard(message.name(), fair(nowNanos));
            if (message.name().equals(settings.name())) {
                hearNamesake(nowNanos, link, message);
            } else {
                hearPeer(nowNanos, link, message);
            }
        }
        settle(nowNanos);
    }

    /** A message of a version that nobody here understands was heard at {@code endpoint}. */
    void onUnknownVersion(long nowNanos, String endpoint, int version) {
        clock.observe(nowNanos);
        otherVersions++;
        Link link = contacts.link(endpoint);
        if (link != null) {
            link.keep(fair(nowNanos));
            if (link.becomesOtherVersion()) {
                events.onUnknownVersion(endpoint, version);
            }
        }
        settle(nowNanos);
    }

    /** Somebody listens to this broker, and says who it is. */
    void onIntroduced(long nowNanos, Contact contact) {
        clock.observe(nowNanos);
        introductions++;
        announcer.wantFull();
        contacts.learn(contact, fair(nowNanos));
        settle(nowNanos);
    }

    /**
     * The user says where a peer is: at one endpoint, or at one of two. That is kept until the peer is removed.
     *
     * @return whether there was room for it
     */
    boolean onAddPeer(long nowNanos, List<String> endpoints) {
        clock.observe(nowNanos);
        boolean taken = contacts.add(endpoints, fair(nowNanos));
        settle(nowNanos);
        return taken;
    }

    /** The user says that nobody is at {@code endpoint}; returns whether a peer was looked for there, and none found. */
    boolean onCancelPeer(long nowNanos, String endpoint) {
        clock.observe(nowNanos);
        boolean cancelled = contacts.cancel(endpoint);
        settle(nowNanos);
        return cancelled;
    }

    /**
     * The user wants {@code name} as a peer no more. On the word of others it does not come back.
     *
     * @return whether it was one
     */
    boolean onRemovePeer(long nowNanos, String name) {
        clock.observe(nowNanos);
        PeerEntry entry = peers.get(name);
        if (entry != null) {
            exit(entry, ExitCause.REMOVED);
        }
        contacts.remove(name, fair(nowNanos));
        settle(nowNanos);
        return entry != null;
    }

    void onTick(long nowNanos) {
        clock.observe(nowNanos);
        settle(nowNanos);
    }

    /** Returns when {@link #onTick} is due. */
    long nextDeadlineNanos() {
        long sweepNanos = clock.nextSweepNanos();
        boolean speaksFirst = announcer.speaks() && announcer.dueNanos() - sweepNanos < 0;
        return speaksFirst ? announcer.dueNanos() : sweepNanos;
    }

    List<PeerView> peers(long nowNanos) {
        return peers.values().stream().map(entry -> entry.view(fair(nowNanos))).toList();
    }

    MembershipStats stats() {
        return new MembershipStats(
                heard, stale, introductions, refused + contacts.refused(), namesTaken, otherVersions, contacts.links());
    }

    private long fair(long nowNanos) {
        return clock.fair(nowNanos);
    }

    /** Somebody else has this broker's name; the other server of its pair is meant to. */
    private void hearNamesake(long nowNanos, Link link, CapacityMessage message) {
        List<String> pair = settings.stateEndpoints();
        if (!pair.contains(link.endpoint()) && !pair.contains(message.ownStateEndpoint())) {
            namesakeFairNanos = fair(nowNanos);
            if (!namesakeTold) {
                namesakeTold = true;
                tellNameTaken(settings.name(), link);
            }
        }
    }

    private void tellNameTaken(String name, Link link) {
        namesTaken++;
        events.onMisconfigured(PeeringMisconfiguration.NAME_TAKEN, name, link.endpoint());
    }

    private void hearPeer(long nowNanos, Link link, CapacityMessage message) {
        String name = message.name();
        if (contacts.isRemoved(name, link, fair(nowNanos))) {
            formerLives.add(message.incarnation(), message.sequence()); // Once it is wanted again, that is old.
            return;
        }
        PeerEntry entry = peers.get(name);
        if (entry == null) {
            hearNewcomer(nowNanos, link, message);
        } else if (entry.isOf(message)) {
            hearAgain(nowNanos, link, entry, message);
        } else if (formerLives.isLeftover(message)) {
            stale++;
        } else if (isFormer(entry, message)) {
            stale++;
            formerLives.add(message.incarnation(), message.sequence());
            contend(nowNanos, link, entry, settings.evasiveAfterNanos()); // Two servers of a pair may, for a moment.
        } else if (entry.isAt(link.endpoint(), message) || entry.liveness() == PeerLiveness.SILENT) {
            exit(entry, message.leaving() ? ExitCause.LEFT : ExitCause.RESTARTED);
            hearNewcomer(nowNanos, link, message);
        } else {
            contend(nowNanos, link, entry, 0);
        }
    }

    private void contend(long nowNanos, Link link, PeerEntry entry, long afterNanos) {
        if (entry.becomesContended(fair(nowNanos), afterNanos)) {
            tellNameTaken(entry.peer().name(), link);
        }
    }

    /**
     * Of two servers of a pair the one that became active last is believed, and the other one's last words are not. Unless that one
     * speaks on, and the one that is believed does not.
     */
    private boolean isFormer(PeerEntry present, CapacityMessage message) {
        return present.liveness() == PeerLiveness.PRESENT && formerLives.has(message.incarnation());
    }

    private void hearNewcomer(long nowNanos, Link link, CapacityMessage message) {
        if (formerLives.isLeftover(message)) {
            stale++;
        } else if (message.leaving()) {
            stale++;
            formerLives.add(message.incarnation(), message.sequence()); // What it said before that may come later.
        } else if (peers.size() >= CapacityMessage.PEERS_MAX) {
            refused++;
        } else {
            PeerEntry entry = new PeerEntry(message, link.endpoint(), fair(nowNanos));
            peers.put(message.name(), entry);
            port.lenderOpen(
                    message.name(),
                    message.incarnation(),
                    message.cloudEndpoints().get(0));
            events.onEntered(entry.peer(), message.incarnation());
            announcer.wantFull();
            contacts.foundAt(link, entry);
            accept(nowNanos, link, entry, message);
        }
    }

    private void hearAgain(long nowNanos, Link link, PeerEntry entry, CapacityMessage message) {
        contacts.foundAt(link, entry);
        if (!entry.isNews(message)) {
            stale++;
            return;
        }
        long silentNanos = entry.silentNanos(fair(nowNanos));
        entry.hear(message, fair(nowNanos));
        if (message.leaving()) {
            exit(entry, ExitCause.LEFT);
            return;
        }
        if (entry.liveness() == PeerLiveness.SILENT) {
            port.lenderOpen(
                    message.name(),
                    message.incarnation(),
                    entry.peer().cloudEndpoints().get(0));
        }
        become(entry, PeerLiveness.PRESENT, silentNanos);
        accept(nowNanos, link, entry, message);
    }

    private void accept(long nowNanos, Link link, PeerEntry entry, CapacityMessage message) {
        recount(entry, nowNanos, true);
        if (!message.full()) {
            return;
        }
        boolean knowsUs = false;
        contacts.learn(entry.contact(), fair(nowNanos));
        for (Contact contact : message.peers()) {
            knowsUs |= contact.name().equals(settings.name());
            contacts.learn(contact, fair(nowNanos));
        }
        boolean mayCall = announcer.speaks() && !announcer.isLeaving();
        if (mayCall && !knowsUs && entry.becomesIntroduced(fair(nowNanos), settings.evasiveAfterNanos())) {
            port.introduce(link.endpoint());
        }
    }

    /** @param said whether the peer has just said so: the same again is news to a queue that was refused meanwhile */
    private void recount(PeerEntry entry, long nowNanos, boolean said) {
        boolean counts = entry.liveness() == PeerLiveness.PRESENT
                && entry.silentNanos(fair(nowNanos)) - settings.capacityTtlNanos() < 0;
        boolean differs = entry.recount(incarnation, counts);
        boolean isNews = differs || (said && !entry.credit().isEmpty());
        if (isNews && entry.liveness() != PeerLiveness.SILENT) {
            port.lenderCredit(entry.peer().name(), entry.credit());
        }
    }

    private void become(PeerEntry entry, PeerLiveness to, long silentNanos) {
        PeerLiveness from = entry.liveness();
        if (from != to) {
            entry.liveness(to);
            events.onLiveness(entry.peer(), from, to, silentNanos);
        }
    }

    private void exit(PeerEntry entry, ExitCause cause) {
        String name = entry.peer().name();
        peers.remove(name);
        formerLives.add(entry.incarnation(), entry.sequence());
        boolean goesOn = cause == ExitCause.RESTARTED; // As another life, which is opened in its place.
        if (entry.liveness() != PeerLiveness.SILENT && !goesOn) {
            port.lenderClose(name, cause.isOrderly());
        }
        events.onExited(entry.peer(), entry.liveness(), cause);
    }

    /** What every input ends with. */
    private void settle(long nowNanos) {
        if (clock.sweepDue(nowNanos)) {
            sweep(nowNanos);
        }
        if (announcer.isDue(nowNanos)) {
            speak(nowNanos);
        }
    }

    private void sweep(long nowNanos) {
        long fairNanos = fair(nowNanos);
        for (PeerEntry entry : new ArrayList<>(peers.values())) {
            judge(nowNanos, entry);
            entry.forgetContention(fairNanos, settings.evasiveAfterNanos());
        }
        namesakeTold = namesakeTold && fairNanos - namesakeFairNanos - settings.evasiveAfterNanos() < 0;
        contacts.sweep(fairNanos);
    }

    private void judge(long nowNanos, PeerEntry entry) {
        long silentNanos = entry.silentNanos(fair(nowNanos));
        if (silentNanos - settings.evasiveAfterNanos() >= 0 && entry.liveness() == PeerLiveness.PRESENT) {
            become(entry, PeerLiveness.EVASIVE, silentNanos);
        }
        recount(entry, nowNanos, false);
        if (silentNanos - settings.silentAfterNanos() >= 0 && entry.liveness() == PeerLiveness.EVASIVE) {
            become(entry, PeerLiveness.SILENT, silentNanos);
            port.lenderClose(entry.peer().name(), false);
        }
        if (silentNanos - settings.expireAfterNanos() >= 0) {
            exit(entry, ExitCause.EXPIRED);
        } else if (announcer.speaks() && entry.becomesVotedOut(fair(nowNanos), settings.stateIntervalNanos())) {
            port.vote(entry.peer().cloudEndpoints().get(1));
        }
    }

    private void speak(long nowNanos) {
        boolean full = announcer.isFullDue(nowNanos);
        List<Contact> known = full
                ? peers.values().stream()
                        .filter(it -> it.liveness() != PeerLiveness.SILENT)
                        .map(PeerEntry::contact)
                        .toList()
                : List.of();
        LocalCapacity said = announcer.isLeaving() ? local.withoutSpare() : local;
        port.publish(new CapacityMessage(
                full,
                announcer.isLeaving(),
                incarnation,
                announcer.say(nowNanos, full),
                settings.name(),
                settings.stateEndpoints(),
                settings.cloudEndpoints(),
                said.services(),
                said.held(),
                known));
    }
}
