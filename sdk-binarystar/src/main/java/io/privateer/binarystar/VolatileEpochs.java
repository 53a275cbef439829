package io.privateer.binarystar;

/** Keeps the epoch in memory only: a server that starts anew has to learn it from its peer, clients and workers. */
final class VolatileEpochs implements EpochStore {

    private long epoch;

    @Override
    public long load() {
        return epoch;
    }

    @Override
    public void store(long newEpoch) {
        epoch = newEpoch;
    }
}
