package io.privateer.pirate;

import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Backoff;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides which server a {@link PirateClient} talks to: one at a time, the next when the present one falls silent, leaves
 * or cannot be reached, and a second one for hedged requests. Touches no socket, clock or thread. Not thread-safe.
 *
 * <p>A client stays with the server that works. Servers that have not been tried since are tried at once, those that have
 * after a backoff. A connection counts as good once the server has said WELCOME, which is also what its circuit breaker
 * is told: slow answers are no fault of the connection.
 */
final class LinkMachine {

    private static final int NONE = ClientCall.NOWHERE;

    /** A tick that comes this late shows that the client itself stood still; nobody was silent meanwhile. */
    private static final long STOOD_STILL_NANOS = 500_000_000L;

    private final ClientPort port;
    private final Calls calls;
    private final int liveness;
    private final long welcomeTimeoutNanos;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final ClientLinks links;
    private int primary = NONE;
    private int next;
    private int failuresInARow;
    private long reconnectAtNanos;
    private boolean denied;
    private long lost;

    /** What becomes of the calls when connections come and go. */
    interface Calls {

        /** A connection takes what may be sent: first attempts at once, everything once it is welcomed. */
        void onReady(long nowNanos, ClientLink link);

        /** What was sent on a connection will not be answered on it. */
        void onLost(long nowNanos, ClientLink link, Outcome outcome);

        int openCount();

        long firstOpenId();
    }

    LinkMachine(PirateClientConfig config, RandomGenerator random, ClientPort port, Calls calls) {
        this.port = port;
        this.calls = calls;
        this.liveness = config.liveness();
        this.welcomeTimeoutNanos = config.welcomeTimeout().toNanos();
        this.backoff = config.backoff();
        this.random = random;
        this.links = new ClientLinks(config.endpoints().size(), port, calls);
    }

    /** Opens the first connection. */
    void start(long nowNanos) {
        connect(nowNanos);
    }

    /** Returns the connection that requests go to, or {@code null} while there is none. */
    @Nullable
    ClientLink primary() {
        return links.at(primary);
    }

    /** Returns the connections themselves, to write on. */
    ClientLinks all() {
        return links;
    }

    /** Returns whether there is no connection because every circuit breaker is open. */
    boolean isDenied() {
        return denied;
    }

    /** Returns a connection to another server than the present one, or {@code null} if none can be had now. */
    @Nullable
    ClientLink second(long nowNanos) {
        for (int i = 1; i < links.count(); i++) {
            int candidate = (primary + i) % links.count();
            ClientLink link = links.at(candidate);
            if (link == null) {
                link = links.open(nowNanos, candidate);
            }
            if (link != null && !link.inactive) {
                return link;
            }
        }
        return null;
    }

    /** Something arrived. */
    void onHeard(long nowNanos, int endpoint) {
        ClientLink link = links.at(endpoint);
        if (link != null) {
            link.heardAtNanos = nowNanos;
        }
    }

    /**
     * The server answers HELLO, or tells that it takes requests again, or no more.
     *
     * @param standby whether it takes none now
     */
    void onWelcome(
            long nowNanos,
            int endpoint,
            PeerId incarnation,
            int heartbeatMillis,
            int messageBytesMax,
            boolean standby) {
        ClientLink link = links.at(endpoint);
        if (link == null) {
            return;
        }
        if (link.welcomed && !incarnation.equals(link.incarnation)) {
            calls.onLost(nowNanos, link, Outcome.DISCONNECTED); // Another life of the queue, which has lost everything.
        }
        boolean news = !link.welcomed || !incarnation.equals(link.incarnation);
        boolean ready = news || link.inactive;
        link.onWelcome(nowNanos, incarnation, heartbeatMillis, messageBytesMax);
        port.limit(endpoint, link.messageBytesMax);
        links.report(nowNanos, link, Outcome.REPLIED);
        if (news) {
            port.welcomed(endpoint, incarnation);
        }
        if (standby) {
            onInactive(nowNanos, endpoint);
            if (news && calls.openCount() > 0) {
                ask(nowNanos, link);
            }
        } else if (ready) {
            link.inactive = false;
            link.stale = false;
            prefer(nowNanos, link);
            calls.onReady(nowNanos, link);
        }
    }

    /** There are calls, and no server takes them: those that stand by hear of it. */
    void onWanted(long nowNanos) {
        for (ClientLink link : links.all()) {
            if (link != null && link.inactive && nowNanos - link.votedAtNanos - link.heartbeatNanos >= 0) {
                ask(nowNanos, link);
            }
        }
    }

    /** WELCOME will tell whether the server still takes no requests, which the vote may have changed. */
    private void ask(long nowNanos, ClientLink link) {
        links.beginWrite(link);
        boolean vote = calls.openCount() > 0 && !isServed();
        if (vote) {
            link.votedAtNanos = nowNanos;
        }
        port.hello(link.endpoint, vote);
    }

    private boolean isServed() {
        ClientLink present = primary();
        return present != null && present.welcomed;
    }

    /** A server that takes requests is better than one that has not said so yet. */
    private void prefer(long nowNanos, ClientLink link) {
        ClientLink former = primary();
        if (former == link || (former != null && former.welcomed)) {
            return;
        }
        primary = link.endpoint;
        next = link.endpoint;
        denied = false;
        failuresInARow = 0;
        if (former != null) {
            lose(nowNanos, former, Outcome.ABANDONED);
        }
    }

    /** The server takes no requests now. The connection stays: it may finish what it has, and take others later. */
    void onInactive(long nowNanos, int endpoint) {
        ClientLink link = links.at(endpoint);
        if (link != null && !link.inactive) {
            link.inactive = true;
            link.votedAtNanos = nowNanos;
            port.inactive(endpoint);
            if (primary == endpoint) {
                leavePrimary(nowNanos, link);
            }
        }
    }

    void onGoodbye(long nowNanos, int endpoint, Status why) {
        ClientLink link = links.at(endpoint);
        if (link == null) {
            return;
        }
        if (why == Status.UNKNOWN_PEER && !link.welcomed) {
            return; // It answers what crossed HELLO; a server that never says WELCOME is left for that.
        }
        if (why == Status.UNKNOWN_PEER && nowNanos - link.helloAtNanos >= link.heartbeatNanos) {
            calls.onLost(nowNanos, link, Outcome.DISCONNECTED);
            link.welcomed = false;
            link.helloAtNanos = nowNanos;
            link.written = true;
            port.hello(endpoint, false);
        } else {
            lose(nowNanos, link, why == Status.OK ? Outcome.DISCONNECTED : Outcome.REFUSED);
        }
    }

    /** The server does not know yet that another has replaced it. It is told, and what it has counts for nothing. */
    void onStale(long nowNanos, int endpoint) {
        ClientLink link = links.at(endpoint);
        if (link != null && !link.stale) {
            link.stale = true;
            onInactive(nowNanos, endpoint);
            calls.onLost(nowNanos, link, Outcome.REFUSED);
            ask(nowNanos, link);
            ClientLink present = primary();
            if (present != null) {
                calls.onReady(nowNanos, present);
            }
        }
    }

    /** The server at {@code endpoint} knows a newer epoch than any before, so the others have been replaced. */
    void onNewerEpoch(long nowNanos, int endpoint) {
        for (ClientLink link : links.all()) {
            if (link != null && link.endpoint == endpoint) {
                link.stale = false;
            } else if (link != null && link.welcomed) {
                onStale(nowNanos, link.endpoint);
            }
        }
    }

    void onDisconnected(long nowNanos, int endpoint) {
        ClientLink link = links.at(endpoint);
        if (link != null) {
            lose(nowNanos, link, Outcome.DISCONNECTED);
        }
    }

    /** Lets time pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        long lateNanos = nowNanos - nextDeadlineNanos();
        for (ClientLink link : links.all()) {
            if (link != null) {
                if (lateNanos > STOOD_STILL_NANOS) {
                    link.onStoodStill(nowNanos, lateNanos);
                }
                tick(nowNanos, link);
            }
        }
        if (primary == NONE && nowNanos - reconnectAtNanos >= 0) {
            connect(nowNanos);
        }
    }

    private void tick(long nowNanos, ClientLink link) {
        if (nowNanos - link.silentAtNanos(liveness, welcomeTimeoutNanos) >= 0) {
            lose(nowNanos, link, Outcome.TIMED_OUT);
        } else if (nowNanos - link.sentAtNanos - link.heartbeatNanos >= 0) {
            links.beginWrite(link);
            if (link.inactive) {
                ask(nowNanos, link);
            } else {
                port.heartbeat(link.endpoint);
            }
            link.sentAtNanos = nowNanos;
        }
    }

    /** Returns when {@link #onTick} is due at the latest; there is always something. */
    long nextDeadlineNanos() {
        boolean any = primary == NONE;
        long earliest = reconnectAtNanos;
        for (ClientLink link : links.all()) {
            if (link != null) {
                long due = Deadlines.earlier(
                        link.silentAtNanos(liveness, welcomeTimeoutNanos), link.sentAtNanos + link.heartbeatNanos);
                earliest = any ? Deadlines.earlier(earliest, due) : due;
                any = true;
            }
        }
        return earliest;
    }

    long opened() {
        return links.opened();
    }

    long lost() {
        return lost;
    }

    private void connect(long nowNanos) {
        boolean deniedAll = true;
        for (int i = 0; i < links.count(); i++) {
            int candidate = (next + i) % links.count();
            ClientLink link = links.at(candidate);
            if (link == null) {
                boolean permitted = port.tryAcquire(candidate);
                deniedAll &= !permitted;
                link = permitted ? links.openPermitted(nowNanos, candidate) : null;
            }
            deniedAll &= link == null;
            if (link != null && !link.inactive) {
                primary = candidate;
                next = candidate;
                denied = false;
                calls.onReady(nowNanos, link);
                return;
            }
        }
        denied = deniedAll;
        failuresInARow++;
        reconnectAtNanos = nowNanos + backoff.delayNanos(failuresInARow, random);
    }

    private void lose(long nowNanos, ClientLink link, Outcome outcome) {
        lost++;
        links.report(nowNanos, link, outcome);
        links.remove(link);
        boolean wasPrimary = primary == link.endpoint;
        if (wasPrimary) {
            primary = NONE;
        }
        port.lost(link.endpoint, outcome, calls.openCount());
        calls.onLost(nowNanos, link, outcome);
        ClientLink present = primary();
        if (wasPrimary) {
            leavePrimary(nowNanos, link);
        } else if (present != null) {
            calls.onReady(nowNanos, present);
        }
    }

    private void leavePrimary(long nowNanos, ClientLink link) {
        primary = NONE;
        failuresInARow = link.hasLasted(nowNanos) ? 1 : failuresInARow + 1;
        next = (link.endpoint + 1) % links.count();
        reconnect(nowNanos);
        if (calls.openCount() > 0) {
            onWanted(nowNanos);
        }
    }

    /** A server that has not been tried since things went wrong is tried at once. */
    private void reconnect(long nowNanos) {
        if (failuresInARow < links.count()) {
            connect(nowNanos);
        } else {
            reconnectAtNanos = nowNanos + backoff.delayNanos(failuresInARow / links.count(), random);
        }
    }
}
