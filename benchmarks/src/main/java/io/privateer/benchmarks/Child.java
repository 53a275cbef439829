package io.privateer.benchmarks;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** One role in a JVM of its own, which ends when its standard input does, at the latest with this process. */
final class Child implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final List<String> JVM_OPTIONS = List.of("-Xmx512m", "-XX:+UseSerialGC");
    private static final String ENDED = "ENDED";
    private static final long CLOSE_SECONDS_MAX = 5;

    private final String role;
    private final Process process;
    private final BufferedWriter input;
    private final BlockingQueue<String> lines = new LinkedBlockingQueue<>();
    private final Thread killer;

    private Child(String role, Process process, Consumer<String> alsoTo) {
        this.role = role;
        this.process = process;
        this.input = process.outputWriter(StandardCharsets.UTF_8);
        // A stopped process does not see its input end.
        this.killer = new Thread(() -> destroy(process));
        Runtime.getRuntime().addShutdownHook(killer);
        Thread reader = new Thread(() -> read(alsoTo), "reader-" + role);
        reader.setDaemon(true);
        reader.start();
    }

    static Child start(String role, String... options) {
        return start(role, line -> {}, options);
    }

    /** Starts a role with a heap of at most so much. */
    static Child startSmall(int heapMib, String role, String... options) {
        return start(List.of("-Xmx" + heapMib + "m"), role, line -> {}, options);
    }

    /** Starts a role whose lines also go to {@code listener}, on a thread of their own. */
    static Child start(String role, Consumer<String> listener, String... options) {
        return start(List.of(), role, listener, options);
    }

    private static Child start(List<String> jvmOptions, String role, Consumer<String> listener, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(JVM_OPTIONS);
        command.addAll(jvmOptions); // The last one counts.
        command.addAll(List.of("-cp", System.getProperty("java.class.path", ""), Bench.class.getName(), "role", role));
        command.addAll(List.of(options));
        return of(role, command, listener);
    }

    /** Starts a command that is no role, and has to end with its standard input all the same. */
    static Child of(String name, List<String> command, Consumer<String> listener) {
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            return new Child(name, process, listener);
        } catch (IOException e) {
            throw new UncheckedIOException(name + " cannot be started", e);
        }
    }

    private void read(Consumer<String> alsoTo) {
        try (BufferedReader output = process.inputReader(StandardCharsets.UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                alsoTo.accept(line);
                lines.add(line);
            }
        } catch (IOException e) {
            lines.add(ENDED + " " + e.getMessage());
        }
        lines.add(ENDED);
    }

    private static void destroy(Process process) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
    }

    /** Waits for the line that begins with {@code word} and returns what follows the word. */
    String await(String word, int secondsMax) throws InterruptedException {
        Pattern line = Pattern.compile("^" + Pattern.quote(word) + " (.*)");
        return awaitMatch(line, word, secondsMax).group(1);
    }

    /** Waits for a line in which {@code pattern} is found; {@code what} is its name in errors. */
    MatchResult awaitMatch(Pattern pattern, String what, int secondsMax) throws InterruptedException {
        long deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(secondsMax);
        while (true) {
            String line = lines.poll(deadlineNanos - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (line == null) {
                throw new IllegalStateException(role + " did not say " + what + " within " + secondsMax + " s");
            }
            if (line.startsWith(ENDED)) {
                throw new IllegalStateException(role + " ended before it said " + what);
            }
            if (line.startsWith(Roles.FAILED + " ")) {
                throw new IllegalStateException(role + ": " + line.substring(Roles.FAILED.length() + 1));
            }
            Matcher matcher = pattern.matcher(line);
            if (matcher.find()) {
                return matcher.toMatchResult();
            }
        }
    }

    /** Makes a load generator run for {@code millis} and returns what it measured. */
    Latency measure(long millis) throws InterruptedException {
        tell("measure " + millis);
        return result(Latency.class, (int) (millis / 1_000) + 30);
    }

    /** Waits for the child's result. */
    <T> T result(Class<T> type, int secondsMax) throws InterruptedException {
        try {
            return JSON.readValue(await(Roles.RESULT, secondsMax), type);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    void tell(String line) {
        try {
            input.write(line);
            input.newLine();
            input.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(role + " does not listen", e);
        }
    }

    ProcStat stat() {
        return ProcStat.of(process.pid());
    }

    long pid() {
        return process.pid();
    }

    /** Sends SIGKILL. */
    void kill() {
        process.destroyForcibly();
    }

    /** Sends {@code STOP} or {@code CONT}. */
    void signal(String name) throws InterruptedException {
        try {
            new ProcessBuilder("kill", "-" + name, Long.toString(process.pid()))
                    .inheritIO()
                    .start()
                    .waitFor();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            input.close();
            if (!process.waitFor(CLOSE_SECONDS_MAX, TimeUnit.SECONDS)) {
                destroy(process);
            }
        } catch (IOException e) {
            destroy(process); // Nobody reads there any more.
        } catch (InterruptedException e) {
            destroy(process);
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().removeShutdownHook(killer);
    }
}
