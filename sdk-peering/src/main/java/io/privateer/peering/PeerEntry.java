package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import io.privateer.pirate.Lending.Credit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What is known of one life of a peer. Not thread-safe: belongs to one machine. */
final class PeerEntry {

    private final Peer peer;
    private final PeerId incarnation;
    private long sequence;
    private long heard;
    private long heardFairNanos;
    private String heardAt;
    private PeerLiveness liveness = PeerLiveness.PRESENT;
    private List<Service> services = List.of();
    private List<Held> held = List.of();
    private Map<String, Credit> credit = Map.of();
    private long introducedFairNanos;
    private boolean votedOut;
    private long votedOutFairNanos;
    private boolean contended;
    private boolean contentionTold;
    private long heardBeforeContention;
    private long contendedSinceFairNanos;
    private long contendedFairNanos;

    PeerEntry(CapacityMessage first, String endpoint, long fairNanos) {
        this.peer = new Peer(first.name(), first.stateEndpoints(), first.cloudEndpoints());
        this.incarnation = first.incarnation();
        this.heardAt = endpoint;
        this.introducedFairNanos = fairNanos;
        hear(first, fairNanos);
    }

    Peer peer() {
        return peer;
    }

    String ownStateEndpoint() {
        return peer.stateEndpoints().get(0);
    }

    PeerId incarnation() {
        return incarnation;
    }

    long sequence() {
        return sequence;
    }

    PeerLiveness liveness() {
        return liveness;
    }

    void liveness(PeerLiveness value) {
        liveness = value;
    }

    Contact contact() {
        return new Contact(peer.name(), peer.stateEndpoints());
    }

    boolean isOf(CapacityMessage message) {
        return incarnation.equals(message.incarnation());
    }

    boolean isNews(CapacityMessage message) {
        return Long.compareUnsigned(message.sequence(), sequence) > 0;
    }

    void hear(CapacityMessage message, long fairNanos) {
        sequence = message.sequence();
        heard++;
        heardFairNanos = fairNanos;
        services = message.services();
        held = message.held();
    }

    void heardAt(String endpoint) {
        heardAt = endpoint;
    }

    /** Returns whether the peer is expected at {@code endpoint}, or at where a message says that it comes from. */
    boolean isAt(String endpoint, CapacityMessage message) {
        return uses(endpoint) || peer.stateEndpoints().contains(message.ownStateEndpoint());
    }

    boolean uses(String endpoint) {
        return heardAt.equals(endpoint) || peer.stateEndpoints().contains(endpoint);
    }

    /** Returns whether {@code endpoint} is the peer's own, but it is heard under another name of that. */
    boolean isHeardElsewhere(String endpoint) {
        return endpoint.equals(ownStateEndpoint()) && !heardAt.equals(endpoint);
    }

    long silentNanos(long fairNanos) {
        return fairNanos - heardFairNanos;
    }

    Map<String, Credit> credit() {
        return credit;
    }

    /** Counts what the peer may have in flight of {@code borrower}, if it {@code counts}, and returns whether that is another. */
    boolean recount(PeerId borrower, boolean counts) {
        Map<String, Credit> recounted = new HashMap<>();
        if (counts) {
            for (Service service : services) {
                add(recounted, service.name(), service.credit());
            }
            for (Held holding : held) {
                if (holding.borrower().equals(borrower)) {
                    add(recounted, holding.service(), new Credit(holding.count(), holding.count()));
                }
            }
        }
        boolean differs = !recounted.equals(credit);
        credit = Map.copyOf(recounted);
        return differs;
    }

    private static void add(Map<String, Credit> credit, String service, Credit more) {
        if (more.inAll() > 0) {
            credit.merge(service, more, Credit::plus);
        }
    }

    /** Notes, not more often than once in {@code everyNanos}, that an introduction there is due, and returns whether it is. */
    boolean becomesIntroduced(long fairNanos, long everyNanos) {
        boolean due = fairNanos - introducedFairNanos - everyNanos >= 0;
        if (due) {
            introducedFairNanos = fairNanos;
        }
        return due;
    }

    /**
     * Notes, not more often than once in {@code everyNanos}, that the other server of the peer's pair is to be asked to serve, and
     * returns whether it is: there is one, and this one is not heard.
     */
    boolean becomesVotedOut(long fairNanos, long everyNanos) {
        boolean wanted =
                liveness != PeerLiveness.PRESENT && peer.cloudEndpoints().size() > 1;
        boolean due = wanted && (!votedOut || fairNanos - votedOutFairNanos - everyNanos >= 0);
        if (due) {
            votedOutFairNanos = fairNanos;
        }
        votedOut = wanted;
        return due;
    }

    /**
     * Somebody else has said that it has this peer's name. If both speak by turns, and do so for {@code afterNanos}, the name is
     * taken twice; otherwise it may be the same broker, moved.
     *
     * @return whether that is news
     */
    boolean becomesContended(long fairNanos, long afterNanos) {
        if (!contended) {
            contended = true;
            heardBeforeContention = heard;
            contendedSinceFairNanos = fairNanos;
        }
        contendedFairNanos = fairNanos;
        boolean lasts = fairNanos - contendedSinceFairNanos - afterNanos >= 0;
        boolean news = lasts && heard > heardBeforeContention && !contentionTold;
        contentionTold |= news;
        return news;
    }

    void forgetContention(long fairNanos, long afterNanos) {
        if (contended && fairNanos - contendedFairNanos - afterNanos >= 0) {
            contended = false;
            contentionTold = false;
        }
    }

    PeerView view(long fairNanos) {
        return new PeerView(peer, incarnation, liveness, silentNanos(fairNanos), services, credit);
    }
}
