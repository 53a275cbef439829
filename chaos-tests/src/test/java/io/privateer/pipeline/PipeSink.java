package io.privateer.pipeline;

import io.privateer.core.StorageException;
import io.privateer.core.wire.PeerId;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.NullUnmarked;

/** A sink, its journal, and the application that its results go to. */
@NullUnmarked // Fields are set by boot.
final class PipeSink extends PipeNode implements SinkPort {

    private final PipeDisk disk;
    private final PlnReader reader = new PlnReader();
    private final ArrayDeque<TaskResult> untaken = new ArrayDeque<>();
    private boolean taking;

    /** What the application of this life has been given. */
    private final Map<PeerId, Set<Integer>> taken = new HashMap<>();

    private final Set<PeerId> forgotten = new LinkedHashSet<>();

    SinkMachine machine;
    private SinkLedger ledger;

    PipeSink(PipeSim sim) {
        super(sim, "S");
        this.disk = new PipeDisk(sim);
    }

    @Override
    void boot() {
        untaken.clear();
        taking = false;
        taken.clear();
        disk.full(false);
        ledger = new SinkLedger(sim.journal ? new Journal(disk) : null, true, sim.compactBytesMin);
        ledger.restore(this::show);
        machine = new SinkMachine(
                clock(),
                world.random().nextLong() | 1,
                new SinkSettings(
                        sim.heartbeatNanos, sim.liveness, sim.overdueNanos, sim.batchesMax, sim.resultBytesLongest),
                ledger,
                this);
        machine.onStart();
        forgotten.forEach(this::forgetNow); // It may have died before that was on its disk, or has none.
    }

    /** The application wants a batch no more, also of those sinks that come later. */
    void forget(PeerId id) {
        forgotten.add(id);
        input(() -> forgetNow(id));
    }

    boolean isForgotten(PeerId id) {
        return forgotten.contains(id);
    }

    private void forgetNow(PeerId id) {
        if (!isUp()) {
            return;
        }
        try {
            machine.onForget(id);
        } catch (StorageException e) {
            crash();
            sim.startLater(this);
        }
    }

    @Override
    void onCrash() {
        if (sim.journal) {
            disk.crash();
        }
    }

    private void show(TaskResult result) {
        boolean first =
                taken.computeIfAbsent(result.batch, absent -> new HashSet<>()).add(result.number());
        PipeWorld.check(first, "no outcome comes twice in one life of the sink", result);
        if (result.failure == null) {
            PipeWorld.check(
                    Arrays.equals(result.bytes(), PipeSim.resultOf(result.batch, result.number())),
                    "a result is that of its task",
                    result);
        } else {
            sim.judge.checkMayFail(result);
        }
    }

    @Override
    void endTurn() {
        if (sim.faulty(PipeSim.Fault.DISK_FULL, 0.002)) {
            disk.full(true);
        }
        try {
            machine.onArrived();
            machine.tellAccepted();
        } catch (StorageException e) {
            world.trace(name, "disk is full");
            crash();
            sim.startLater(this);
            return;
        }
        sim.judge.placed(ledger.batches.keySet());
        if (machine.stats(0, 0, 0, 0).batchesWaiting() > 0) {
            world.reach(PipeWorld.Goal.BATCH_WAITED);
        }
        if (ledger.batches.size() > sim.batchesMax) {
            world.reach(PipeWorld.Goal.BATCH_WENT_ON_BEYOND);
        }
        takeNext();
    }

    private void takeNext() {
        if (!taking && !untaken.isEmpty()) {
            taking = true;
            inputIn(sim.takeNanos(), () -> {
                taking = false;
                int burst = (int) world.between(1, 20);
                for (int i = 0; i < burst && !untaken.isEmpty(); i++) {
                    TaskResult result = untaken.remove();
                    show(result);
                    takenOne(result);
                    if (!isUp()) {
                        return;
                    }
                }
            });
        }
    }

    private void takenOne(TaskResult result) {
        try {
            machine.onTaken(result);
        } catch (StorageException e) {
            crash();
            sim.startLater(this);
        }
    }

    @Override
    public void handOver(TaskResult result) {
        untaken.add(result);
    }

    @Override
    public void progress(SinkBatch batch) {}

    @Override
    public void batchDone(SinkBatch batch) {
        BatchOutcome outcome = batch.outcome();
        Set<Integer> seen = taken.getOrDefault(batch.id, Set.of());
        PipeWorld.check(
                seen.size() == outcome.tasks() && outcome.results().size() == outcome.tasks(),
                "a batch is done when the application has all of it",
                seen.size(),
                outcome.tasks());
        sim.judge.doneAtSink(batch.id, outcome.tasks(), outcome.failed());
    }

    @Override
    public void peerLost(SinkPeer peer, boolean silent) {
        world.trace(name, "peer lost", peer, silent);
    }

    @Override
    public void peerJoined(SinkPeer peer) {
        world.trace(name, "peer joined", peer);
    }

    @Override
    void tick(long nowNanos) {
        machine.onTick(nowNanos);
    }

    @Override
    long nextDeadline(long nowNanos) {
        return machine.nextDeadlineNanos();
    }

    @Override
    void accept(PipeConnection connection) {
        connection.link = new PipeLink(name, writer(frame -> connection.send(this, frame)));
    }

    @Override
    void receive(PipeConnection connection, byte[] frame) {
        PipeWorld.check(reader.open(new byte[][] {frame}), "frames are sound", reader.problem());
        while (reader.next()) {
            PipeWorld.check(
                    reader.type() != Pln.RESULT || reader.bodyBytes() <= sim.resultBytesLongest,
                    "no result comes that is too long",
                    reader.bodyBytes());
            machine.onRecord(clock(), connection.link, reader);
        }
        PipeWorld.check(reader.problem() == null, "records are sound", reader.problem());
    }

    @Override
    void gone(PipeConnection connection) {
        machine.onGone(connection.link);
    }
}
