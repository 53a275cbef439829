package io.privateer.samples.demo;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.stream.Collectors;

/** Shows a demo as lines, for logs and pipes. */
final class PlainView implements View {

    private final PrintWriter out;

    PlainView(PrintWriter out) {
        this.out = out;
    }

    @Override
    public Duration period() {
        return Duration.ofSeconds(1);
    }

    @Override
    public void event(Duration at, String text) {
        out.println(stamp(at) + "  " + text);
    }

    @Override
    public void frame(Frame frame) {
        Ledger.Totals totals = frame.totals();
        if (totals.sent() == 0) {
            return;
        }
        out.printf(
                Locale.ROOT,
                "%s  sent %d, answered %d, in flight %d, lost %d, redelivered %d; p50 %.1f ms, p99 %.1f ms, max %.1f ms;"
                        + " %s%s%n",
                stamp(frame.at()),
                totals.sent(),
                totals.answered(),
                totals.open(),
                totals.failed(),
                frame.redelivered(),
                totals.p50Micros() / 1_000.0,
                totals.p99Micros() / 1_000.0,
                totals.maxMicros() / 1_000.0,
                frame.parts().stream()
                        .map(part -> part.name() + " " + part.state())
                        .collect(Collectors.joining(", ")),
                frame.flows().isEmpty() ? "" : "; " + frame.flows());
    }

    @Override
    public void close() {}

    static String stamp(Duration at) {
        return String.format(Locale.ROOT, "%6.2f s", at.toMillis() / 1_000.0);
    }
}
