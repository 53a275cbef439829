package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.PeerId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The clients a queue knows: plain ones by their connection, those of PRV/1 by their id. */
final class ClientTable {

    private final Map<Identity, QueueClient> plain = new HashMap<>();
    private final Map<PeerId, QueueClient> prv = new HashMap<>();
    private final Set<QueueClient> borrowers = new HashSet<>();

    /** Returns the plain client behind a connection, a new one if need be. */
    QueueClient plain(Identity identity) {
        QueueClient client = plain.get(identity);
        if (client == null) {
            client = QueueClient.plain(identity);
            plain.put(identity, client);
        }
        return client;
    }

    @Nullable
    QueueClient knownPlain(Identity identity) {
        return plain.get(identity);
    }

    @Nullable
    QueueClient knownPrv(PeerId peer) {
        return prv.get(peer);
    }

    void add(QueueClient client, PeerId peer) {
        prv.put(peer, client);
    }

    void remove(QueueClient client) {
        if (client.identity != null) {
            plain.remove(client.identity);
        }
        if (client.peer != null) {
            prv.remove(client.peer);
            borrowers.remove(client);
        }
    }

    /** Notes whether a client of PRV/1 is another cluster. */
    void borrows(QueueClient client, boolean isBorrower) {
        client.borrows = isBorrower;
        if (isBorrower) {
            borrowers.add(client);
        } else {
            borrowers.remove(client);
        }
    }

    Collection<QueueClient> borrowers() {
        return borrowers;
    }

    /** Returns those of PRV/1. */
    Collection<QueueClient> prv() {
        return prv.values();
    }
}
