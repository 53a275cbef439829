package io.privateer.samples.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;

/**
 * A process of the demo's. What it says goes to a listener, line by line, on threads of its own; the news of its end
 * comes after its last line. It runs under our standard input's end: when the demo dies, the child sees its input end.
 *
 * <p>Thread-safe.
 */
final class ChildProcess {

    /** Hears a child. Any thread. */
    interface Listener {

        /** It wrote a line to its standard output. */
        void onLine(ChildProcess child, String line);

        /** It wrote a line to its standard error. */
        void onComplaint(ChildProcess child, String line);

        /** It has ended, and all its lines have been heard. */
        void onEnd(ChildProcess child, int exitCode);
    }

    private final String name;
    private final Process process;
    private final OutputStream input;

    private ChildProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.input = process.getOutputStream();
    }

    static ChildProcess start(String name, List<String> command, Listener listener) throws IOException {
        ChildProcess child = new ChildProcess(name, new ProcessBuilder(command).start());
        child.read("err", child.process.getErrorStream(), line -> listener.onComplaint(child, line), () -> {});
        child.read(
                "out",
                child.process.getInputStream(),
                line -> listener.onLine(child, line),
                () -> listener.onEnd(child, child.exitCode()));
        return child;
    }

    String name() {
        return name;
    }

    long pid() {
        return process.pid();
    }

    /** Writes a line to its standard input; in vain if it has just ended. */
    void tell(String line) {
        try {
            input.write((line + "\n").getBytes(StandardCharsets.UTF_8));
            input.flush();
        } catch (IOException e) {
            // It has ended; onEnd tells.
        }
    }

    /** Ends its standard input, which asks a supervised command to end. */
    void dismiss() {
        try {
            input.close();
        } catch (IOException e) {
            // It has ended; onEnd tells.
        }
    }

    /** Sends SIGKILL, which ends a frozen process too. */
    void kill() {
        process.destroyForcibly();
    }

    private int exitCode() {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts this thread", e);
        }
    }

    private void read(String stream, InputStream from, Consumer<String> onLine, Runnable onEnd) {
        Thread reader = new Thread(
                () -> {
                    try (BufferedReader lines =
                            new BufferedReader(new InputStreamReader(from, StandardCharsets.UTF_8))) {
                        lines.lines().forEach(onLine);
                    } catch (IOException | UncheckedIOException e) {
                        // As good as the end of the stream.
                    }
                    onEnd.run();
                },
                "demo-" + name + "-" + stream);
        reader.setDaemon(true);
        reader.start();
    }
}
