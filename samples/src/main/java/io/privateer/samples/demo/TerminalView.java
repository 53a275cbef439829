package io.privateer.samples.demo;

import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarStyle;
import picocli.CommandLine.Help.Ansi;

/** Shows a demo as a picture that is drawn over itself. Thread-safe, because a signal may close it amid a frame. */
final class TerminalView implements View {

    /** With the rest, what a terminal of 24 lines holds. */
    private static final int PARTS_SHOWN_MAX = 8;

    private static final int EVENTS_SHOWN = 7;
    private static final int WIDTH = 78;

    /** The bar draws when asked, not by its own timer. */
    private static final int NEVER_MILLIS = Integer.MAX_VALUE;

    private static final String HIDE_CURSOR_AND_CUT_LONG_LINES = "\033[?25l\033[?7l";
    private static final String SHOW_CURSOR_AND_WRAP = "\033[?25h\033[?7h";
    private static final String CLEAR_REST_OF_LINE = "\033[K";
    private static final String CLEAR_BELOW = "\033[J";

    /** See no-color.org. */
    private static final Ansi COLORS = System.getenv("NO_COLOR") == null ? Ansi.ON : Ansi.OFF;

    private final PrintWriter out;
    private final DemoSettings settings;
    private final ProgressBar bar;
    private final Deque<String> events = new ArrayDeque<>();
    private String drawnBar = "";
    private int drawnLines;
    private boolean closed;

    TerminalView(PrintWriter out, DemoSettings settings) {
        this.out = out;
        this.settings = settings;
        this.bar = ProgressBar.builder()
                .setInitialMax(settings.load().toMillis())
                .setUnit(" s", 1_000)
                .setStyle(
                        Charset.defaultCharset().equals(StandardCharsets.UTF_8)
                                ? ProgressBarStyle.UNICODE_BLOCK
                                : ProgressBarStyle.ASCII)
                .hideEta()
                .setUpdateIntervalMillis(NEVER_MILLIS)
                .setConsumer(new DelegatingProgressBarConsumer(text -> drawnBar = text, WIDTH))
                .build();
        out.print(HIDE_CURSOR_AND_CUT_LONG_LINES);
        out.flush();
    }

    @Override
    public Duration period() {
        return Duration.ofMillis(250);
    }

    @Override
    public synchronized void event(Duration at, String text) {
        events.addLast(PlainView.stamp(at) + "  " + text);
        if (events.size() > EVENTS_SHOWN) {
            events.removeFirst();
        }
    }

    @Override
    public synchronized void frame(Frame frame) {
        if (closed) {
            return;
        }
        bar.stepTo(Math.min(frame.at().toMillis(), settings.load().toMillis()));
        bar.refresh();
        List<String> lines = new ArrayList<>();
        lines.add(String.format(
                Locale.ROOT,
                "privateer demo: %s   seed %d   %d workers   %d clients   Ctrl-C ends it",
                settings.scenario(),
                settings.seed(),
                settings.workers(),
                settings.clients()));
        lines.add(drawnBar.strip());
        lines.add("");
        addTotals(lines, frame);
        lines.add("");
        addParts(lines, frame.parts());
        if (!frame.flows().isEmpty()) {
            lines.add(frame.flows());
        }
        lines.add("");
        lines.addAll(events);
        draw(lines);
    }

    private void addTotals(List<String> lines, Frame frame) {
        Ledger.Totals totals = frame.totals();
        lines.add(String.format(
                Locale.ROOT,
                "sent %d   answered %d   in flight %d   %s   redelivered %d   retries %d",
                totals.sent(),
                totals.answered(),
                totals.open(),
                colored(totals.failed() == 0 ? "green" : "red,bold", "lost " + totals.failed()),
                frame.redelivered(),
                totals.retries()));
        lines.add(String.format(
                Locale.ROOT,
                "latency   p50 %.1f ms   p99 %.1f ms   max %.1f ms",
                totals.p50Micros() / 1_000.0,
                totals.p99Micros() / 1_000.0,
                totals.maxMicros() / 1_000.0));
    }

    private static void addParts(List<String> lines, List<Part> parts) {
        int shown = parts.size() > PARTS_SHOWN_MAX ? PARTS_SHOWN_MAX - 1 : parts.size();
        for (Part part : parts.subList(0, shown)) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%-10s pid %-8d %s %-18s %s",
                    part.name(),
                    part.pid(),
                    colored(colorOf(part.mood()), String.format(Locale.ROOT, "%-9s", part.state())),
                    part.detail(),
                    part.count()));
        }
        if (shown < parts.size()) {
            List<Part> rest = parts.subList(shown, parts.size());
            long up = rest.stream().filter(part -> part.mood() == Mood.WELL).count();
            lines.add("and " + rest.size() + " more, " + up + " of them up");
        }
    }

    private static String colorOf(Mood mood) {
        return switch (mood) {
            case WELL -> "green";
            case STARTING -> "yellow";
            case FROZEN -> "cyan,bold";
            case DOWN -> "red,bold";
        };
    }

    private static String colored(String style, String text) {
        return COLORS.string("@|" + style + " " + text + "|@");
    }

    /** One write for the whole picture, so that none is seen half drawn. */
    private void draw(List<String> lines) {
        StringBuilder picture = new StringBuilder();
        if (drawnLines > 0) {
            picture.append("\033[").append(drawnLines).append("A\r");
        }
        for (String line : lines) {
            picture.append(line).append(CLEAR_REST_OF_LINE).append('\n');
        }
        picture.append(CLEAR_BELOW);
        out.print(picture);
        out.flush();
        drawnLines = lines.size();
    }

    @Override
    public synchronized void close() {
        if (!closed) {
            closed = true;
            bar.close();
            out.print(SHOW_CURSOR_AND_WRAP);
            out.flush();
        }
    }
}
