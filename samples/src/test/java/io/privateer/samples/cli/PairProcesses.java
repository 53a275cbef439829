package io.privateer.samples.cli;

import io.privateer.samples.Privateer;
import io.privateer.samples.demo.FreeEndpoints;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command line as users run it, each command a process of its own that writes into a file of its name. */
final class PairProcesses implements AutoCloseable {

    private static final long ENDS_SECONDS = 60;

    final String[] states = FreeEndpoints.take(2).toArray(String[]::new);
    final String[] frontends = FreeEndpoints.take(2).toArray(String[]::new);
    final String[] backends = FreeEndpoints.take(2).toArray(String[]::new);
    private final Path dir;
    private final List<Process> processes = new ArrayList<>();

    PairProcesses(Path dir) throws IOException {
        this.dir = dir;
    }

    /** Starts one of the two servers: 0 is the primary. */
    Process star(int own, String... options) throws IOException {
        String role = own == 0 ? "primary" : "backup";
        List<String> line = new ArrayList<>(List.of("star", "--supervised", "--role", role));
        line.addAll(List.of("--state", states[own], "--peer-state", states[1 - own]));
        line.addAll(List.of("--frontend", frontends[own], "--backend", backends[own]));
        line.addAll(List.of("--star-heartbeat", "1s"));
        line.addAll(List.of(options));
        return start(role, line);
    }

    Process start(String name, List<String> command) throws IOException {
        List<String> line = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-Dprivateer.log.level=INFO",
                "-cp",
                System.getProperty("java.class.path"),
                Privateer.class.getName()));
        line.addAll(command);
        Process process = new ProcessBuilder(line)
                .redirectErrorStream(true)
                .redirectOutput(dir.resolve(name).toFile())
                .start();
        processes.add(process);
        return process;
    }

    /** Runs a command to its end, and returns its exit code. */
    int run(String name, String... command) throws IOException, InterruptedException {
        Process process = start(name, List.of(command));
        if (!process.waitFor(ENDS_SECONDS, TimeUnit.SECONDS)) {
            throw new AssertionError("does not end: " + String.join(" ", command));
        }
        return process.exitValue();
    }

    boolean says(String name, String part) throws IOException {
        return !lines(name, part).isEmpty();
    }

    List<String> lines(String name, String part) throws IOException {
        return Files.readAllLines(dir.resolve(name)).stream()
                .filter(line -> line.contains(part))
                .toList();
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
