package io.privateer.binarystar;

/**
 * What the service of a server that is not active has been told: the newest epoch, by which it judges its peers, and where its
 * clients find the server that is active. Belongs to {@link BinaryStarMachine}.
 */
final class StandbyWord {

    private final EpochKeeper epoch;
    private final PeerWatch peer;
    private final BinaryStarPort port;
    private long toldEpoch = Epochs.NONE;
    private String toldFrontend = "";

    StandbyWord(EpochKeeper epoch, PeerWatch peer, BinaryStarPort port) {
        this.epoch = epoch;
        this.peer = peer;
        this.port = port;
    }

    void deactivate() {
        note();
        port.deactivate(toldEpoch, toldFrontend);
    }

    /** Tells it what has changed, if it stands by. */
    void update(StarState state) {
        boolean changed = toldEpoch != epoch.newest() || !toldFrontend.equals(peer.activeFrontend());
        if (changed && state != StarState.ACTIVE) {
            note();
            port.inform(toldEpoch, toldFrontend);
        }
    }

    private void note() {
        toldEpoch = epoch.newest();
        toldFrontend = peer.activeFrontend();
    }
}
