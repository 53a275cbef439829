package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending;
import java.util.function.Supplier;

/**
 * Looks at what a broker's queue could do whenever that may have changed, and tells the peers; but not more often than they are
 * told anything, for under load every turn touches the queue, and to count everything costs something. Reads no clock and sets no
 * timer. Not thread-safe: confine to the loop's thread.
 */
final class CapacityWatch {

    private final Lending lending;
    private final long minIntervalNanos;
    private final Supplier<PeerId> newLife;
    private final Port port;
    private long readAtNanos;
    private boolean due;
    private boolean serves;
    private boolean leaving;

    /** Who tells the peers, see {@link Membership}. */
    interface Port {

        void start(PeerId life);

        void standBy();

        void leave();

        void local(LocalCapacity capacity);
    }

    /** @param newLife returns another one each time */
    CapacityWatch(Lending lending, long minIntervalNanos, Supplier<PeerId> newLife, Port port) {
        this.lending = lending;
        this.minIntervalNanos = minIntervalNanos;
        this.newLife = newLife;
        this.port = port;
    }

    /** What the queue could do may have changed; returns whether that makes {@link #read} due, which it was not before. */
    boolean becomesDue() {
        boolean news = !due;
        due = true;
        return news;
    }

    boolean isDue() {
        return due;
    }

    /** Returns when it is to be read, if that is due. */
    long dueNanos() {
        return readAtNanos + minIntervalNanos;
    }

    /** Each time of serving is another life to the peers: the other server of the pair may have served meanwhile. */
    void read(long nowNanos) {
        due = false;
        readAtNanos = nowNanos;
        Lending.Capacity capacity = lending.capacity();
        if (capacity.serves() != serves && !leaving) {
            serves = capacity.serves();
            if (serves) {
                PeerId life = newLife.get();
                lending.rename(life.uuid());
                port.start(life);
            } else {
                port.standBy();
            }
        }
        port.local(LocalCapacity.of(capacity));
    }

    void leave() {
        leaving = true;
        port.leave();
    }
}
