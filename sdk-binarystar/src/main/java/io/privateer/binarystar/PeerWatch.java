package io.privateer.binarystar;

import io.privateer.binarystar.BinaryStarRules.Facts;
import io.privateer.core.FairClock;
import io.privateer.core.wire.PeerId;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Watches the peer over one or several state links: what it said last, whether it is gone, and what is wrong with it. It
 * is gone if it was silent for the failover time, in fair time, or, faster, if every link is lost and on each a new
 * connection was refused: then its process has ended, and is not merely slow.
 */
final class PeerWatch {

    private final StarSettings settings;
    private final FairClock clock;
    private final long toleranceNanos;
    private final long startedFairNanos;
    private final LinkState[] links;
    private final @Nullable Misconfiguration[] wrong;
    private final String[] details;
    private final long[] strangerHeardFairNanos;
    private @Nullable PeerState last;
    private long heardFairNanos;
    private long activeIn;
    private boolean seen;
    private boolean voted;
    private long votedFairNanos;

    private enum LinkState {
        /** Something was heard since it was last lost. */
        UP,
        /** Never up, or the connection ended; the peer's process may live. */
        LOST,
        /** And a new connection was refused. */
        REFUSED
    }

    PeerWatch(StarSettings settings, long nowNanos) {
        this.settings = settings;
        long sweepNanos = Math.max(1, settings.heartbeatNanos() / 4);
        this.toleranceNanos = sweepNanos;
        this.clock = new FairClock(nowNanos, sweepNanos, toleranceNanos);
        this.startedFairNanos = clock.fair(nowNanos);
        this.heardFairNanos = startedFairNanos;
        this.links = new LinkState[settings.links()];
        Arrays.fill(links, LinkState.LOST);
        this.wrong = new @Nullable Misconfiguration[settings.links()];
        this.details = new String[settings.links()];
        Arrays.fill(details, "");
        this.strangerHeardFairNanos = new long[settings.links()];
    }

    /** Takes note of the time; to be called first with every input. */
    void observe(long nowNanos) {
        clock.observe(nowNanos);
    }

    boolean sweepDue(long nowNanos) {
        return clock.sweepDue(nowNanos);
    }

    long nextSweepNanos() {
        return clock.nextSweepNanos();
    }

    /**
     * Takes a state message.
     *
     * @return false if it is no news: it came over another link before, or overtook it, or is no peer's
     */
    boolean hear(long nowNanos, int link, PeerState message) {
        Misconfiguration found = Misconfiguration.between(settings, message);
        note(nowNanos, link, found, message);
        links[link] = LinkState.UP;
        PeerState before = last;
        boolean old =
                before != null && before.nodeId().equals(message.nodeId()) && message.sequence() <= before.sequence();
        if (old || (found != null && found.isOfStranger())) {
            return false;
        }
        last = message;
        heardFairNanos = clock.fair(nowNanos);
        if (message.state() == StarState.ACTIVE) {
            activeIn = Math.max(activeIn, message.epoch());
        }
        return true;
    }

    /** A stranger's word lasts for the failover time: where the peer is heard in between, that is one problem and not many. */
    private void note(long nowNanos, int link, @Nullable Misconfiguration found, PeerState message) {
        Misconfiguration before = wrong[link];
        boolean stranger = found != null && found.isOfStranger();
        boolean lasts = before != null
                && before.isOfStranger()
                && clock.fair(nowNanos) - strangerHeardFairNanos[link] - settings.failoverNanos() < 0;
        if (lasts && !stranger) {
            return;
        }
        wrong[link] = found;
        if (stranger) {
            strangerHeardFairNanos[link] = clock.fair(nowNanos);
        }
        if (found != null && found != before) {
            details[link] = found.detail(settings, message);
        }
    }

    /** Others know of {@code epoch}. If that is the peer's, it is alive, and must be silent anew before it counts as gone. */
    void hearOf(long nowNanos, long epoch) {
        if (!Epochs.wasLastActive(settings.role(), epoch)) {
            heardFairNanos = clock.fair(nowNanos);
            activeIn = Math.max(activeIn, epoch);
        }
    }

    /**
     * Returns {@code newest} if the peer is known to have been active in it, otherwise 0: a witness tells of epochs that nobody
     * has ever been active in.
     */
    long activeIn(long newest) {
        return activeIn == newest ? newest : 0;
    }

    /** Returns what the rules ask for. */
    Facts facts(long nowNanos, boolean newer, EpochKeeper epoch) {
        return new Facts(
                settings.mode(),
                isGone(nowNanos),
                newer,
                isSoloAllowed(nowNanos),
                epoch.isGood(),
                last == null || last.canServe(),
                Epochs.wasLastActive(settings.role(), epoch.newest()),
                misconfiguration());
    }

    /** Returns whether that is news: the link was not lost already. */
    boolean lose(int link) {
        boolean news = links[link] == LinkState.UP;
        if (news) {
            links[link] = LinkState.LOST;
        }
        return news;
    }

    /** A new connection was refused. Where messages arrive all the same, that was another one. */
    void refuse(int link) {
        if (links[link] == LinkState.LOST) {
            links[link] = LinkState.REFUSED;
            wrong[link] = null;
        }
    }

    boolean isGone(long nowNanos) {
        return isRefused() || clock.fair(nowNanos) - heardFairNanos - settings.failoverNanos() >= 0;
    }

    boolean isRefused() {
        for (LinkState link : links) {
            if (link != LinkState.REFUSED) {
                return false;
            }
        }
        return true;
    }

    /** Returns when the peer will have been silent for the failover time. */
    long goneAtNanos() {
        return clock.unfair(heardFairNanos + settings.failoverNanos());
    }

    /** Notes that the peer is there, and returns whether that is news. */
    boolean becomesSeen() {
        boolean news = !seen;
        seen = true;
        return news;
    }

    /** Notes if the peer is gone, and returns whether that is news. */
    boolean becomesLost(long nowNanos) {
        boolean news = seen && isGone(nowNanos);
        if (news) {
            seen = false;
        }
        return news;
    }

    boolean isSeen() {
        return seen;
    }

    @Nullable
    PeerState last() {
        return last;
    }

    /** Returns the sequence of the last message heard, or 0. */
    long lastSequence() {
        PeerState message = last;
        return message == null ? 0 : message.sequence();
    }

    boolean isFrom(PeerId nodeId) {
        PeerState message = last;
        return message != null && message.nodeId().equals(nodeId);
    }

    /** Returns where clients find the peer if that is active, or empty. */
    String activeFrontend() {
        PeerState message = last;
        return message != null && message.state() == StarState.ACTIVE ? message.frontend() : "";
    }

    /** Returns whether the peer could take over now. */
    boolean isReady(long nowNanos) {
        PeerState message = last;
        return message != null
                && message.state() == StarState.PASSIVE
                && message.canServe()
                && !isGone(nowNanos)
                && misconfiguration() == null;
    }

    /** Asks again, for a connection may be accepted one moment before the process is gone. */
    void probeLostLinks(BinaryStarPort port) {
        for (int link = 0; link < links.length; link++) {
            if ((seen || wrong[link] != null) && links[link] == LinkState.LOST) {
                port.probe(link);
            }
        }
    }

    /** Returns what is wrong, the worst first. Silence mends nothing, the end of the peer's process does. */
    @Nullable
    Misconfiguration misconfiguration() {
        Misconfiguration worst = null;
        for (Misconfiguration found : wrong) {
            if (found != null && (worst == null || found.compareTo(worst) < 0)) {
                worst = found;
            }
        }
        return worst;
    }

    /** Returns what {@code found} is about, in whose words; for the log. */
    String detail(Misconfiguration found) {
        return details[Arrays.asList(wrong).indexOf(found)];
    }

    void vote(long nowNanos) {
        voted = true;
        votedFairNanos = clock.fair(nowNanos);
    }

    void forgetVote() {
        voted = false;
    }

    /** A vote counts for the failover time, and as much longer as a sweep may be late. */
    boolean hasVote(long nowNanos) {
        voted = voted && clock.fair(nowNanos) - votedFairNanos - settings.failoverNanos() <= toleranceNanos;
        return voted;
    }

    /** Returns whether a backup has waited long enough to serve without a primary. */
    boolean isSoloAllowed(long nowNanos) {
        long soloAfterNanos = settings.soloAfterNanos();
        return soloAfterNanos >= 0 && clock.fair(nowNanos) - startedFairNanos - soloAfterNanos >= 0;
    }

    /** Returns fair time, in which deadlines that pauses put off are kept. */
    long fair(long nowNanos) {
        return clock.fair(nowNanos);
    }

    /** Returns when fair time will be {@code fairNanos}. */
    long unfair(long fairNanos) {
        return clock.unfair(fairNanos);
    }
}
