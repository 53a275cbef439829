package io.privateer.pipeline;

import java.io.IOException;
import java.util.Arrays;

/** A disk in memory that loses what was not forced to it when its machine crashes. */
final class PipeDisk implements JournalDisk {

    private final PipeSim sim;
    private byte[] bytes = new byte[0];
    private int forced;
    private boolean full;

    PipeDisk(PipeSim sim) {
        this.sim = sim;
    }

    void full(boolean value) {
        full = value;
    }

    /** What was not forced may be there, or a part of it, or something else. */
    void crash() {
        int kept = (int) sim.world.between(forced, bytes.length + 1);
        if (kept > forced) {
            sim.world.reach(PipeWorld.Goal.TAIL_TORN);
        }
        bytes = Arrays.copyOf(bytes, kept);
        if (kept > forced && sim.world.chance(0.3)) {
            bytes[(int) sim.world.between(forced, kept)] ^= 0x10;
        }
        forced = kept;
    }

    @Override
    public long size() {
        return bytes.length;
    }

    @Override
    public int read(long at, byte[] into, int length) {
        int count = (int) Math.min(length, bytes.length - at);
        System.arraycopy(bytes, (int) at, into, 0, count);
        return count;
    }

    @Override
    public void append(byte[] from, int length) throws IOException {
        int taken = full ? (int) sim.world.between(0, length) : length;
        int at = bytes.length;
        bytes = Arrays.copyOf(bytes, at + taken);
        System.arraycopy(from, 0, bytes, at, taken);
        if (full) {
            sim.world.reach(PipeWorld.Goal.DISK_FULL);
            throw new IOException("no space left");
        }
    }

    @Override
    public void force() {
        forced = bytes.length;
    }

    @Override
    public void truncate(long size) {
        bytes = Arrays.copyOf(bytes, (int) size);
        forced = bytes.length;
    }

    @Override
    public JournalDisk beside() {
        PipeDisk beside = new PipeDisk(sim);
        beside.full = full;
        return beside;
    }

    @Override
    public void replaceBy(JournalDisk beside) {
        sim.world.reach(PipeWorld.Goal.JOURNAL_COMPACTED);
        bytes = ((PipeDisk) beside).bytes;
        forced = bytes.length;
    }

    @Override
    public void close() {}
}
