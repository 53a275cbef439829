package io.privateer.samples.demo;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.freva.asciitable.AsciiTable;
import com.github.freva.asciitable.Column;
import com.github.freva.asciitable.HorizontalAlign;
import io.privateer.samples.demo.FaultJournal.Summary;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes what came out of a demo, for people and for programs. */
final class Report {

    private static final List<String> SUMS = List.of(
            "sent", "answered", "lost", "duplicateReplies", "redelivered", "executions", "retries", "kills", "freezes");

    private Report() {}

    /** Returns the table of faults, what is guaranteed, and the verdict as the last line. */
    static String text(Outcome outcome) {
        Ledger.Totals totals = outcome.totals();
        return String.join(
                System.lineSeparator(),
                outcome.settings().scenario().timesText,
                table(outcome.faults()),
                String.format(
                        Locale.ROOT,
                        "Latency p50 %.1f ms, p99 %.1f ms, max %.1f ms. Attempts repeated: %d.",
                        totals.p50Micros() / 1_000.0,
                        totals.p99Micros() / 1_000.0,
                        totals.maxMicros() / 1_000.0,
                        totals.retries()),
                outcome.settings().scenario().lateRepliesText + outcome.lateReplies() + "." + lent(outcome),
                "Guaranteed: callers are answered once. Handlers may run twice (here " + totals.executions() + " runs",
                "for " + totals.sent() + " requests), so make them idempotent.",
                outcome.verdict());
    }

    private static String lent(Outcome outcome) {
        return outcome.settings().scenario() == ScenarioKind.PEERING
                ? System.lineSeparator() + "Requests that ran in another cluster than they had entered: "
                        + outcome.lent() + "."
                : "";
    }

    private static String table(List<Summary> faults) {
        return AsciiTable.getTable(
                AsciiTable.BASIC_ASCII_NO_DATA_SEPARATORS_NO_OUTSIDE_BORDER,
                faults,
                List.of(
                        new Column()
                                .header("fault")
                                .dataAlign(HorizontalAlign.LEFT)
                                .with(Report::nameOf),
                        number("count").with(fault -> Integer.toString(fault.count())),
                        number("detect").with(fault -> millis(p50(fault.detectNanos()))),
                        number("max").with(fault -> millis(max(fault.detectNanos()))),
                        number("recover").with(fault -> millis(p50(fault.recoverNanos()))),
                        number("max").with(fault -> millis(max(fault.recoverNanos()))),
                        number("redelivered").with(fault -> Objects.toString(fault.redelivered(), "-")),
                        number("lost").with(fault -> Objects.toString(fault.lost(), "-"))));
    }

    private static Column number(String header) {
        return new Column().header(header).dataAlign(HorizontalAlign.RIGHT);
    }

    private static String nameOf(Summary fault) {
        return fault.kind() == null ? "(other)" : fault.kind().signal;
    }

    /** Returns one line per scenario, and the verdict on all of them as the last. */
    static String verdicts(List<Outcome> outcomes) {
        boolean passed = outcomes.stream().allMatch(Outcome::passed);
        StringBuilder text = new StringBuilder(System.lineSeparator());
        for (Outcome outcome : outcomes) {
            text.append(outcome.settings().scenario()).append(": ").append(outcome.verdict());
            text.append(System.lineSeparator());
        }
        return text.append(passed ? "PASS" : "FAIL").append(" all scenarios").toString();
    }

    /** Writes the outcome of one scenario, or of several, as JSON; the names are a contract. */
    static void writeJson(List<Outcome> outcomes, Path file) throws IOException {
        ObjectNode json = outcomes.size() == 1 ? json(outcomes.get(0)) : json(outcomes);
        new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(file.toFile(), json);
    }

    /** Each scenario has its own object; what can be added up stands above them too. */
    static ObjectNode json(List<Outcome> outcomes) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("verdict", outcomes.stream().allMatch(Outcome::passed) ? "PASS" : "FAIL");
        List<ObjectNode> parts = outcomes.stream().map(Report::json).toList();
        for (String name : SUMS) {
            json.put(
                    name,
                    parts.stream().mapToLong(part -> part.get(name).asLong()).sum());
        }
        json.putArray("scenarios").addAll(parts);
        return json;
    }

    static ObjectNode json(Outcome outcome) {
        Ledger.Totals totals = outcome.totals();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("scenario", outcome.settings().scenario().toString());
        json.put("verdict", outcome.passed() ? "PASS" : "FAIL");
        json.put("seed", outcome.settings().seed());
        json.put("seconds", outcome.settings().load().toSeconds());
        json.put("workers", outcome.settings().workers());
        json.put("clients", outcome.settings().clients());
        json.put("sent", totals.sent());
        json.put("answered", totals.answered());
        json.put("lost", totals.lost());
        json.put("duplicateReplies", totals.duplicateReplies());
        json.put("redelivered", outcome.redelivered());
        json.put("executions", totals.executions());
        json.put("retries", totals.retries());
        json.put("lateReplies", outcome.lateReplies());
        json.put("lent", outcome.lent());
        json.put("kills", outcome.count(Fault.Kind.KILL));
        json.put("freezes", outcome.count(Fault.Kind.FREEZE));
        json.putObject("latencyMicros")
                .put("p50", totals.p50Micros())
                .put("p99", totals.p99Micros())
                .put("max", totals.maxMicros());
        putMillis(json, "recoveryMillis", merged(outcome.faults().stream().map(Summary::recoverNanos)));
        putMillis(json, "detectMillis", merged(outcome.faults().stream().map(Summary::detectNanos)));
        ArrayNode faults = json.putArray("faults");
        for (Summary fault : outcome.faults()) {
            ObjectNode node = faults.addObject().put("fault", nameOf(fault)).put("count", fault.count());
            putMillis(node, "detectMillis", fault.detectNanos());
            putMillis(node, "recoveryMillis", fault.recoverNanos());
            node.put("redelivered", fault.redelivered()).put("lost", fault.lost());
        }
        ArrayNode problems = json.putArray("problems");
        outcome.problems().forEach(problems::add);
        return json;
    }

    private static void putMillis(ObjectNode parent, String name, List<Long> sortedNanos) {
        parent.putObject(name).put("p50", toMillis(p50(sortedNanos))).put("max", toMillis(max(sortedNanos)));
    }

    private static List<Long> merged(Stream<List<Long>> lists) {
        return lists.flatMap(List::stream).sorted().toList();
    }

    private static @Nullable Long p50(List<Long> sorted) {
        return sorted.isEmpty() ? null : sorted.get((sorted.size() - 1) / 2);
    }

    private static @Nullable Long max(List<Long> sorted) {
        return sorted.isEmpty() ? null : sorted.get(sorted.size() - 1);
    }

    /** Tenths of a millisecond: what lies behind that is the pipe's. */
    private static @Nullable Double toMillis(@Nullable Long nanos) {
        return nanos == null ? null : Math.round(nanos / 100_000.0) / 10.0;
    }

    private static String millis(@Nullable Long nanos) {
        Double millis = toMillis(nanos);
        return millis == null ? "-" : millis.toString();
    }
}
