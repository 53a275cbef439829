package io.privateer.chaos.process;

import io.privateer.chaos.process.Operation.Kind;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * The main class of processes that are a client of PRV/1 with several requests under way. Its output is its history, written some times
 * a second; told to end, it lets every request finish.
 */
final class ClientProcess {

    private static final int IN_FLIGHT = 6;
    private static final int WRITE_MILLIS = 50;
    private static final String LINE = "operation ";
    private static final String LINE_END = " .";

    private ClientProcess() {}

    /** Starts one whose requests have ids above {@code lastRequestId}. */
    static ChildJvm launch(long lastRequestId, String... frontends) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(Long.toString(lastRequestId)));
        arguments.addAll(List.of(frontends));
        return ChildJvm.start(ClientProcess.class, arguments.toArray(String[]::new));
    }

    /** Runs until it is killed, or terminated. */
    public static void main(String[] arguments) {
        ChildJvm.dieWithParent();
        History history = new History(Long.parseLong(arguments[0]));
        String[] frontends = List.of(arguments).subList(1, arguments.length).toArray(String[]::new);
        PipelinedLoad load = PipelinedLoad.start(
                PirateClient.builder().endpoints(frontends), IN_FLIGHT, CallOptions.defaults(), history);
        Writer writer = new Writer(history);
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor();
        var unused = schedule.scheduleAtFixedRate(writer::write, 0, WRITE_MILLIS, TimeUnit.MILLISECONDS);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            try {
                                load.stop();
                            } catch (InterruptedException e) {
                                throw new IllegalStateException(e);
                            } finally {
                                writer.write();
                            }
                        },
                        "stop"));
    }

    /** Writes what has happened since it wrote last. Thread-safe. */
    private static final class Writer {
        private final PrintStream out = System.out;
        private final History history;
        private int written;

        Writer(History history) {
            this.history = history;
        }

        synchronized void write() {
            List<Operation> operations = history.operationsBehind(written);
            written += operations.size();
            StringBuilder lines = new StringBuilder();
            for (Operation operation : operations) {
                lines.append(LINE)
                        .append(operation.kind())
                        .append(' ')
                        .append(operation.requestId())
                        .append(' ')
                        .append(operation.atNanos())
                        .append(' ')
                        .append(operation.detail().replace('\n', ' '))
                        .append(LINE_END)
                        .append('\n');
            }
            out.print(lines);
            out.flush();
        }
    }

    /** Returns what a process has written of its history. */
    static List<Operation> operations(ChildJvm client) throws IOException {
        return Files.readAllLines(client.output().toPath()).stream()
                .filter(line -> line.startsWith(LINE) && line.endsWith(LINE_END))
                .map(ClientProcess::parse)
                .toList();
    }

    private static Operation parse(String line) {
        String[] words =
                line.substring(LINE.length(), line.length() - LINE_END.length()).split(" ", 4);
        return new Operation(Kind.valueOf(words[0]), Long.parseLong(words[1]), words[3], Long.parseLong(words[2]));
    }

    /** Returns how many of its requests were answered, as far as it has written that. */
    static long answered(ChildJvm client) throws IOException {
        return operations(client).stream()
                .filter(operation -> operation.kind() == Kind.OK)
                .count();
    }
}
