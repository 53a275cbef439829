package io.privateer.core.transport;

import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The open sockets of one loop, and those of them that may have something to hand over. Not thread-safe: confine to the
 * loop's thread, except {@link #endWait()}.
 */
final class LoopSockets {

    private final Set<ZmqSocket> open = new LinkedHashSet<>();
    private final ArrayDeque<ZmqSocket> dirty = new ArrayDeque<>();

    /** What the thread waits on; JeroMQ may replace it. */
    private volatile @Nullable LoopSelector selector;

    /** Notes what the thread waits on now. */
    void waitOn(LoopSelector present) {
        if (selector != present) {
            selector = present;
            for (ZmqSocket socket : open) {
                socket.watch(present);
            }
        }
    }

    /** Ends the thread's wait. Any thread; does nothing before the first turn, which nobody waits for. */
    void endWait() {
        LoopSelector present = selector;
        if (present != null) {
            present.nudge();
        }
    }

    void attach(ZmqSocket socket) {
        open.add(socket);
        socket.watch(present());
        markDirty(socket);
    }

    /** The key goes first: a descriptor that closes while it is registered lingers in the selector. */
    void detach(ZmqSocket socket, SelectionKey key) {
        key.cancel();
        present().forgetCancelled();
        open.remove(socket);
    }

    private LoopSelector present() {
        return Objects.requireNonNull(selector, "sockets are opened in a turn");
    }

    void markDirty(ZmqSocket socket) {
        if (!socket.dirty && !socket.closed) {
            socket.dirty = true;
            dirty.add(socket);
        }
    }

    boolean areClean() {
        return dirty.isEmpty();
    }

    /** Drains each socket that was dirty at the start once; what becomes dirty meanwhile waits for the next turn. */
    int drainDirty() {
        int work = 0;
        for (int left = dirty.size(); left > 0; left--) {
            ZmqSocket socket = dirty.remove();
            socket.dirty = false;
            if (!socket.closed) {
                int handled = socket.drain();
                work += handled;
                if (handled == ZmqSocket.BURST_MESSAGES_MAX) {
                    markDirty(socket);
                }
            }
        }
        return work;
    }

    /** Returns whether a connection was made whose peer has not greeted yet. */
    boolean awaitGreeting() {
        for (ZmqSocket socket : open) {
            if (socket.awaitsGreeting) {
                return true;
            }
        }
        return false;
    }

    List<ZmqSocket> all() {
        return new ArrayList<>(open);
    }
}
