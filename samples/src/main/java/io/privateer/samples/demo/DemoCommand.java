package io.privateer.samples.demo;

import io.privateer.core.NanoClock;
import io.privateer.core.Settings;
import io.privateer.samples.cli.Rules;
import io.privateer.samples.cli.Version;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the live demo and says whether it passed. */
@Command(
        name = "demo",
        description = "Kills and freezes processes under load, and shows that no request is lost.",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        footer = {
            "",
            "worker: starts a queue, workers and clients as processes of their own. Every",
            "second or two it sends SIGKILL to a worker, or SIGSTOP and 1500 ms later",
            "SIGCONT. The heartbeat is 250 ms and liveness 3, so a frozen worker is given",
            "up after about 750 ms; a killed one 200 ms after its connection ends, in case",
            "it comes back. Clients use the defaults: 2500 ms per attempt, 3 attempts.",
            "",
            "star: starts a pair of queues, workers that know both, and clients. Every 4 or",
            "5 seconds it sends SIGKILL to the active queue, or SIGSTOP and 3000 ms later",
            "SIGCONT, and the other one takes over. The pair's heartbeat is 250 ms, an",
            "attempt of a client 1000 ms.",
            "",
            "peering: starts three clusters that lend each other workers, and clients that",
            "all send to one of them. Every 4 or 5 seconds it sends SIGKILL to a broker,",
            "which starts again a second later. The picture says who borrows how much of",
            "whom.",
            "",
            "The same seed makes the same plan. Exit code 1 if a request is lost or",
            "answered twice, if no process was killed, if no queue took over, or if nothing",
            "was lent."
        })
@SuppressWarnings("NullAway.Init") // Fields are set by picocli.
public final class DemoCommand implements Callable<Integer> {

    /** Set by the launcher: Java cannot tell whether its output alone is a terminal. */
    private static final String ON_TERMINAL = "privateer.terminal";

    @Spec
    private CommandSpec spec;

    @Option(
            names = "--scenario",
            paramLabel = "NAME",
            description = "Who is hurt: worker, star or peering. Default: all in turn.")
    private @Nullable ScenarioKind scenario;

    @Option(
            names = "--seconds",
            paramLabel = "N",
            description = "How long the clients send in each scenario, at least 5. Default: 20, 15 for peering.")
    private @Nullable Integer seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Decides who is hurt, how and when. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(
            names = "--workers",
            paramLabel = "N",
            defaultValue = "4",
            description = "How many worker processes. Default: ${DEFAULT-VALUE}.")
    private int workers;

    @Option(
            names = "--clients",
            paramLabel = "N",
            defaultValue = "16",
            description = "How many clients send at once. Default: ${DEFAULT-VALUE}.")
    private int clients;

    @Option(names = "--no-tty", description = "Print lines instead of a picture, even on a terminal.")
    private boolean noTty;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the outcome to this file.")
    private @Nullable Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        List<DemoSettings> runs = settings();
        checkJson();
        List<Outcome> outcomes = new ArrayList<>();
        for (DemoSettings settings : runs) {
            outcomes.add(run(settings));
        }
        if (json != null) {
            Report.writeJson(outcomes, json);
        }
        if (outcomes.size() > 1) {
            spec.commandLine().getOut().println(Report.verdicts(outcomes));
        }
        return outcomes.stream().mapToInt(Outcome::exitCode).max().orElse(ExitCode.OK);
    }

    private List<DemoSettings> settings() {
        List<ScenarioKind> kinds = scenario == null ? List.of(ScenarioKind.values()) : List.of(scenario);
        return kinds.stream()
                .map(kind -> new DemoSettings(
                        kind,
                        Duration.ofSeconds(
                                Rules.between("--seconds", seconds == null ? kind.seconds : seconds, 5, 86_400)),
                        seed,
                        Rules.between("--workers", workers, 1, 64),
                        Rules.between("--clients", clients, 1, 1_000)))
                .toList();
    }

    private Outcome run(DemoSettings settings) throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        NanoClock clock = NanoClock.system();
        Fleet fleet = new Fleet(spec.root().userObject().getClass().getName(), clock);
        View view = isTerminal() ? new TerminalView(out, settings) : new PlainView(out);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            fleet.close();
                            view.close();
                        },
                        "demo-end"));
        Demo demo = new Demo(settings, fleet, view, clock);
        Outcome outcome;
        try (fleet;
                view) {
            outcome = demo.run();
        }
        out.println();
        if (!outcome.passed()) {
            demo.complaints().forEach(spec.commandLine().getErr()::println);
        }
        out.println(Report.text(outcome));
        return outcome;
    }

    /** Better to hear it now than after the run. */
    private void checkJson() {
        if (json != null) {
            Path parent = json.toAbsolutePath().getParent();
            boolean writable = Files.exists(json)
                    ? Files.isRegularFile(json) && Files.isWritable(json)
                    : parent != null && Files.isDirectory(parent) && Files.isWritable(parent);
            Settings.check(writable, "--json", "a file that can be written", json);
        }
    }

    private boolean isTerminal() {
        return !noTty && Boolean.getBoolean(ON_TERMINAL) && !"dumb".equals(System.getenv("TERM"));
    }
}
