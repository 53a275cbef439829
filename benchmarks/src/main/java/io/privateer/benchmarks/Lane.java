package io.privateer.benchmarks;

import java.util.function.ToDoubleFunction;

/** One of the things compared: its processes and the client that puts load on them. */
record Lane(Setup setup, Child client) implements AutoCloseable {

    private static final double KIB_PER_MIB = 1024;

    /**
     * One window.
     *
     * @param cpuSecondsPerMillion processor time per million requests
     * @param residentMiB physical memory after the window
     * @param othersCpuPercent how much of one core everything else on the machine used meanwhile
     */
    record Round(Latency latency, PerRole cpuSecondsPerMillion, PerRole residentMiB, double othersCpuPercent) {}

    PerRole cpuSeconds() {
        return perRole(ProcStat::cpuSeconds);
    }

    PerRole residentMiB() {
        return perRole(stat -> stat.residentKib() / KIB_PER_MIB);
    }

    private PerRole perRole(ToDoubleFunction<ProcStat> value) {
        return new PerRole(
                value.applyAsDouble(client.stat()),
                value.applyAsDouble(setup.brokerStat()),
                setup.workerStats().stream().mapToDouble(value).sum());
    }

    @Override
    public void close() {
        client.close();
        setup.close();
    }
}
