package io.privateer.docs;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rules of CONTRIBUTING.md that no other tool checks. */
class HouseRulesTest {

    private static final int LINES_MAX = 400;
    /** Written so that this file does not contain them. */
    private static final Pattern MARKERS = Pattern.compile("\\b(TO" + "DO|FIX" + "ME|XX" + "X)\\b");

    private static final Pattern SLEEP = Pattern.compile("Thread\\." + "sleep\\(");

    @Test
    void noFileIsLongerThanAReaderCanHold() {
        assertThat(offenders(".java", path -> Repository.read(path).lines().count() > LINES_MAX))
                .isEmpty();
    }

    @Test
    void nothingIsLeftForLater() {
        assertThat(offenders(
                        ".java", path -> MARKERS.matcher(Repository.read(path)).find()))
                .isEmpty();
        assertThat(offenders(
                        ".md", path -> MARKERS.matcher(Repository.read(path)).find()))
                .isEmpty();
    }

    @Test
    void noTestSleeps() {
        assertThat(offenders(
                        ".java",
                        path -> path.toString().contains("/src/test/")
                                && SLEEP.matcher(Repository.read(path)).find()))
                .isEmpty();
    }

    @Test
    void everyPackageSaysWhatItIsFor() {
        assertThat(offenders(".java", path -> path.toString().contains("/src/main/java/io/") && !isDescribed(path)))
                .isEmpty();
    }

    /** In its own module, or in the one whose package it joins to get at what is hidden there. */
    private static boolean isDescribed(Path path) {
        String inPackage = path.getParent().toString().replaceFirst(".*/src/main/java/", "");
        return Repository.files("/" + inPackage + "/package-info.java").stream().anyMatch(Files::exists);
    }

    private static List<String> offenders(String suffix, Predicate<Path> breaksTheRule) {
        return Repository.files(suffix).stream()
                .filter(breaksTheRule)
                .map(Repository::name)
                .toList();
    }
}
