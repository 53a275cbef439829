package io.privateer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A promise in {@code docs/guarantees.md} names the test that shows it, and that test is there. */
class GuaranteesTest {

    private static final Pattern TEST_CLASS = Pattern.compile("`(\\w+Test)`");
    private static final Pattern TEST_OR_METHOD = Pattern.compile("`(\\w+Test|[a-z]+[A-Z]\\w*)`");
    private static final Pattern METHOD = Pattern.compile("\\bvoid (\\w+)\\(");

    private final String document = Repository.read(Repository.ROOT.resolve(Path.of("docs", "guarantees.md")));
    private final List<Path> tests = Repository.files("Test.java");

    @Test
    void everyTestClassThatIsNamedIsThere() {
        Set<String> classes = classes();
        assertThat(named(TEST_CLASS, document)).isNotEmpty().allMatch(classes::contains);
    }

    @Test
    void whatStandsInAColumnOfTestsIsATestOrOneOfItsMethods() {
        Set<String> there = classes();
        for (Path test : tests) {
            there.addAll(named(METHOD, Repository.read(test)));
        }
        List<String> cells = lastCellsOfTablesOfTests();
        assertThat(cells).hasSizeGreaterThan(20);
        for (String cell : cells) {
            assertThat(named(TEST_OR_METHOD, cell)).as(cell).allMatch(there::contains);
        }
    }

    private List<String> lastCellsOfTablesOfTests() {
        List<String> cells = new ArrayList<>();
        boolean inTable = false;
        for (String line : document.lines().toList()) {
            inTable = line.startsWith("|") && (inTable || line.endsWith("| test |"));
            if (inTable) {
                cells.add(line.substring(line.lastIndexOf('|', line.length() - 2)));
            }
        }
        return cells;
    }

    private Set<String> classes() {
        return tests.stream()
                .map(path -> path.getFileName().toString().replace(".java", ""))
                .collect(Collectors.toSet());
    }

    private static List<String> named(Pattern pattern, String text) {
        return pattern.matcher(text)
                .results()
                .map((MatchResult found) -> found.group(1))
                .toList();
    }
}
