package io.privateer.benchmarks;

import io.privateer.core.Settings;
import io.privateer.pirate.MachineBenchmark;
import io.privateer.pirate.PrvTurnBenchmark;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** JMH, with bytes allocated per operation. */
@Command(name = "micro", description = "JMH: codec and queue machine, nanoseconds and bytes per operation.")
final class Micro implements Callable<Integer> {

    private static final List<Class<?>> BENCHMARKS =
            List.of(MachineBenchmark.class, PrvTurnBenchmark.class, CodecBenchmark.class, RecordBenchmark.class);

    @Option(
            names = "--only",
            paramLabel = "PART",
            defaultValue = "",
            description = "only classes with PART in their name: MachineBenchmark, PrvTurnBenchmark, CodecBenchmark or"
                    + " RecordBenchmark")
    private String only = "";

    @Option(names = "--json", paramLabel = "FILE", description = "also write the results to FILE")
    private @Nullable String json;

    @Override
    public Integer call() throws RunnerException {
        Settings.check(
                BENCHMARKS.stream().anyMatch(type -> type.getName().contains(only)),
                "--only",
                "part of the name of a benchmark",
                only);
        ChainedOptionsBuilder options = new OptionsBuilder();
        BENCHMARKS.stream()
                .map(Class::getName)
                .filter(name -> name.contains(only))
                .forEach(options::include);
        options.addProfiler(GCProfiler.class)
                .timeUnit(TimeUnit.NANOSECONDS)
                .warmupIterations(3)
                .measurementIterations(5)
                .warmupTime(TimeValue.seconds(1))
                .measurementTime(TimeValue.seconds(1))
                .forks(2);
        if (json != null) {
            options.resultFormat(ResultFormatType.JSON).result(json);
        }
        new Runner(options.build()).run();
        return 0;
    }
}
