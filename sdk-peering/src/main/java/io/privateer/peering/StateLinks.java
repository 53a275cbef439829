package io.privateer.peering;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The endpoints at which a broker listens: seeds, which the user named and which are kept, and those that others told of, which are
 * kept while they are of use. Bounded, and so is what anybody can claim for one name. Not thread-safe: belongs to one machine.
 */
final class StateLinks {

    /** Two for each peer. */
    static final int LINKS_MAX = 2 * CapacityMessage.PEERS_MAX;

    static final int LINKS_PER_NAME_MAX = 4;

    private static final long NO_SEED = 0;

    private final MembershipPort port;
    private final Map<String, Link> links = new LinkedHashMap<>();

    /** One endpoint. */
    static final class Link {
        private final String endpoint;
        private String name;
        private long seedOrder = NO_SEED;
        private long keptFairNanos;
        private long triedFairNanos;
        private boolean open;
        private boolean toldOtherVersion;

        private Link(String endpoint, String name) {
            this.endpoint = endpoint;
            this.name = name;
        }

        String endpoint() {
            return endpoint;
        }

        /** Returns who was heard here last, or should be; empty if nobody knows. */
        String name() {
            return name;
        }

        boolean isSeed() {
            return seedOrder != NO_SEED;
        }

        /** Returns which of all orders of the user's made it a seed, from 1, or 0. */
        long seedOrder() {
            return seedOrder;
        }

        void makeSeed(long order) {
            seedOrder = order;
        }

        /** Something was heard here, or somebody has told of it. */
        void keep(long fairNanos) {
            keptFairNanos = fairNanos;
        }

        void heard(String sender, long fairNanos) {
            name = sender;
            toldOtherVersion = false;
            keep(fairNanos);
        }

        /** Notes that a version is spoken here that nobody understands, and returns whether that is news. */
        boolean becomesOtherVersion() {
            boolean news = !toldOtherVersion;
            toldOtherVersion = true;
            return news;
        }
    }

    StateLinks(MembershipPort port) {
        this.port = port;
    }

    @Nullable
    Link get(String endpoint) {
        return links.get(endpoint);
    }

    int count() {
        return links.size();
    }

    /** Listens at {@code endpoint}, where it does not, unless there is no room for another of {@code name}. */
    @Nullable
    Link open(String endpoint, String name, long fairNanos) {
        long ofName = links.values().stream().filter(it -> it.name.equals(name)).count();
        if (links.size() >= LINKS_MAX || (!name.isEmpty() && ofName >= LINKS_PER_NAME_MAX)) {
            return null;
        }
        Link link = new Link(endpoint, name);
        links.put(endpoint, link);
        link.keep(fairNanos);
        connect(link, fairNanos);
        return link;
    }

    private void connect(Link link, long fairNanos) {
        link.triedFairNanos = fairNanos;
        link.open = port.subscribe(link.endpoint);
    }

    /** Makes room for a seed at the cost of the first endpoint that is of no use yet. */
    void makeRoom(Predicate<Link> inUse) {
        if (links.size() >= LINKS_MAX) {
            links.values().stream()
                    .filter(it -> !it.isSeed() && !inUse.test(it))
                    .findFirst()
                    .ifPresent(this::close);
        }
    }

    void close(Link link) {
        links.remove(link.endpoint);
        port.unsubscribe(link.endpoint);
    }

    /** Closes what {@code of} says, of all. */
    void closeIf(Predicate<Link> of) {
        List<Link> all = new ArrayList<>(links.values());
        all.stream().filter(of).forEach(this::close);
    }

    /** Closes what others told of and has not been of use since {@code uselessSinceFairNanos}, and tries again what failed. */
    void sweep(long fairNanos, long uselessSinceFairNanos, long failedSinceFairNanos, Predicate<Link> inUse) {
        closeIf(it -> !it.isSeed() && it.keptFairNanos - uselessSinceFairNanos <= 0 && !inUse.test(it));
        for (Link link : links.values()) {
            if (!link.open && link.triedFairNanos - failedSinceFairNanos <= 0) {
                connect(link, fairNanos);
            }
        }
    }
}
