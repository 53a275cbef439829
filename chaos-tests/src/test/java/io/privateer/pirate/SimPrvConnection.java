package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.wire.EpochFence.Verdict;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;

/** One socket of a {@link SimPrvClient} and what passes through it, as {@link ClientConnection} has it. */
final class SimPrvConnection implements SimDealer.Handler {

    private static final int FIRST_BATCH_BYTES = 8 * 1024;

    private final SimPrvClient client;
    private final ClientMachine machine;
    private final int endpoint;
    private final SimRecovery recovery;
    private final SimFence fence;
    private final RecordReader reader = new RecordReader();
    private boolean closed;

    final SimDealer socket;
    final Outbox outbox;

    SimPrvConnection(
            SimPrvClient client,
            ClientMachine machine,
            SimPath path,
            int endpoint,
            SimRecovery recovery,
            SimFence fence) {
        this.client = client;
        this.machine = machine;
        this.endpoint = endpoint;
        this.recovery = recovery;
        this.fence = fence;
        SimDealer made = new SimDealer(client.sim, client, path.queue().frontend, path, null, this);
        this.socket = made;
        this.outbox = new Outbox(made::send, fence);
        this.outbox.limit(FIRST_BATCH_BYTES);
    }

    void close() {
        closed = true;
        socket.close();
    }

    @Override
    public void onMessage(byte[][] frames) {
        check(reader.open(frames), "a queue speaks PRV/1 to its peers", client.name);
        Verdict verdict = fence.judge(reader.epoch());
        machine.links().onHeard(client.now(), endpoint);
        if (verdict == Verdict.NEWER) {
            machine.links().onNewerEpoch(client.now(), endpoint);
        }
        boolean stale = verdict == Verdict.STALE;
        while (!closed && reader.next()) {
            take(stale);
        }
        if (stale && !closed) {
            machine.links().onStale(client.now(), endpoint);
        }
        check(reader.problem() == null, "a queue speaks PRV/1 well", client.name, reader.problem());
    }

    private void take(boolean stale) {
        if (reader.type() != Prv.GOODBYE) {
            recovery.onKnown(endpoint);
        }
        switch (reader.type()) {
            case Prv.REPLY -> onReply(stale);
            case Prv.WELCOME -> onWelcome(stale || reader.isStandby());
            case Prv.DRAIN -> machine.links().onInactive(client.now(), endpoint);
            case Prv.GOODBYE -> onGoodbye(reader.status());
            case Prv.HEARTBEAT -> {
                // That it came is all there is to it.
            }
            default -> throw new SimViolation("a queue tells a client what is no client's: " + reader.type());
        }
    }

    private void onReply(boolean stale) {
        if (stale) {
            client.world.reach(PairGoal.CLIENT_REFUSED_REPLY);
            return;
        }
        fence.checkBelieved();
        machine.onReply(
                client.now(),
                endpoint,
                reader.id(),
                reader.status(),
                reader.attempts(),
                reader.retryAfterMillis(),
                reader.body());
    }

    private void onWelcome(boolean standby) {
        if (!standby) {
            fence.checkBelieved();
        }
        machine.links()
                .onWelcome(
                        client.now(),
                        endpoint,
                        reader.peer(),
                        reader.heartbeatMillis(),
                        reader.messageBytesMax(),
                        standby);
    }

    private void onGoodbye(Status why) {
        machine.links().onGoodbye(client.now(), endpoint, why);
        if (why == Status.UNKNOWN_PEER) {
            client.world.reach(SimGoal.PRV_CLIENT_UNKNOWN);
        }
        if (why == Status.OK) {
            client.world.reach(SimGoal.PRV_CLIENT_HEARD_GOODBYE);
            check(closed, "a queue that leaves is left", client.name);
        }
    }

    @Override
    public void onDisconnected() {
        machine.links().onDisconnected(client.now(), endpoint);
    }
}
