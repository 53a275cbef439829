package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a queue has waiting, and whose turn it is: what came back goes first, the newest return in front; then the clients
 * take turns with one request each. Mutable.
 */
final class ModelWaiting {

    /** A client is refused when it has this many times as many requests waiting as there is room left. */
    private static final int SHARE_OF_ROOM = 4;

    private final SimWorld world;
    private final QueueSettings settings;
    private final ArrayDeque<ModelRequest> returned = new ArrayDeque<>();
    private final ArrayDeque<ModelClient> turns = new ArrayDeque<>();
    private final Map<Identity, ModelClient> clients = new HashMap<>();
    private int count;
    private long bytes;

    ModelWaiting(SimWorld world, QueueSettings settings) {
        this.world = world;
        this.settings = settings;
    }

    /** Returns the client behind a connection. */
    ModelClient client(Identity identity) {
        return clients.computeIfAbsent(identity, ModelClient::new);
    }

    /** Whoever comes under this identity from here on is another client, with a turn and a share of its own. */
    void clientGone(Identity identity) {
        clients.remove(identity);
    }

    boolean admits(ModelClient client, long requestBytes) {
        int room = settings.pendingMax() - count;
        long roomBytes = settings.pendingBytesMax() - bytes;
        boolean hasShare = client.waiting < SHARE_OF_ROOM * room && client.waitingBytes <= SHARE_OF_ROOM * roomBytes;
        boolean fits = bytes + requestBytes <= settings.pendingBytesMax();
        if (room > 0 && fits && !hasShare) {
            world.reach(SimGoal.SHARE_REFUSED);
        }
        return room > 0 && hasShare && fits;
    }

    void addNew(ModelRequest request) {
        ModelClient client = request.client;
        if (client.line.isEmpty()) {
            turns.addLast(client);
        }
        client.line.addLast(request);
        counted(request, 1);
    }

    void addReturned(ModelRequest request) {
        returned.addFirst(request);
        counted(request, 1);
    }

    @Nullable
    ModelRequest first() {
        return !returned.isEmpty() || turns.isEmpty()
                ? returned.peekFirst()
                : turns.getFirst().line.peekFirst();
    }

    /** Takes out what goes first; whoever's turn it was comes last now. */
    ModelRequest takeFirst() {
        ModelRequest request = Objects.requireNonNull(first(), "something waits");
        if (returned.isEmpty()) {
            ModelClient client = turns.removeFirst();
            client.line.removeFirst();
            if (!client.line.isEmpty()) {
                reachIfTurnMatters(request);
                turns.addLast(client);
            }
        } else {
            returned.removeFirst();
        }
        counted(request, -1);
        return request;
    }

    private void reachIfTurnMatters(ModelRequest taken) {
        for (ModelClient other : turns) {
            if (other.line.getFirst().id > taken.client.line.getFirst().id) {
                world.reach(SimGoal.TURN_GIVEN);
            }
        }
    }

    /** Takes out what waits anywhere; the turns stay as they are. */
    ModelRequest take(long id) {
        for (ModelRequest request : all()) {
            if (request.id == id) {
                boolean stoodInLine = request.client.line.remove(request);
                if (!stoodInLine) {
                    returned.remove(request);
                } else if (request.client.line.isEmpty()) {
                    turns.remove(request.client);
                }
                counted(request, -1);
                return request;
            }
        }
        throw new SimViolation("what ends had waited, request " + id);
    }

    List<ModelRequest> all() {
        List<ModelRequest> all = new ArrayList<>(returned);
        turns.forEach(client -> all.addAll(client.line));
        return all;
    }

    private void counted(ModelRequest request, int change) {
        request.client.waiting += change;
        request.client.waitingBytes += change * request.bytes;
        count += change;
        bytes += change * request.bytes;
    }

    boolean isEmpty() {
        return count == 0;
    }

    int count() {
        return count;
    }

    long bytes() {
        return bytes;
    }

    @Override
    public String toString() {
        return "returned " + returned + ", in turn " + turns + ", next " + first();
    }
}
