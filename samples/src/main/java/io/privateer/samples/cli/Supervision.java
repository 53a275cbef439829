package io.privateer.samples.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** Lets a parent process steer a command through its standard input, and end it by closing that or by dying. */
public final class Supervision {

    @Option(
            names = "--supervised",
            hidden = true,
            description = "End when standard input ends, and report every request.")
    private boolean supervised;

    /** Returns whether a parent process watches. */
    public boolean isOn() {
        return supervised;
    }

    /** Calls {@code onLine} for each line from the parent and then {@code onEnd} once, on a thread of its own. */
    public void watch(Consumer<String> onLine, Runnable onEnd) {
        if (!supervised) {
            return;
        }
        Thread watcher = new Thread(() -> read(onLine, onEnd), "privateer-supervision");
        watcher.setDaemon(true);
        watcher.start();
    }

    private static void read(Consumer<String> onLine, Runnable onEnd) {
        try {
            BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                onLine.accept(line);
            }
        } catch (IOException e) {
            // A broken pipe means the same as its end: the parent is gone.
        } finally {
            onEnd.run();
        }
    }
}
