package io.privateer.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the kernel has counted of one process. */
record ProcStat(double cpuSeconds, long residentKib, long descriptors, long readNanos) {

    /** USER_HZ; 100 on every Linux that runs this. */
    private static final double TICKS_PER_SECOND = 100;

    private static final int UTIME_AFTER_NAME = 11;

    /** User, nice, system, interrupts; not idle, not waiting. */
    private static final int[] BUSY_FIELDS = {1, 2, 3, 6, 7};

    static ProcStat of(long pid) {
        Path proc = Path.of("/proc", Long.toString(pid));
        try (Stream<Path> descriptors = Files.list(proc.resolve("fd"))) {
            String stat = Files.readString(proc.resolve("stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
            long ticks = Long.parseLong(fields[UTIME_AFTER_NAME]) + Long.parseLong(fields[UTIME_AFTER_NAME + 1]);
            return new ProcStat(ticks / TICKS_PER_SECOND, residentKib(proc), descriptors.count(), System.nanoTime());
        } catch (IOException e) {
            throw new IllegalStateException("process " + pid + " of the benchmark is gone", e);
        }
    }

    private static long residentKib(Path proc) throws IOException {
        for (String line : Files.readAllLines(proc.resolve("status"))) {
            if (line.startsWith("VmRSS:")) {
                return Long.parseLong(line.replaceAll("\\D", ""));
            }
        }
        return 0;
    }

    /** Returns the processor time that all processes together have used since the machine started. */
    static double machineCpuSeconds() {
        try {
            String[] fields = Files.readAllLines(Path.of("/proc/stat")).get(0).split(" +", -1);
            long ticks = 0;
            for (int field : BUSY_FIELDS) {
                ticks += Long.parseLong(fields[field]);
            }
            return ticks / TICKS_PER_SECOND;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the sum of two processes. */
    ProcStat plus(ProcStat other) {
        return new ProcStat(
                cpuSeconds + other.cpuSeconds,
                residentKib + other.residentKib,
                descriptors + other.descriptors,
                other.readNanos);
    }

    double cpuSecondsSince(ProcStat earlier) {
        return cpuSeconds - earlier.cpuSeconds;
    }

    double cpuPercentSince(ProcStat earlier) {
        return 100 * cpuSecondsSince(earlier) * 1e9 / (readNanos - earlier.readNanos);
    }
}
