package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.binarystar.BinaryStarRules.Decision;
import io.privateer.binarystar.BinaryStarRules.Event;
import io.privateer.binarystar.BinaryStarRules.Facts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The table of {@code docs/guarantees.md} and the function are the same, cell by cell and fact by fact. */
class BinaryStarRulesTest {

    private static final Map<String, Predicate<Facts>> CONDITIONS = Map.of(
            "peer gone", Facts::peerGone,
            "peer gone and solo", facts -> facts.peerGone() && facts.soloAllowed(),
            "newer epoch", Facts::newerEpoch,
            "peer cannot serve", facts -> !facts.peerCanServe(),
            "not active last", facts -> !facts.lastActive());

    static Stream<Arguments> cells() {
        return table().entrySet().stream().flatMap(row -> row.getValue().entrySet().stream()
                .map(cell -> Arguments.of(row.getKey(), cell.getKey(), cell.getValue())));
    }

    @ParameterizedTest(name = "{0} {1}: {2}")
    @MethodSource("cells")
    void everyCellOfTheDocumentIsWhatTheFunctionDoes(StarState state, Event event, String cell) {
        for (Facts facts : allFacts()) {
            assertThat(BinaryStarRules.decide(state, event, facts))
                    .as("%s %s %s", state, event, facts)
                    .isEqualTo(documented(cell, event, facts));
        }
    }

    @Test
    void onlyBecomingActiveNeedsANewEpoch() {
        assertThat(new Decision(StarState.ACTIVE, true).needsNewEpoch()).isTrue();
        assertThat(new Decision(StarState.PASSIVE, false).needsNewEpoch()).isFalse();
        assertThat(new Decision(null, true).needsNewEpoch()).isFalse();
    }

    @Test
    void nobodyBecomesActiveByItselfInManualModeOrMisconfiguredOrWithoutAnEpochFile() {
        everywhere((state, event, facts) -> {
            if (facts.mode() == StarMode.MANUAL || facts.misconfiguration() != null || !facts.canServe()) {
                assertThat(BinaryStarRules.decide(state, event, facts).next()).isNotEqualTo(StarState.ACTIVE);
            }
        });
    }

    @Test
    void ofTwoPassiveServersThatCanServeExactlyOneBecomesActive() {
        for (boolean primaryWasLast : new boolean[] {true, false}) {
            Facts primary = new Facts(StarMode.PAIR, false, false, false, true, true, primaryWasLast, null);
            Facts backup = new Facts(StarMode.PAIR, false, false, false, true, true, !primaryWasLast, null);
            assertThat(Stream.of(primary, backup)
                            .filter(facts -> BinaryStarRules.decide(StarState.PASSIVE, Event.PEER_PASSIVE, facts)
                                    .needsNewEpoch()))
                    .hasSize(1);
        }
    }

    @Test
    void anActiveServerGivesWayToANewerEpochWhateverElseIsTheCase() {
        everywhere((state, event, facts) -> {
            if (state == StarState.ACTIVE && event != Event.CLIENT_REQUEST) {
                StarState expected = facts.newerEpoch() ? StarState.PASSIVE : null;
                assertThat(BinaryStarRules.decide(state, event, facts).next()).isEqualTo(expected);
            }
        });
    }

    @Test
    void aClientIsAcceptedOnlyByAServerThatIsActiveOrBecomesIt() {
        everywhere((state, event, facts) -> {
            Decision decision = BinaryStarRules.decide(state, event, facts);
            boolean active = decision.next() == StarState.ACTIVE || state == StarState.ACTIVE;
            assertThat(decision.accepts()).isEqualTo(event == Event.CLIENT_REQUEST && active);
        });
    }

    /** Evaluates a cell of the document. */
    private static Decision documented(String cell, Event event, Facts facts) {
        boolean asked = event == Event.CLIENT_REQUEST;
        boolean may = facts.mode() != StarMode.MANUAL && facts.canServe() && facts.misconfiguration() == null;
        for (String clause : cell.split(";", -1)) {
            String[] parts = clause.split(":", 2);
            String outcome = parts[parts.length - 1].strip();
            boolean holds = parts.length == 1 || condition(parts[0].strip()).test(facts);
            if (holds) {
                return switch (outcome) {
                    case "stay", "reject" -> new Decision(null, false);
                    case "accept" -> new Decision(null, true);
                    case "→ PASSIVE" -> new Decision(StarState.PASSIVE, false);
                    case "→ ACTIVE" -> may ? new Decision(StarState.ACTIVE, asked) : new Decision(null, false);
                    default -> throw new AssertionError("an outcome unknown to the test: " + outcome);
                };
            }
        }
        throw new AssertionError("a cell that ends nowhere: " + cell);
    }

    private static Predicate<Facts> condition(String words) {
        Predicate<Facts> condition = CONDITIONS.get(words);
        assertThat(condition).as("a condition known to the test: %s", words).isNotNull();
        return condition;
    }

    private static Map<StarState, Map<Event, String>> table() {
        Map<StarState, Map<Event, String>> table = new LinkedHashMap<>();
        for (String line : document().lines().filter(l -> l.startsWith("| **")).toList()) {
            String[] cells = line.substring(1).split("\\|", -1);
            String name = cells[0].strip().replace("*", "");
            if (Arrays.stream(StarState.values())
                    .noneMatch(state -> state.name().equals(name))) {
                continue;
            }
            Map<Event, String> row = new LinkedHashMap<>();
            int column = 1;
            for (Event event : Event.values()) {
                row.put(event, cells[column].strip());
                column++;
            }
            assertThat(table.put(StarState.valueOf(name), row)).isNull();
        }
        assertThat(table).containsOnlyKeys(StarState.values());
        return table;
    }

    private static String document() {
        try {
            String all = Files.readString(Path.of("../docs/guarantees.md"));
            return all.substring(all.indexOf("Binary Star: the table"));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private interface Case {
        void check(StarState state, Event event, Facts facts);
    }

    private static void everywhere(Case check) {
        for (StarState state : StarState.values()) {
            for (Event event : Event.values()) {
                allFacts().forEach(facts -> check.check(state, event, facts));
            }
        }
    }

    private static List<Facts> allFacts() {
        List<Facts> all = new ArrayList<>();
        List<@Nullable Misconfiguration> wrongs = new ArrayList<>(Arrays.asList(Misconfiguration.values()));
        wrongs.add(null);
        for (StarMode mode : StarMode.values()) {
            for (Misconfiguration wrong : wrongs) {
                for (int bits = 0; bits < 64; bits++) {
                    all.add(new Facts(
                            mode,
                            (bits & 1) != 0,
                            (bits & 2) != 0,
                            (bits & 4) != 0,
                            (bits & 8) != 0,
                            (bits & 16) != 0,
                            (bits & 32) != 0,
                            wrong));
                }
            }
        }
        return all;
    }
}
