package io.privateer.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The limit of files that a process may have open, sockets among them. */
final class OpenFiles {

    private static final String LIMIT = "Max open files";

    private OpenFiles() {}

    /** Returns the limit of this process, which is that of its children; {@link Long#MAX_VALUE} if there is none. */
    static long limit() {
        try {
            return limit(Files.readAllLines(Path.of("/proc/self/limits")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the soft limit in what the kernel says of a process. */
    static long limit(List<String> limits) {
        for (String line : limits) {
            if (line.startsWith(LIMIT)) {
                String soft = line.substring(LIMIT.length()).strip().split(" +", -1)[0];
                return soft.equals("unlimited") ? Long.MAX_VALUE : Long.parseLong(soft);
            }
        }
        return Long.MAX_VALUE;
    }

    /**
     * Refuses what would run into the limit.
     *
     * @param who needs the files, for the error
     * @throws IllegalArgumentException if the limit is below {@code needed}
     */
    static void require(long limit, long needed, String who) {
        if (limit < needed) {
            throw new IllegalArgumentException(
                    "the limit of open files (ulimit -n) must be at least " + needed + " for " + who + ": " + limit);
        }
    }
}
