package io.privateer.samples.cli;

import io.privateer.binarystar.BinaryStarListener;
import io.privateer.binarystar.Misconfiguration;
import io.privateer.binarystar.ReplicationState;
import io.privateer.core.TransportFailedException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Prints a line for whatever a server of a pair tells, and ends the command when the server has failed. */
record StarReporter(PrintWriter out, CompletableFuture<Integer> ended) implements BinaryStarListener {
    @Override
    public void onStateChanged(StateChanged event) {
        out.println(EventLine.of("failover")
                .with("from", event.from())
                .with("to", event.to())
                .with("epoch", event.epoch())
                .with("cause", event.cause()));
    }

    @Override
    public void onPeerSeen() {
        out.println(EventLine.of("peer-seen"));
    }

    @Override
    public void onPeerLost(boolean refused) {
        out.println(EventLine.of("peer-lost").with("refused", refused));
    }

    @Override
    public void onReplicationChanged(ReplicationState from, ReplicationState to) {
        out.println(EventLine.of("replication").with("from", from).with("to", to));
    }

    @Override
    public void onMisconfigured(Misconfiguration what) {
        out.println(EventLine.of("misconfigured").with("what", what));
    }

    @Override
    public void onMisconfigurationEnded() {
        out.println(EventLine.of("misconfiguration-ended"));
    }

    @Override
    public void onDiverged(Diverged event) {
        out.println(EventLine.of("diverged")
                .with("ownEpoch", event.ownEpoch())
                .with("newerEpoch", event.newerEpoch())
                .with("aloneMillis", event.aloneFor().toMillis()));
    }

    @Override
    public void onDoneAlone(DoneAlone event) {
        out.println(
                EventLine.of("done-alone").with("accepted", event.accepted()).with("answered", event.answered()));
    }

    @Override
    public void onEpochProblem(String problem) {
        out.println("epoch-problem " + problem);
    }

    @Override
    public void onEpochProblemEnded() {
        out.println(EventLine.of("epoch-problem-ended"));
    }

    @Override
    public void onFailed(Throwable cause) {
        ended.completeExceptionally(new TransportFailedException("the server has failed", List.of(), cause));
    }
}
