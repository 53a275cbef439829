package io.privateer.pirate;

import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Backoff;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
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

    /** Until a server has said its own. */
    private static final long HEARTBEAT_NANOS = 1_000_000_000L;

    /** What a server says is held between these, or it could make the client spin, or wait for a week. */
    private static final long HEARTBEAT_NANOS_MIN = 10_000_000L;

    private static final long HEARTBEAT_NANOS_MAX = 60 * HEARTBEAT_NANOS;

    /** A tick that comes this late shows that the client itself stood still; nobody was silent meanwhile. */
    private static final long STOOD_STILL_NANOS = 500_000_000L;

    private final ClientPort port;
    private final Calls calls;
    private final int liveness;
    private final long welcomeTimeoutNanos;
    private final Backoff backoff;
    private final RandomGenerator random;
    private final @Nullable ClientLink[] links;
    private int primary = NONE;
    private int next;
    private int failuresInARow;
    private long reconnectAtNanos;
    private boolean denied;
    private long opened;
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
        this.links = new @Nullable ClientLink[config.endpoints().size()];
    }

    /** Opens the first connection. */
    void start(long nowNanos) {
        connect(nowNanos);
    }

    /** Returns the connection that requests go to, or {@code null} while there is none. */
    @Nullable
    ClientLink primary() {
        return primary == NONE ? null : links[primary];
    }

    @Nullable
    ClientLink at(int endpoint) {
        return endpoint == NONE ? null : links[endpoint];
    }

    /** Returns whether there is no connection because every circuit breaker is open. */
    boolean isDenied() {
        return denied;
    }

    /** Returns a connection to another server than the present one, or {@code null} if none can be had now. */
    @Nullable
    ClientLink second(long nowNanos) {
        for (int i = 1; i < links.length; i++) {
            int candidate = (primary + i) % links.length;
            ClientLink link = links[candidate];
            if (link == null) {
                link = open(nowNanos, candidate);
            }
            if (link != null) {
                return link;
            }
        }
        return null;
    }

    /** Must be called before something is written on {@code link}. */
    void beginWrite(ClientLink link) {
        if (!link.written) {
            link.written = true;
            long firstOpen = calls.firstOpenId();
            if (link.acknowledged != firstOpen) {
                link.acknowledged = firstOpen;
                port.acknowledge(link.endpoint, firstOpen);
            }
        }
    }

    /** Sends what was written on all connections, and leaves those that are of no use any more. */
    void flush(long nowNanos) {
        for (ClientLink link : links) {
            if (link != null && link.refused) {
                lose(nowNanos, link, Outcome.REFUSED);
            }
        }
        for (ClientLink link : links) {
            if (link != null && link.written) {
                link.written = false;
                link.sentAtNanos = nowNanos;
                port.flush(link.endpoint);
            }
        }
    }

    /** Something arrived. */
    void onHeard(long nowNanos, int endpoint) {
        ClientLink link = links[endpoint];
        if (link != null) {
            link.heardAtNanos = nowNanos;
        }
    }

    void onWelcome(long nowNanos, int endpoint, PeerId incarnation, int heartbeatMillis, int messageBytesMax) {
        ClientLink link = links[endpoint];
        if (link == null) {
            return;
        }
        if (link.welcomed && !incarnation.equals(link.incarnation)) {
            calls.onLost(nowNanos, link, Outcome.DISCONNECTED); // Another life of the queue, which has lost everything.
        }
        boolean news = !link.welcomed || !incarnation.equals(link.incarnation);
        link.welcomed = true;
        link.welcomedAtNanos = nowNanos;
        link.incarnation = incarnation;
        link.heartbeatNanos =
                Math.max(HEARTBEAT_NANOS_MIN, Math.min(heartbeatMillis * 1_000_000L, HEARTBEAT_NANOS_MAX));
        link.messageBytesMax = Math.max(Prv.MESSAGE_BYTES_MIN, messageBytesMax);
        port.limit(endpoint, link.messageBytesMax);
        report(nowNanos, link, Outcome.REPLIED);
        if (news) {
            port.welcomed(endpoint, incarnation);
            calls.onReady(nowNanos, link);
        }
    }

    void onGoodbye(long nowNanos, int endpoint, Status why) {
        ClientLink link = links[endpoint];
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
            port.hello(endpoint);
        } else {
            lose(nowNanos, link, why == Status.OK ? Outcome.DISCONNECTED : Outcome.REFUSED);
        }
    }

    void onDisconnected(long nowNanos, int endpoint) {
        ClientLink link = links[endpoint];
        if (link != null) {
            lose(nowNanos, link, Outcome.DISCONNECTED);
        }
    }

    /** Lets time pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        long lateNanos = nowNanos - nextDeadlineNanos();
        for (ClientLink link : links) {
            if (link != null) {
                if (lateNanos > STOOD_STILL_NANOS) {
                    link.heardAtNanos += lateNanos;
                    link.helloAtNanos += lateNanos;
                }
                tick(nowNanos, link);
            }
        }
        if (primary == NONE && nowNanos - reconnectAtNanos >= 0) {
            connect(nowNanos);
        }
    }

    private void tick(long nowNanos, ClientLink link) {
        if (nowNanos - silentAtNanos(link) >= 0) {
            lose(nowNanos, link, Outcome.TIMED_OUT);
        } else if (nowNanos - link.sentAtNanos - link.heartbeatNanos >= 0) {
            beginWrite(link);
            port.heartbeat(link.endpoint);
            link.sentAtNanos = nowNanos;
        }
    }

    /** Returns when the server has been silent for so long that it counts as gone. */
    private long silentAtNanos(ClientLink link) {
        return link.welcomed
                ? link.heardAtNanos + liveness * link.heartbeatNanos
                : link.helloAtNanos + welcomeTimeoutNanos;
    }

    /** Returns when {@link #onTick} is due at the latest; there is always something. */
    long nextDeadlineNanos() {
        boolean any = primary == NONE;
        long earliest = reconnectAtNanos;
        for (ClientLink link : links) {
            if (link != null) {
                long due = Deadlines.earlier(silentAtNanos(link), link.sentAtNanos + link.heartbeatNanos);
                earliest = any ? Deadlines.earlier(earliest, due) : due;
                any = true;
            }
        }
        return earliest;
    }

    /** Says goodbye everywhere and closes everything. */
    void close(long nowNanos) {
        for (ClientLink link : links) {
            if (link != null) {
                port.goodbye(link.endpoint);
                port.flush(link.endpoint);
                report(nowNanos, link, Outcome.ABANDONED);
                remove(link);
            }
        }
    }

    long opened() {
        return opened;
    }

    long lost() {
        return lost;
    }

    private void connect(long nowNanos) {
        boolean tried = false;
        for (int i = 0; i < links.length; i++) {
            int candidate = (next + i) % links.length;
            ClientLink link = links[candidate];
            if (link == null) {
                boolean permitted = port.tryAcquire(candidate);
                tried |= permitted;
                link = permitted ? openPermitted(nowNanos, candidate) : null;
            }
            if (link != null) {
                primary = candidate;
                next = candidate;
                denied = false;
                calls.onReady(nowNanos, link);
                return;
            }
        }
        denied = !tried;
        failuresInARow++;
        reconnectAtNanos = nowNanos + backoff.delayNanos(failuresInARow, random);
    }

    private @Nullable ClientLink open(long nowNanos, int endpoint) {
        return port.tryAcquire(endpoint) ? openPermitted(nowNanos, endpoint) : null;
    }

    private @Nullable ClientLink openPermitted(long nowNanos, int endpoint) {
        if (!port.open(endpoint)) {
            port.ended(endpoint, Outcome.UNREACHABLE, 0);
            return null;
        }
        opened++;
        ClientLink link = new ClientLink(endpoint, nowNanos, HEARTBEAT_NANOS);
        links[endpoint] = link;
        link.written = true;
        port.hello(endpoint);
        return link;
    }

    private void lose(long nowNanos, ClientLink link, Outcome outcome) {
        lost++;
        boolean lasted = link.welcomed && nowNanos - link.welcomedAtNanos >= link.heartbeatNanos;
        report(nowNanos, link, outcome);
        remove(link);
        boolean wasPrimary = primary == link.endpoint;
        if (wasPrimary) {
            primary = NONE;
        }
        port.lost(link.endpoint, outcome, calls.openCount());
        calls.onLost(nowNanos, link, outcome);
        if (wasPrimary) {
            failuresInARow = lasted ? 1 : failuresInARow + 1;
            next = (link.endpoint + 1) % links.length;
            reconnect(nowNanos);
        }
    }

    /** A server that has not been tried since things went wrong is tried at once. */
    private void reconnect(long nowNanos) {
        if (failuresInARow < links.length) {
            connect(nowNanos);
        } else {
            reconnectAtNanos = nowNanos + backoff.delayNanos(failuresInARow / links.length, random);
        }
    }

    private void report(long nowNanos, ClientLink link, Outcome outcome) {
        if (!link.reported) {
            link.reported = true;
            port.ended(link.endpoint, outcome, nowNanos - link.openedAtNanos);
        }
    }

    private void remove(ClientLink link) {
        links[link.endpoint] = null;
        port.close(link.endpoint);
    }
}
