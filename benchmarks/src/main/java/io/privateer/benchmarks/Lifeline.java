package io.privateer.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** Standard input of a child process: commands, and its end when the parent is gone. */
final class Lifeline {

    private final BlockingQueue<String> commands = new LinkedBlockingQueue<>();

    /** Ends this process as soon as nobody holds the other end of its input. */
    static Lifeline hold() {
        Lifeline lifeline = new Lifeline();
        Thread reader = new Thread(lifeline::read, "lifeline");
        reader.setDaemon(true);
        reader.start();
        return lifeline;
    }

    private void read() {
        try (BufferedReader input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            for (String line = input.readLine(); line != null; line = input.readLine()) {
                commands.add(line);
            }
        } catch (IOException e) {
            System.err.println("input failed: " + e);
        }
        Runtime.getRuntime().halt(0);
    }

    /** Waits for the next {@code measure MILLIS} and returns its milliseconds. */
    long nextMeasureMillis() throws InterruptedException {
        return Long.parseLong(commands.take().replaceFirst("measure ", ""));
    }

    /** Waits until the parent says {@code command}; anything else that it says before is passed over. */
    void awaitCommand(String command) throws InterruptedException {
        while (!commands.take().equals(command)) {
            // Not this one.
        }
    }

    /** Waits until the parent says something that begins with {@code word}, and returns what follows the word. */
    String awaitRest(String word) throws InterruptedException {
        String command = commands.take();
        while (!command.startsWith(word + " ")) {
            command = commands.take();
        }
        return command.substring(word.length() + 1);
    }

    /** Sleeps until the parent is gone. */
    void holdForever() throws InterruptedException {
        while (true) {
            commands.take();
        }
    }
}
