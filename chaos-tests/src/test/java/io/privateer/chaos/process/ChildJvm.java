package io.privateer.chaos.process;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A process of its own that runs a class of the tests. It ends with this process, whatever happens to that. */
public final class ChildJvm implements AutoCloseable {

    private static final Path OUTPUT = Path.of("target", "chaos");
    private static final AtomicInteger NUMBER = new AtomicInteger();

    private final Process process;
    private final Path output;

    private ChildJvm(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    /** Runs {@code main} with the class path of the tests. */
    public static ChildJvm start(Class<?> main, String... arguments) throws IOException {
        return start(List.of(), main, arguments);
    }

    /** Runs {@code main} with the class path of the tests, on a JVM with further options. */
    public static ChildJvm start(List<String> options, Class<?> main, String... arguments) throws IOException {
        Files.createDirectories(OUTPUT);
        Path output = OUTPUT.resolve(
                main.getSimpleName() + "-" + ProcessHandle.current().pid() + "-" + NUMBER.incrementAndGet() + ".log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1"));
        command.addAll(options);
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        return new ChildJvm(process, output);
    }

    /** Ends the calling process as soon as its parent is gone. For the main methods of children. */
    public static void dieWithParent() {
        Thread watch = new Thread(
                () -> {
                    try {
                        while (System.in.read() >= 0) {
                            // The parent says nothing; only its end is of interest.
                        }
                    } catch (IOException e) {
                        // It is gone.
                    }
                    Runtime.getRuntime().halt(3);
                },
                "parent-watch");
        watch.setDaemon(true);
        watch.start();
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Returns where what it prints goes. */
    public File output() {
        return output.toFile();
    }

    /** SIGKILL. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM, and nothing else: {@link Process#destroy()} also closes the pipe that the child watches. */
    int terminate() throws IOException {
        signal("TERM");
        return awaitEnd();
    }

    /** SIGTERM, which one that is frozen finds when it thaws. */
    int terminateFrozen() throws IOException {
        signal("TERM");
        thaw();
        return awaitEnd();
    }

    /** SIGSTOP. */
    void freeze() throws IOException {
        signal("STOP");
    }

    /** SIGCONT. */
    void thaw() throws IOException {
        signal("CONT");
    }

    private void signal(String name) throws IOException {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start();
        try {
            if (!kill.waitFor(10, TimeUnit.SECONDS) || kill.exitValue() != 0) {
                throw new IOException("signal " + name + " could not be sent to " + pid());
            }
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private int awaitEnd() {
        try {
            if (!process.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("process " + pid() + " does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            kill();
        }
    }
}
