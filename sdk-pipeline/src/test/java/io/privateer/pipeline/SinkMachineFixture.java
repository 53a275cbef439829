package io.privateer.pipeline;

import static io.privateer.pipeline.Wire.BATCH;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeEach;

/** A sink under test, what it says and does, and the peers that talk to it. */
abstract class SinkMachineFixture implements SinkPort {

    static final long BEAT = 1_000_000_000L;
    static final long OWN = 5;

    final List<TaskResult> handed = new ArrayList<>();
    final List<String> events = new ArrayList<>();
    final SinkLedger ledger = new SinkLedger(null, true, 1);
    long now = Long.MAX_VALUE - BEAT;
    SinkMachine machine;

    @BeforeEach
    void start() {
        machine = new SinkMachine(now, OWN, new SinkSettings(BEAT, 3, 4 * BEAT, 2, 1_000), ledger, this);
        machine.onStart();
    }

    @Override
    public void handOver(TaskResult result) {
        handed.add(result);
    }

    @Override
    public void progress(SinkBatch batch) {
        events.add("progress " + batch.progress().accepted());
    }

    @Override
    public void batchDone(SinkBatch batch) {
        events.add("done " + batch.outcome().tasks() + " " + batch.outcome().failed());
    }

    @Override
    public void peerLost(SinkPeer peer, boolean silent) {
        events.add("lost " + peer.id.low() + (silent ? " silent" : ""));
    }

    @Override
    public void peerJoined(SinkPeer peer) {
        events.add("joined " + peer.id.low());
    }

    void says(Wire peer, Consumer<PlnWriter> words) {
        Wire.say(OWN, words, reader -> machine.onRecord(now, peer.link, reader));
        machine.onArrived();
        machine.tellAccepted();
    }

    Wire joined(int role, int id) {
        Wire peer = new Wire();
        says(peer, writer -> writer.hello(role, new PeerId(0, id), 1_000, 1, 1, 1, 0));
        assertThat(peer.said()).containsExactly("WELCOME");
        return peer;
    }

    Wire worker(int id) {
        return joined(Pln.ROLE_WORKER, id);
    }

    Wire ventilator(int id) {
        return joined(Pln.ROLE_VENTILATOR, id);
    }

    void result(Wire worker, int number) {
        says(worker, writer -> writer.result(BATCH, number, new byte[] {(byte) number}));
    }

    void take() {
        List<TaskResult> all = List.copyOf(handed);
        handed.clear();
        all.forEach(machine::onTaken);
        machine.tellAccepted();
    }

    List<String> events() {
        List<String> copy = List.copyOf(events);
        events.clear();
        return copy;
    }

    SinkStats stats() {
        return machine.stats(0, 0, 0, 0);
    }

    void beat(Wire... peers) {
        now += BEAT;
        machine.onTick(now);
        List.of(peers).forEach(peer -> says(peer, writer -> writer.word(Pln.HEARTBEAT)));
    }
}
