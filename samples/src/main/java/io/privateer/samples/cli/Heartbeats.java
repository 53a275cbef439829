package io.privateer.samples.cli;

import java.time.Duration;
import picocli.CommandLine.Option;

/** The options on which a queue and its workers must agree. */
final class Heartbeats {

    @Option(
            names = "--heartbeat",
            paramLabel = "DURATION",
            defaultValue = "1s",
            converter = Durations.class,
            description = "How often queue and workers tell each other that they live; the same for both."
                    + " Default: ${DEFAULT-VALUE}.")
    private Duration heartbeat = Duration.ofSeconds(1);

    @Option(
            names = "--liveness",
            paramLabel = "N",
            defaultValue = "3",
            description = "After how many silent heartbeats the other side counts as lost. Default: ${DEFAULT-VALUE}.")
    private int liveness = 3;

    Duration heartbeat() {
        return Rules.between("--heartbeat", heartbeat, Duration.ofMillis(10), Duration.ofMinutes(10));
    }

    int liveness() {
        return Rules.between("--liveness", liveness, 1, 1_000);
    }
}
