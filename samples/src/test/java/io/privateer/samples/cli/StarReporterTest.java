package io.privateer.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.binarystar.BinaryStarListener;
import io.privateer.binarystar.Misconfiguration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What {@code privateer star} prints of its server. */
class StarReporterTest {

    private final StringWriter printed = new StringWriter();
    private final StarReporter reporter = new StarReporter(new PrintWriter(printed), new CompletableFuture<>());

    @Test
    void hearsOfEverything() {
        List<String> heard = names(StarReporter.class);
        assertThat(heard).containsAll(names(BinaryStarListener.class));
    }

    private static List<String> names(Class<?> type) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(method -> !method.isSynthetic())
                .map(Method::getName)
                .toList();
    }

    @Test
    void saysWhenAProblemBeginsAndWhenItEnds() {
        reporter.onMisconfigured(Misconfiguration.TWO_PRIMARIES);
        reporter.onMisconfigurationEnded();
        reporter.onEpochProblem("no space left");
        reporter.onEpochProblemEnded();
        assertThat(printed.toString().lines())
                .containsExactly(
                        "misconfigured what=TWO_PRIMARIES",
                        "misconfiguration-ended",
                        "epoch-problem no space left",
                        "epoch-problem-ended");
    }
}
