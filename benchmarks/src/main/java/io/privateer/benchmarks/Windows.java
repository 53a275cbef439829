package io.privateer.benchmarks;

import io.privateer.benchmarks.Setup.Kind;
import java.util.List;
import picocli.CommandLine.Option;

/** What the comparisons have in common on the command line. */
final class Windows {

    static final String OTHERS_MAX = "repeat a round, up to ten times as many, if other processes used more of a core"
            + " (default ${DEFAULT-VALUE})";

    @Option(names = "--rounds", defaultValue = "5", description = "rounds per path (default ${DEFAULT-VALUE})")
    int rounds;

    @Option(names = "--seconds", defaultValue = "5", description = "seconds per round (default ${DEFAULT-VALUE})")
    int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "6",
            description = "seconds before the first (default ${DEFAULT-VALUE})")
    int warmUpSeconds;

    @Option(names = "--others-max", defaultValue = "Infinity", paramLabel = "PERCENT", description = OTHERS_MAX)
    double othersCpuPercentMax;

    @Option(names = "--size", defaultValue = "64", description = "bytes per request (default ${DEFAULT-VALUE})")
    int sizeBytes;

    @Option(
            names = "--paths",
            split = ",",
            defaultValue = "PROXY,PIRATE,PIRATE_INLINE,GUIDE_WORKER,PRV_CREDIT",
            description = "any of ${COMPLETION-CANDIDATES}; PROXY is what the others are compared with")
    List<Kind> paths = List.of();

    Pace pace() {
        return new Pace(rounds, seconds, warmUpSeconds, false, othersCpuPercentMax);
    }
}
