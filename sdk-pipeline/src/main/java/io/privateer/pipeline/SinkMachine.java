package io.privateer.pipeline;

import io.privateer.core.FairClock;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Decides for a sink: what counts, what is told to whom, and what is missed. An outcome is accepted once it is in the journal, if
 * there is one, and the result handler has taken it. Not thread-safe.
 */
final class SinkMachine {

    private static final long MILLI_NANOS = 1_000_000;
    private static final int CHECKS_PER_OVERDUE = 4;

    private final SinkSettings settings;
    private final long incarnation;
    private final SinkLedger ledger;
    private final SinkPort port;
    private final FairClock clock;
    private final Map<PipeLink, SinkPeer> peers = new LinkedHashMap<>();
    private final List<TaskResult> arrived = new ArrayList<>();
    private final List<SinkBatch> ended = new ArrayList<>();
    private final Set<SinkPeer> toTell = new LinkedHashSet<>();
    private final Set<SinkBatch> withNews = new LinkedHashSet<>();

    private final SinkPlaces places;
    private int untaken;
    private long accepted;
    private long failed;
    private long duplicates;
    private long overdueAsked;
    private long done;
    private long conflicts;
    private long strangers;

    /** @param incarnation tells this life of the sink from all others; not 0 */
    SinkMachine(long nowNanos, long incarnation, SinkSettings settings, SinkLedger ledger, SinkPort port) {
        this.settings = settings;
        this.incarnation = incarnation;
        this.ledger = ledger;
        this.port = port;
        this.clock = new FairClock(nowNanos, settings.heartbeatNanos(), settings.heartbeatNanos());
        this.places = new SinkPlaces(ledger, settings.batchesMax());
    }

    /** Ends what the journal had whole, but for the word that it is. */
    void onStart() {
        List.copyOf(ledger.batches.values()).forEach(this::endIfComplete);
    }

    void onRecord(long nowNanos, PipeLink link, PlnReader reader) {
        clock.observe(nowNanos);
        if (reader.type() == Pln.HELLO) {
            join(clock.fair(nowNanos), link, reader);
            return;
        }
        SinkPeer peer = peers.get(link);
        if (peer == null) {
            strangers++;
            return;
        }
        peer.pulse.onHeard(clock.fair(nowNanos));
        if (reader.type() != Pln.RESULT && reader.incarnation() != incarnation) {
            strangers++; // Results count whichever life of the sink they were meant for.
            return;
        }
        switch (reader.type()) {
            case Pln.HEARTBEAT -> {}
            case Pln.RESULT, Pln.FAILURE -> onOutcome(peer, reader);
            case Pln.OPEN -> onOpen(peer, reader);
            case Pln.END -> onEnd(peer, reader);
            case Pln.GOODBYE -> lose(peer, false);
            default -> strangers++;
        }
    }

    private void join(long fairNanos, PipeLink link, PlnReader hello) {
        for (SinkPeer other : List.copyOf(peers.values())) {
            if (other.link == link || other.id.equals(hello.peer())) {
                lose(other, false);
            }
        }
        ClientPulse pulse =
                new ClientPulse(settings.heartbeatNanos(), settings.liveness(), hello.heartbeatMillis(), fairNanos);
        SinkPeer peer = new SinkPeer(link, hello, pulse);
        peers.put(link, peer);
        link.writer.incarnation(incarnation);
        welcome(peer);
        port.peerJoined(peer);
    }

    /** To a WELCOME a peer answers with everything that it has. */
    private void welcome(SinkPeer peer) {
        peer.link.writer.welcome((int) (settings.heartbeatNanos() / MILLI_NANOS), settings.messageBytesMax());
    }

    private void onOutcome(SinkPeer peer, PlnReader reader) {
        int number = reader.number();
        boolean isFailure = reader.type() == Pln.FAILURE;
        if (isFailure != peer.isVentilator) {
            strangers++; // Workers have results, and ventilators know when there will be none.
            return;
        }
        if (ledger.isOver(reader.batch())) {
            duplicates++;
            acknowledge(peer, reader.batch(), number);
            return;
        }
        SinkBatch batch = places.ofOutcome(peer, reader.batch());
        if (batch == null) {
            conflicts++;
            return;
        }
        if (!batch.received.canHold(number)) {
            conflicts++;
        } else if (batch.count >= 0 && number >= batch.count) {
            conflicts++;
            acknowledge(peer, batch.id, number);
        } else if (batch.received.add(number)) {
            arrived.add(new TaskResult(
                    batch.id,
                    number,
                    isFailure ? null : reader.body(),
                    isFailure ? reader.text() : null,
                    peer.isVentilator ? null : peer.link));
            batch.journalBytes += Journal.ENTRY_HEAD + reader.bodyBytes();
        } else if (batch.accepted.contains(number)) {
            duplicates++;
            acknowledge(peer, batch.id, number);
        } else {
            duplicates++;
            batch.await(number, peer.link);
        }
    }

    private void acknowledge(SinkPeer peer, PeerId batch, int number) {
        peer.accepted(batch, number);
        toTell.add(peer);
    }

    private void onOpen(SinkPeer peer, PlnReader reader) {
        PeerId id = reader.batch();
        SinkLedger.Done over = ledger.doneOf(id);
        if (over != null) {
            peer.link.writer.done(id, over.count(), over.failed());
        } else if (ledger.isForgotten(id)) {
            peer.link.writer.forgotten(id);
        } else if (!places.open(peer, id, (reader.flags() & Pln.BEGUN) != 0)) {
            conflicts++;
        }
    }

    private void onEnd(SinkPeer peer, PlnReader reader) {
        SinkBatch batch = ledger.batches.get(reader.batch());
        if (batch == null) {
            return; // It is over, or waits: OPEN came before and is answered, and END comes again behind STATE.
        }
        int count = reader.number();
        if (batch.count == count) {
            return;
        }
        if (batch.count >= 0 || count < batch.received.top()) {
            conflicts++;
            int known = batch.count >= 0 ? batch.count : batch.received.top();
            peer.link.writer.state(batch.id, known, batch.accepted.held());
            return;
        }
        batch.count = count;
        ledger.journalEnd(batch);
        ended.add(batch);
    }

    void onGone(PipeLink link) {
        SinkPeer peer = peers.get(link);
        if (peer != null) {
            lose(peer, false);
        }
    }

    private void lose(SinkPeer peer, boolean silent) {
        peers.remove(peer.link);
        places.leave(peer);
        port.peerLost(peer, silent);
    }

    /**
     * Everything that came at once has come: it goes to the disk, and then to the result handler.
     *
     * @throws io.privateer.core.StorageException if it did not get to the disk; this sink must not go on
     */
    void onArrived() {
        arrived.forEach(ledger::journal);
        ledger.commit();
        untaken += arrived.size();
        for (TaskResult result : arrived) {
            port.handOver(result);
        }
        arrived.clear();
        ended.forEach(this::endIfComplete);
        ended.clear();
    }

    /** The result handler has taken an outcome. */
    void onTaken(TaskResult result) {
        untaken--;
        SinkBatch batch = ledger.batches.get(result.batch);
        if (batch == null || !batch.accepted.add(result.number())) {
            acknowledge(result.from, result); // The batch was forgotten meanwhile: nobody needs to keep this.
            return;
        }
        accepted++;
        if (result.failure != null) {
            failed++;
        }
        batch.keep(result);
        batch.news.add(result.number());
        withNews.add(batch);
        acknowledge(result.from, result);
        for (PipeLink link : batch.awaiting(result.number())) {
            acknowledge(link, result);
        }
        endIfComplete(batch);
    }

    private void acknowledge(@Nullable PipeLink link, TaskResult result) {
        acknowledge(link, result.batch, result.number());
    }

    private void acknowledge(@Nullable PipeLink link, PeerId batch, int number) {
        SinkPeer peer = link == null ? null : peers.get(link);
        if (peer != null) {
            acknowledge(peer, batch, number);
        }
    }

    private void endIfComplete(SinkBatch batch) {
        if (batch.isComplete() && ledger.batches.get(batch.id) == batch) {
            ledger.close(batch);
            done++;
            withNews.remove(batch);
            for (PipeLink owner : batch.owners) {
                owner.writer.done(batch.id, batch.count, batch.failures.size());
            }
            port.batchDone(batch);
            places.onOver();
        }
    }

    /** Says to everybody what was accepted since the last time. */
    void tellAccepted() {
        withNews.forEach(SinkBatch::tellNews);
        withNews.clear();
        toTell.forEach(SinkPeer::tell);
        toTell.clear();
    }

    /** Nobody wants the batch any more, nor will; false if there is none. */
    boolean onForget(PeerId id) {
        SinkBatch batch = ledger.batches.get(id);
        if (!ledger.forget(id)) {
            return false;
        }
        arrived.removeIf(result -> result.batch.equals(id) && letGo(result));
        Set<PipeLink> owners = places.forget(id);
        if (batch != null) {
            batch.forEachCopy((link, number) -> acknowledge(link, id, number));
            withNews.remove(batch);
            owners = batch.owners;
        }
        owners.forEach(owner -> owner.writer.forgotten(id));
        places.onOver();
        return batch != null || !owners.isEmpty();
    }

    /** Behind the journal's word that its batch is forgotten an outcome would begin it anew. */
    private boolean letGo(TaskResult result) {
        acknowledge(result.from, result);
        return true;
    }

    void onTick(long nowNanos) {
        clock.observe(nowNanos);
        if (!clock.sweepDue(nowNanos)) {
            return;
        }
        long fairNanos = clock.fair(nowNanos);
        for (SinkPeer peer : List.copyOf(peers.values())) {
            if (peer.pulse.isSilent(fairNanos)) {
                lose(peer, true);
            } else {
                peer.link.writer.word(Pln.HEARTBEAT);
            }
        }
        // Once in a heartbeat only, as it makes them say everything again; some of them may be refused again.
        places.takeRefused().forEach(this::welcome);
        for (SinkBatch batch : ledger.batches.values()) {
            if (batch.accepted.count() != batch.progressTold) {
                batch.progressTold = batch.accepted.count();
                port.progress(batch);
            }
            if (batch.overdueDue && fairNanos - batch.overdueDueFairNanos < 0) {
                continue;
            }
            if (batch.overdueDue) {
                askForMissing(batch);
            }
            batch.overdueDue = true;
            batch.overdueDueFairNanos = fairNanos + settings.overdueNanos() / CHECKS_PER_OVERDUE;
        }
    }

    /** The ventilator knows since when a worker has what is missing, and what none has yet. */
    private void askForMissing(SinkBatch batch) {
        int limit = batch.count >= 0 ? batch.count : Integer.MAX_VALUE;
        RangeList missing = batch.received.missingBelow(limit, Pln.RANGES_MAX);
        if (missing.isEmpty() || batch.owners.isEmpty()) {
            return;
        }
        overdueAsked++;
        for (PipeLink owner : batch.owners) {
            owner.writer.overdue(batch.id, (int) (settings.overdueNanos() / MILLI_NANOS), missing);
        }
    }

    long nextDeadlineNanos() {
        return clock.nextSweepNanos();
    }

    SinkStats stats(long malformed, long peersLost, long handlerFailures, long listenerFailures) {
        int ventilators =
                (int) peers.values().stream().filter(peer -> peer.isVentilator).count();
        return new SinkStats(
                ledger.batches.size(),
                places.waiting(),
                done,
                accepted,
                failed,
                untaken + arrived.size(),
                duplicates,
                overdueAsked,
                peers.size() - ventilators,
                ventilators,
                peersLost,
                ledger.restored(),
                ledger.journal == null ? 0 : ledger.journal.bytes(),
                conflicts,
                malformed + strangers,
                handlerFailures,
                listenerFailures);
    }
}
