package io.privateer.pirate;

import io.privateer.core.FrameBytes;
import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Refusals;
import io.privateer.core.wire.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which clients there are, and what a queue says to one that asks. A client of PRV/1 stays the same through any number of
 * connections. Belongs to {@link QueueMachine}.
 */
final class Clientele {

    private static final long NANOS_PER_MICRO = 1_000;

    /** Far from where a sum with a reading of the clock would wrap. */
    private static final long TTL_NANOS_MAX = Long.MAX_VALUE / 4;

    /** How many forgotten clients of at-most-once requests are remembered, by their ids alone. */
    static final int FORGOTTEN_MAX = 16_384;

    private final QueueSettings settings;
    private final RequestLedger ledger;
    private final ClientTable clients = new ClientTable();

    /** Up to where the requests of forgotten clients may have run, which must not run twice; the longest ago first. */
    private final Map<PeerId, Long> mayHaveRunUpTo = new LinkedHashMap<>();

    Clientele(QueueSettings settings, RequestLedger ledger) {
        this.settings = settings;
        this.ledger = ledger;
    }

    /** Returns whether the request was taken; plain clients are told nothing. */
    boolean plainRequest(Identity identity, byte[][] returnAddress, byte[][] body, long nowNanos) {
        QueuedRequest request = ledger.newRequest();
        request.line = clients.plain(identity).lineOf(ledger.defaultService);
        request.returnAddress = returnAddress;
        request.body = body;
        request.bytes = FrameBytes.sum(body) + FrameBytes.sum(returnAddress);
        request.ttlNanos = settings.requestTtlNanos();
        return ledger.accept(request, nowNanos);
    }

    void plainGone(Identity identity, long nowNanos, long fairNanos) {
        QueueClient client = clients.knownPlain(identity);
        if (client != null) {
            if (!identity.survivesReconnect() || Refusals.isMarked(identity.bytes())) {
                ledger.abandonAll(client, nowNanos, fairNanos);
            }
            clients.remove(client);
        }
    }

    /** Returns whether the client is welcome. */
    boolean hello(PrvLink link, RecordReader hello, long fairNanos) {
        PeerId peer = hello.peer();
        QueueClient client = clients.knownPrv(peer);
        if (client == null && clients.prv().size() >= settings.clientsMax()) {
            link.goodbye(Status.BUSY);
            return false;
        }
        if (link.client != null && link.client != client) {
            link.client.heardAtNanos = fairNanos;
            link.client.unlink();
        }
        if (client == null) {
            client = newClient(peer);
        } else if (client.link != null && client.link != link) {
            client.link.client = null;
        }
        client.link = link;
        clients.borrows(client, link.borrows);
        client.heardAtNanos = fairNanos;
        link.client = client;
        link.limit(hello.messageBytesMax());
        return true;
    }

    private QueueClient newClient(PeerId peer) {
        QueueClient client = QueueClient.prv(peer);
        Long upTo = mayHaveRunUpTo.remove(peer);
        if (upTo != null) {
            client.forgottenUpTo = upTo;
            client.asksOnce = true;
        }
        clients.add(client, peer);
        return client;
    }

    /** Returns the service in which the request now waits, or {@code null} if it was known already or refused. */
    @Nullable
    Service request(QueueClient client, RecordReader record, long nowNanos) {
        long clientId = record.id();
        if (ledger.isDuplicate(client, clientId)) {
            return null;
        }
        client.asksOnce |= record.isOnce();
        if (record.isOnce() && mayHaveRun(client, record)) {
            refuse(client, clientId, Status.WORKER_LOST);
            return null;
        }
        Service service = ledger.service(record.service());
        QueuedRequest request = ledger.newRequest();
        request.line = client.lineOf(service);
        request.clientId = clientId;
        request.body = record.body();
        request.headers = record.headers();
        request.once = record.isOnce();
        request.borrowed = client.borrows;
        request.bytes = record.bodyBytes() + request.headers.length;
        request.ttlNanos = ttlNanos(record.ttlMicros());
        if (!ledger.accept(request, nowNanos)) {
            refuse(client, clientId, ledger.intake.isDraining() ? Status.NOT_ACTIVE : Status.BUSY);
            return null;
        }
        return service;
    }

    /**
     * Whether it was sent before and this queue cannot know, or knows no more, what became of it. The queue that served
     * before may have run it after it had ceased to tell what it does.
     */
    private boolean mayHaveRun(QueueClient client, RecordReader record) {
        return record.isElsewhere()
                || record.id() - client.forgottenUpTo <= 0
                || (record.attempt() > 1 && !ledger.dedupe.isOn());
    }

    private void refuse(QueueClient client, long clientId, Status status) {
        if (client.link != null) {
            int retryAfterMillis = status == Status.WORKER_LOST ? 0 : settings.retryAfterMillis();
            client.link.reply(clientId, status, 0, retryAfterMillis, null);
        }
    }

    private long ttlNanos(long ttlMicros) {
        return ttlMicros == Prv.NO_TTL
                ? settings.requestTtlNanos()
                : Math.min(ttlMicros, TTL_NANOS_MAX / NANOS_PER_MICRO) * NANOS_PER_MICRO;
    }

    void goodbye(QueueClient client, long nowNanos, long fairNanos) {
        ledger.abandonAll(client, nowNanos, fairNanos);
        ledger.log.gone(client);
        client.unlink();
        clients.remove(client);
    }

    void goodbyeAll() {
        for (QueueClient client : clients.prv()) {
            if (client.link != null) {
                client.link.goodbye(Status.OK);
            }
        }
    }

    void drainAll() {
        for (QueueClient client : clients.prv()) {
            if (client.link != null) {
                client.link.drain();
            }
        }
    }

    /** Returns the client of whom the other queue tells; it may have no connection here. */
    QueueClient followed(PeerId peer, long fairNanos) {
        QueueClient known = clients.knownPrv(peer);
        QueueClient client = known == null ? newClient(peer) : known;
        client.heardAtNanos = fairNanos;
        return client;
    }

    /** Knows a client of whom the other queue tells no more, unless it has a connection here. */
    void leave(QueueClient client) {
        if (client.link == null) {
            clients.remove(client);
        }
    }

    Collection<QueueClient> prv() {
        return clients.prv();
    }

    /** Returns those that are other clusters. */
    Collection<QueueClient> borrowers() {
        return clients.borrowers();
    }

    void beatAll() {
        for (QueueClient client : clients.prv()) {
            if (client.link != null) {
                client.link.beat();
            }
        }
    }

    /** A client that was silent for long has no connection; one without a connection is kept as long as its replies. */
    void forget(long fairNanos) {
        List<QueueClient> forgotten = new ArrayList<>(0);
        for (QueueClient client : clients.prv()) {
            long silentNanos = fairNanos - client.heardAtNanos;
            if (client.borrows && client.link != null && silentNanos >= settings.silenceNanos()) {
                // It may hear this queue without being heard, and wait for what never arrived.
                client.link.goodbye(Status.UNKNOWN_PEER);
                client.unlink();
            } else if (silentNanos >= settings.forgetNanos()) {
                client.unlink();
            }
            if (client.link == null
                    && client.requests.isEmpty()
                    && silentNanos >= settings.dedupe().windowNanos()) {
                forgotten.add(client);
            }
        }
        for (QueueClient client : forgotten) {
            clients.remove(client);
            rememberOnce(client);
        }
    }

    private void rememberOnce(QueueClient client) {
        if (client.asksOnce && client.peer != null && client.forgottenUpTo > 0) {
            mayHaveRunUpTo.put(client.peer, client.forgottenUpTo);
            if (mayHaveRunUpTo.size() > FORGOTTEN_MAX) {
                mayHaveRunUpTo.remove(mayHaveRunUpTo.keySet().iterator().next());
            }
        }
    }
}
