package io.privateer.chaos.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A file to which several worker processes append, a line at a time and past every buffer of their own. */
final class ExecutionLog {

    private final Path file;

    ExecutionLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Returns a channel for {@link #append}, which leaves the file to the others. */
    FileChannel open() throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND);
    }

    static void append(FileChannel channel, boolean finished, String requestId) throws IOException {
        append(channel, finished, requestId, 0, Execution.ANY_SERVER);
    }

    static void append(FileChannel channel, boolean finished, String requestId, long run, int server)
            throws IOException {
        String line = (finished ? "E " : "S ") + requestId + " "
                + ProcessHandle.current().pid() + " " + System.nanoTime() + " " + run + " " + server + "\n";
        channel.write(ByteBuffer.wrap(line.getBytes(StandardCharsets.US_ASCII)));
    }

    /** Returns what was written so far; the last line counts once it is whole. */
    List<Execution> read() {
        try {
            if (!Files.exists(file)) {
                return List.of();
            }
            String text = Files.readString(file, StandardCharsets.US_ASCII);
            List<Execution> executions = new ArrayList<>();
            int end = text.lastIndexOf('\n');
            for (String line : end < 0 ? new String[0] : text.substring(0, end).split("\n", -1)) {
                String[] words = line.split(" ", -1);
                executions.add(new Execution(
                        words[0].equals("E"),
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        Long.parseLong(words[4]),
                        Integer.parseInt(words[5])));
            }
            return executions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns which request each process has begun and not finished. */
    Map<Long, Long> busy() {
        Map<Long, Long> requestByPid = new HashMap<>();
        for (Execution execution : read()) {
            if (execution.finished()) {
                requestByPid.remove(execution.pid());
            } else {
                requestByPid.put(execution.pid(), execution.requestId());
            }
        }
        return requestByPid;
    }
}
