package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.BusyBeats;
import io.privateer.core.wire.Dialect;
import org.jspecify.annotations.Nullable;

/** A worker as {@link QueueModel} follows it, from what came from it and what was sent to it. Mutable. */
final class ModelWorker {

    final Identity identity;
    final Dialect dialect;
    final boolean marked;

    /** The queue has said that it joined, and not since that it was lost. */
    boolean trusted;

    boolean gone;
    long goneAtNanos;
    boolean beatsWhileBusy;
    long heardAtNanos;

    @Nullable
    ModelRequest holds;

    long deliveryId;
    long deliveredAtNanos;
    byte[][] deliveryAddress = {};

    /** The delivery that was taken from it, until it has said that it is done with that. */
    long owes;

    ModelWorker(Identity identity, Dialect dialect) {
        this.identity = identity;
        this.dialect = dialect;
        this.marked = BusyBeats.isMarked(identity.bytes());
    }

    boolean isFree() {
        return trusted && !gone && holds == null && owes == 0;
    }

    boolean mayResume() {
        return identity.survivesReconnect() && !marked;
    }

    boolean silenceCounts() {
        return dialect == Dialect.PARANOID && !gone && trusted && (beatsWhileBusy || (holds == null && owes == 0));
    }

    @Override
    public String toString() {
        return "worker " + identity;
    }
}
