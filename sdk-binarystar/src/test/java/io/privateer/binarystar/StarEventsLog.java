package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;

/** Writes down what a machine tells, a line each. */
final class StarEventsLog implements StarEvents {

    private final List<String> lines = new ArrayList<>();
    int inTouch;

    /** Returns what was told since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    void add(String line) {
        lines.add(line);
    }

    @Override
    public void onStateChanged(StarState from, StarState to, long epoch, StarCause cause) {
        add(from + " to " + to + " epoch " + epoch + " by " + cause);
    }

    @Override
    public void onTakeoverAbandoned(StarCause cause, String why) {
        add("abandoned " + cause + ": " + why);
    }

    @Override
    public void onMisconfigured(Misconfiguration what, String detail) {
        add("misconfigured " + what);
    }

    @Override
    public void onMisconfigurationEnded() {
        add("configured");
    }

    @Override
    public void onPeerSeen(PeerId peer) {
        add("peer seen");
    }

    @Override
    public void onInTouch() {
        inTouch++;
    }

    @Override
    public void onPeerLost(boolean refused) {
        add(refused ? "peer refused" : "peer silent");
    }

    @Override
    public void onDiverged(long ownEpoch, long newerEpoch, long aloneSinceNanos) {
        add("diverged " + ownEpoch + " " + newerEpoch + " since " + aloneSinceNanos);
    }

    @Override
    public void onEpochRefused(long newest, long told) {
        add("epoch refused " + told + " knows " + newest);
    }

    @Override
    public void onEpochProblem(String problem) {
        add("problem " + problem);
    }

    @Override
    public void onEpochProblemEnded() {
        add("problem ended");
    }
}
