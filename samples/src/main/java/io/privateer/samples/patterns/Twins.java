package io.privateer.samples.patterns;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Who can run the twins in Python, and where these are. */
final class Twins {

    /** Set by the launcher: the folder of the checkout. */
    private static final String HOME = "privateer.home";

    private static final List<String> INTERPRETERS = List.of("python3", "/usr/bin/python3");

    private Twins() {}

    /** Returns the first Python that has pyzmq, if any has. */
    static Optional<String> interpreter() {
        return INTERPRETERS.stream().filter(Twins::hasPyzmq).findFirst();
    }

    /**
     * Returns the command that plays the other end of {@code pattern}, but for its arguments.
     *
     * @throws IllegalArgumentException if there is no Python for it, or nobody has said where the twins are
     */
    static List<String> command(Pattern pattern) {
        @Nullable String home = System.getProperty(HOME);
        if (home == null) {
            throw new IllegalArgumentException("--twin must be used with ./privateer, which knows where the twins are");
        }
        String python = interpreter()
                .orElseThrow(() -> new IllegalArgumentException(
                        "--twin needs a python3 that can import zmq; Debian has it as python3-zmq"));
        return List.of(python, "-Bu", Path.of(home, "samples", pattern.twin()).toString());
    }

    private static boolean hasPyzmq(String interpreter) {
        try {
            Process process = new ProcessBuilder(interpreter, "-c", "import zmq")
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(20, TimeUnit.SECONDS) && process.exitValue() == 0;
        } catch (IOException e) {
            return false; // There is no such program.
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
