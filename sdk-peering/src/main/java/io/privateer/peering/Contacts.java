package io.privateer.peering;

import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.StateLinks.Link;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides where {@link Membership} listens: where the user says, and where others say that somebody is, unless the user does not
 * want that one, or it is this broker itself. Not thread-safe: belongs to one machine.
 */
final class Contacts {

    /** Most other names of its endpoint under which a broker finds itself and remembers that. */
    private static final int SELF_ENDPOINTS_MAX = 16;

    private final PeeringSettings settings;
    private final Map<String, PeerEntry> peers;
    private final MembershipEvents events;
    private final StateLinks links;
    private final RemovedNames removed;
    private final Set<String> selfEndpoints = new LinkedHashSet<>();
    private long orders;
    private long refused;

    /** Looks at {@code peers} and does not change them. */
    Contacts(PeeringSettings settings, Map<String, PeerEntry> peers, MembershipPort port, MembershipEvents events) {
        this.settings = settings;
        this.peers = peers;
        this.events = events;
        this.links = new StateLinks(port);
        this.removed = new RemovedNames(settings.expireAfterNanos());
    }

    @Nullable
    Link link(String endpoint) {
        return links.get(endpoint);
    }

    int links() {
        return links.count();
    }

    long refused() {
        return refused;
    }

    /** Listens at {@code endpoints} until the peer that is heard there is removed, and returns whether there was room for all. */
    boolean add(List<String> endpoints, long fairNanos) {
        orders++;
        boolean taken = true;
        for (String endpoint : endpoints) {
            int own = settings.stateEndpoints().indexOf(endpoint);
            if (own == 0) {
                events.onMisconfigured(PeeringMisconfiguration.SELF, settings.name(), endpoint);
            } else if (own < 0) {
                taken &= addSeed(endpoint, fairNanos);
            } // The other server of the pair is the others' peer.
        }
        return taken;
    }

    private boolean addSeed(String endpoint, long fairNanos) {
        selfEndpoints.remove(endpoint);
        Link link = links.get(endpoint);
        if (link == null) {
            links.makeRoom(this::isInUse);
            link = links.open(endpoint, "", fairNanos);
        }
        if (link == null) {
            refused++;
            return false;
        }
        link.makeSeed(orders);
        return true;
    }

    /** Listens at {@code endpoint} no more, on the word of the user; returns false, and does nothing, unless it does so in vain. */
    boolean cancel(String endpoint) {
        Link link = links.get(endpoint);
        if (link == null || !link.isSeed() || isInUse(link)) {
            return false;
        }
        links.close(link);
        return true;
    }

    /** Listens to {@code name} no more, and does not on the word of others. */
    void remove(String name, long fairNanos) {
        orders++;
        removed.add(name, orders, fairNanos);
        links.closeIf(link -> link.name().equals(name));
    }

    /** Returns whether {@code name}, which was heard on {@code link}, was removed and is not to be listened to. */
    boolean isRemoved(String name, Link link, long fairNanos) {
        removed.lift(name, link.seedOrder());
        boolean isRemoved = removed.isSpokenOf(name, fairNanos);
        if (isRemoved) {
            links.close(link);
        }
        return isRemoved;
    }

    /** Listens where somebody is said to be. */
    void learn(Contact contact, long fairNanos) {
        if (!removed.isSpokenOf(contact.name(), fairNanos)) {
            for (String endpoint : contact.stateEndpoints()) {
                Link link = links.get(endpoint);
                if (link != null) {
                    link.keep(fairNanos);
                } else if (isWorthListening(contact.name(), endpoint)) {
                    refused += links.open(endpoint, contact.name(), fairNanos) == null ? 1 : 0;
                }
            }
        }
    }

    private boolean isWorthListening(String name, String endpoint) {
        PeerEntry entry = peers.get(name);
        boolean own = settings.stateEndpoints().contains(endpoint) || selfEndpoints.contains(endpoint);
        return !own && (entry == null || !entry.isHeardElsewhere(endpoint));
    }

    /** The broker hears itself. */
    void foundSelf(Link link) {
        links.close(link);
        if (selfEndpoints.size() < SELF_ENDPOINTS_MAX) {
            selfEndpoints.add(link.endpoint());
        }
        if (link.isSeed()) {
            events.onMisconfigured(PeeringMisconfiguration.SELF, settings.name(), link.endpoint());
        }
    }

    /** A peer was heard on {@code link}. If that is a seed, and the peer's own endpoint another name of it, one is enough. */
    void foundAt(Link link, PeerEntry entry) {
        entry.heardAt(link.endpoint());
        Link own = links.get(entry.ownStateEndpoint());
        if (link.isSeed() && own != null && !own.isSeed()) {
            links.close(own);
        }
    }

    void sweep(long fairNanos) {
        removed.sweep(fairNanos);
        links.sweep(
                fairNanos,
                fairNanos - settings.expireAfterNanos(),
                fairNanos - settings.silentAfterNanos(),
                this::isInUse);
    }

    private boolean isInUse(Link link) {
        PeerEntry entry = peers.get(link.name());
        return entry != null && entry.uses(link.endpoint());
    }
}
