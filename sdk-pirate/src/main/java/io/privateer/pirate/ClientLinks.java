package io.privateer.pirate;

import io.privateer.core.Attempt.Outcome;
import org.jspecify.annotations.Nullable;

/** The connections of a {@link PirateClient}, at most one to each endpoint. Belongs to {@link LinkMachine}. */
final class ClientLinks {

    private final ClientPort port;
    private final LinkMachine.Calls calls;
    private final @Nullable ClientLink[] links;
    private long opened;

    ClientLinks(int endpoints, ClientPort port, LinkMachine.Calls calls) {
        this.port = port;
        this.calls = calls;
        this.links = new @Nullable ClientLink[endpoints];
    }

    int count() {
        return links.length;
    }

    /** Returns one place for each endpoint, empty where there is no connection. */
    @Nullable
    ClientLink[] all() {
        return links;
    }

    @Nullable
    ClientLink at(int endpoint) {
        return endpoint == ClientCall.NOWHERE ? null : links[endpoint];
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

    /** Sends what was written on all connections. */
    void flush(long nowNanos) {
        for (ClientLink link : links) {
            if (link != null && link.written) {
                link.written = false;
                link.sentAtNanos = nowNanos;
                port.flush(link.endpoint);
            }
        }
    }

    /** Returns a new connection, or {@code null} if the circuit breaker forbids one or it cannot be made. */
    @Nullable
    ClientLink open(long nowNanos, int endpoint) {
        return port.tryAcquire(endpoint) ? openPermitted(nowNanos, endpoint) : null;
    }

    /** As {@link #open}, once the circuit breaker has permitted it. */
    @Nullable
    ClientLink openPermitted(long nowNanos, int endpoint) {
        if (!port.open(endpoint)) {
            port.ended(endpoint, Outcome.UNREACHABLE, 0);
            return null;
        }
        opened++;
        ClientLink link = new ClientLink(endpoint, nowNanos);
        links[endpoint] = link;
        link.written = true;
        port.hello(endpoint, false);
        return link;
    }

    /** Tells the circuit breaker what became of the connection, once. */
    void report(long nowNanos, ClientLink link, Outcome outcome) {
        if (!link.reported) {
            link.reported = true;
            port.ended(link.endpoint, outcome, nowNanos - link.openedAtNanos);
        }
    }

    void remove(ClientLink link) {
        links[link.endpoint] = null;
        port.close(link.endpoint);
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
}
