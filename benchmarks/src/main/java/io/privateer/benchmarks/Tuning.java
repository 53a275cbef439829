package io.privateer.benchmarks;

import io.privateer.core.Settings;
import io.privateer.pirate.PirateWorkerConfig;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How our own processes are set up; what the command line says is handed on to them. */
final class Tuning {

    private static final int DEFAULT_CREDIT = 256;
    private static final int CREDIT_MAX = PirateWorkerConfig.CREDIT_MAX;

    /** What a queue does to keep its promises, or not. */
    enum Reliability {
        /** As it comes: dedupe, time to live, redelivery. */
        ON,
        /** Without them, to see what they cost. */
        OFF
    }

    @Option(
            names = "--inline",
            description = "our worker handles on its event loop, as it does unless --threads is given")
    private boolean inline;

    @Option(names = "--threads", paramLabel = "N", description = "our worker handles on N threads of its own")
    private int threads;

    @Option(
            names = "--credit",
            paramLabel = "N",
            description = "deliveries that a worker of ours holds, by PRV/1; 0 for one at a time, by PPP (default "
                    + DEFAULT_CREDIT + ")")
    private @Nullable Integer credit;

    @Option(
            names = "--sync",
            description = "clients ask with blocking calls, each request in flight on a thread of its own")
    private boolean sync;

    @Option(
            names = "--reliability",
            paramLabel = "on|off",
            defaultValue = "ON",
            description = "off: our queue without dedupe (default on)")
    private Reliability reliability = Reliability.ON;

    @Option(
            names = "--spin",
            paramLabel = "MICROS",
            description = "our loops look again for so long before they sleep (default 0)")
    private int spinMicros;

    /** Returns what a comparison uses that has no options of its own for it. */
    static Tuning ofInlineWorkers() {
        Tuning tuning = new Tuning();
        tuning.inline = true;
        return tuning;
    }

    boolean isInline() {
        return inline;
    }

    int threads() {
        return threads;
    }

    /** Empty for a worker with its defaults, which is not what comparisons use. */
    Optional<Integer> credit() {
        return Optional.ofNullable(credit);
    }

    boolean isSync() {
        return sync;
    }

    boolean isReliable() {
        return reliability == Reliability.ON;
    }

    Duration spin() {
        return Duration.of(spinMicros, ChronoUnit.MICROS);
    }

    /** Checks what was given on the command line. */
    void validate() {
        Settings.check(threads >= 0 && threads <= 64, "--threads", "from 1 to 64", threads);
        Settings.check(threads == 0 || !inline, "--threads", "left out with --inline", threads);
        int held = credit().orElse(DEFAULT_CREDIT);
        Settings.check(held >= 0 && held <= CREDIT_MAX, "--credit", "from 0 to " + CREDIT_MAX, held);
        Settings.check(held == 0 || held >= threads, "--credit", "at least --threads", held);
        Settings.check(spinMicros >= 0 && spinMicros <= 10_000, "--spin", "from 0 to 10000", spinMicros);
    }

    /** Returns the options for a queue of ours, reliable or not whatever this says. */
    String[] queueOptions(boolean reliable) {
        return new String[] {"--spin", Integer.toString(spinMicros), "--reliability", reliable ? "on" : "off"};
    }

    /** Returns the options for a worker of ours. */
    String[] workerOptions() {
        List<String> options = new ArrayList<>(List.of(
                "--spin", Integer.toString(spinMicros), "--credit", Integer.toString(credit().orElse(DEFAULT_CREDIT))));
        options.addAll(threads == 0 ? List.of("--inline") : List.of("--threads", Integer.toString(threads)));
        return options.toArray(String[]::new);
    }

    /** Returns the options for a client of any peer. */
    List<String> clientOptions() {
        List<String> options = new ArrayList<>(List.of("--spin", Integer.toString(spinMicros)));
        if (sync) {
            options.add("--sync");
        }
        return options;
    }
}
