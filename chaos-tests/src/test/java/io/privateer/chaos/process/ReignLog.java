package io.privateer.chaos.process;

import io.privateer.core.Guard;
import io.privateer.core.Guarded;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** A file to which both servers of a pair append a line each time before they begin to serve. */
final class ReignLog {

    private final Path file;

    ReignLog(Path file) {
        this.file = file;
    }

    Path file() {
        return file;
    }

    /** Returns {@code service} as it is, except that its reigns are noted. */
    Guarded noting(int server, Guarded service) {
        return new Guarded() {
            @Override
            public void guardedBy(Guard guard) {
                service.guardedBy(guard);
            }

            @Override
            public void activate(long epoch) {
                append(server, epoch);
                service.activate(epoch);
            }

            @Override
            public void serveUntil(long nanoTime) {
                service.serveUntil(nanoTime);
            }

            @Override
            public void standBy(long newestEpoch, String activeAddress) {
                service.standBy(newestEpoch, activeAddress);
            }

            @Override
            public void alone(boolean isAlone) {
                service.alone(isAlone);
            }
        };
    }

    private void append(int server, long epoch) {
        try {
            String line = server + " " + epoch + " " + System.nanoTime() + "\n";
            Files.writeString(
                    file, line, StandardCharsets.US_ASCII, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Reign> read() throws IOException {
        return Files.readAllLines(file, StandardCharsets.US_ASCII).stream()
                .map(line -> line.split(" ", -1))
                .map(words -> new Reign(Integer.parseInt(words[0]), Long.parseLong(words[1]), Long.parseLong(words[2])))
                .toList();
    }
}
