package io.privateer.chaos.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A process that runs one of the programs in {@code interop}. It ends with this process, whatever happens to that.
 *
 * <p>Where no Python with pyzmq is found the tests that need one are skipped, unless the environment has
 * {@value #REQUIRED}: then they fail.
 */
final class PythonPeer implements AutoCloseable {

    private static final String REQUIRED = "PRIVATEER_PYTHON_REQUIRED";
    private static final String MISSING = "there is no python3 that can import %s; Debian has it as python3-zmq";
    private static final Path PROGRAMS = Path.of("interop");
    private static final Path OUTPUT = Path.of("target", "chaos");
    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Process process;
    private final Path output;

    private PythonPeer(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Starts a program that needs pyzmq, or aborts the test. */
    static PythonPeer start(String... command) {
        return start("zmq", command);
    }

    /** Starts a program that needs {@code module}, or aborts the test. */
    static PythonPeer start(String module, String[] command) {
        Optional<String> python = INTERPRETERS.stream()
                .filter(interpreter -> succeeds(interpreter, "-c", "import " + module))
                .findFirst();
        if (System.getenv(REQUIRED) != null) {
            assertThat(python).as(MISSING, module).isPresent();
        }
        assumeTrue(python.isPresent(), MISSING.formatted(module));
        List<String> all = new ArrayList<>(
                List.of(python.orElseThrow(), "-B", PROGRAMS.resolve(command[0]).toString()));
        all.addAll(List.of(command).subList(1, command.length));
        try {
            Files.createDirectories(OUTPUT);
            Path output = OUTPUT.resolve(
                    command[0] + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
            Process process = new ProcessBuilder(all)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .start();
            return new PythonPeer(process, output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean succeeds(String... command) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // There is no such program.
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Returns what it has printed so far. */
    String output() {
        try {
            return Files.readString(output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns whether it has begun to work on something. */
    boolean isAtWork() {
        return output().contains("began");
    }

    /** SIGKILL. */
    void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, and nothing else: {@link Process#destroy()} also closes the pipe that the child watches. */
    void terminate() {
        signal("-TERM");
    }

    /** SIGSTOP. */
    void freeze() {
        signal("-STOP");
    }

    /** SIGCONT. */
    void thaw() {
        signal("-CONT");
    }

    private void signal(String signal) {
        assertThat(succeeds("kill", signal, Long.toString(process.pid()))).isTrue();
    }

    /** Waits for its end, and returns its exit code. */
    int awaitEnd() {
        try {
            assertThat(process.waitFor(40, TimeUnit.SECONDS))
                    .as("%s ends, so far it said: %s", output, output())
                    .isTrue();
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
