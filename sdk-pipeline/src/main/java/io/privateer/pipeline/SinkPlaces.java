package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which batches a sink has a place for. The others wait, and begin in the order in which they came as others are over. What has
 * begun before this life of the sink goes on, whatever that makes in all: its tasks are with workers, which would wait for
 * each other if it had to wait. Loop thread only.
 */
final class SinkPlaces {

    /** Most batches that have begun before this life of the sink, beyond those that may begin; and most that wait. */
    static final int MORE_MAX = 10_000;

    private final SinkLedger ledger;
    private final int batchesMax;

    /** The batches that wait, and the ventilators that have come with them. */
    private final Map<PeerId, Set<PipeLink>> waiting = new LinkedHashMap<>();

    /** Who said something for which there was no room, not even to wait: it was dropped, and must be said again. */
    private final Set<SinkPeer> refused = new LinkedHashSet<>();

    private boolean roomMade;

    SinkPlaces(SinkLedger ledger, int batchesMax) {
        this.ledger = ledger;
        this.batchesMax = batchesMax;
    }

    /**
     * A ventilator comes with a batch that is not over: it hears STATE, now or when there is a place.
     *
     * @param begun whether an earlier life of the sink had a place for it
     * @return whether the word of it could be kept
     */
    boolean open(SinkPeer peer, PeerId id, boolean begun) {
        SinkBatch batch = ledger.batches.get(id);
        if (batch != null) {
            own(batch, peer.link);
        } else if (begun && hasRoomBeyond()) {
            own(begin(id), peer.link);
        } else if (waiting.size() < MORE_MAX || waiting.containsKey(id)) {
            waiting.computeIfAbsent(id, absent -> new LinkedHashSet<>()).add(peer.link);
            letIn();
        } else {
            refused.add(peer);
            return false;
        }
        return true;
    }

    /**
     * Returns the batch that an outcome is of. One that is not known has begun in an earlier life of the sink.
     *
     * @return {@code null} if there are too many, and the peer is to come again with it
     */
    @Nullable
    SinkBatch ofOutcome(SinkPeer peer, PeerId id) {
        SinkBatch batch = ledger.batches.get(id);
        if (batch != null) {
            return batch;
        }
        if (hasRoomBeyond()) {
            return begin(id);
        }
        refused.add(peer);
        return null;
    }

    private boolean hasRoomBeyond() {
        return ledger.batches.size() - batchesMax < MORE_MAX;
    }

    private SinkBatch begin(PeerId id) {
        SinkBatch batch = ledger.batch(id);
        Set<PipeLink> owners = waiting.remove(id);
        if (owners != null) {
            owners.forEach(owner -> own(batch, owner));
        }
        return batch;
    }

    private static void own(SinkBatch batch, PipeLink owner) {
        batch.tellNews(); // Or the new owner would be told twice.
        batch.owners.add(owner);
        owner.writer.state(batch.id, batch.count, batch.accepted.held());
    }

    /** A batch is over. */
    void onOver() {
        roomMade = true;
        letIn();
    }

    private void letIn() {
        while (!waiting.isEmpty() && ledger.batches.size() < batchesMax) {
            begin(waiting.keySet().iterator().next());
        }
    }

    /** Nobody wants the batch any more; returns the ventilators that waited with it. */
    Set<PipeLink> forget(PeerId id) {
        Set<PipeLink> owners = waiting.remove(id);
        return owners == null ? Set.of() : owners;
    }

    /** The peer is gone. */
    void leave(SinkPeer peer) {
        refused.remove(peer);
        if (peer.isVentilator) {
            ledger.batches.values().forEach(batch -> batch.owners.remove(peer.link));
            roomMade |= waiting.values().removeIf(owners -> owners.remove(peer.link) && owners.isEmpty());
        }
    }

    /** Returns who is to say everything again, as there may be room now; once. */
    List<SinkPeer> takeRefused() {
        if (!roomMade) {
            return List.of();
        }
        roomMade = false;
        List<SinkPeer> all = List.copyOf(refused);
        refused.clear();
        return all;
    }

    int waiting() {
        return waiting.size();
    }
}
