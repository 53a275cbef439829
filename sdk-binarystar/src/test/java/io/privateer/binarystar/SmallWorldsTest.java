package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every world that the moves of {@link SearchWorld} can lead to, breadth first, up to a number of moves: the
 * production machines in all of them keep what they promise, and the Guide's rules do not.
 */
class SmallWorldsTest {

    private static final Logger log = LoggerFactory.getLogger(SmallWorldsTest.class);
    private static final boolean NIGHTLY = Boolean.getBoolean("chaos.nightly");

    /** More than any world has that has an end. */
    private static final int MOVES_MAX = 100;

    private static final int DEEPER = Integer.getInteger("search.deeper", 0);

    /** One world in so many is healed, to see whether it can be. */
    private static final int HEALED = 16;

    /** Where a search ended. */
    private record Found(@Nullable String violation, List<Integer> moves, int worlds) {
        @Override
        public String toString() {
            return violation + " after "
                    + moves.stream().map(SearchWorld::describe).toList();
        }
    }

    /** Exhaustive: the search ends because there are no other worlds. */
    @Test
    void aPairIsNeverActiveTwiceInOneEpochAndHeals() {
        searchAll(new SearchLimits(StarMode.PAIR, false, true, 1, 3, 0, 0));
        searchAll(new SearchLimits(StarMode.PAIR, false, true, 1, 1, 1, 0));
        searchAll(new SearchLimits(StarMode.PAIR, false, false, 1, 1, 0, 0));
    }

    /** The first three exhaustive. */
    @Test
    void twoClientsOnTwoSidesPausesAndCrashesDoNotBreakAPair() {
        searchAll(new SearchLimits(StarMode.PAIR, false, true, 2, 4, 0, 0));
        searchAll(new SearchLimits(StarMode.PAIR, false, true, 2, 2, 1, 0));
        searchAll(new SearchLimits(StarMode.PAIR, false, true, 1, 1, 0, 1));
        search(new SearchLimits(StarMode.PAIR, false, true, 1, 2, 1, 1), 0, 7);
    }

    /** The first two exhaustive. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void withAWitnessThereAreNeverTwoValidLeases() {
        searchAll(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 0, 0, 0, 1));
        searchAll(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, false, 1, 0, 0, 0, 1));
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 0, 0, 0, 2), 0, 15);
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, false, 1, 0, 0, 0, 2), 0, 15);
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 1, 0, 0), 0, 11);
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 1, 1, 1), 0, 6);
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, false, 1, 1, 1, 0), 0, 8);
    }

    /** The first exhaustive with {@code -Pnightly}. */
    @Test
    @Timeout(value = 10, unit = TimeUnit.MINUTES)
    void withAWitnessAServerThatStandsStillWakesWithoutASecondLease() {
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 0, 0, 1, 1), 0, NIGHTLY ? MOVES_MAX : 12);
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 0, 0, 1, 2), 0, 11);
    }

    /** Of the links between the three, one is cut for good. The first two of each server exhaustive. */
    @Test
    void whereOneOfTheServersNeverReachesTheWitnessOneOfThemServes() {
        for (int who = 0; who < 2; who++) {
            searchAll(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 0, 0, 0, 2)
                    .whereTheWitnessDoesNotHear(who));
            searchAll(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, false, 1, 0, 0, 0, 2)
                    .whereTheWitnessDoesNotHear(who));
            search(
                    new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 1, 1, 1)
                            .whereTheWitnessDoesNotHear(who),
                    0,
                    6);
        }
    }

    @Test
    void clocksMayWrapRoundMeanwhile() {
        long soon = Long.MAX_VALUE - 6 * SearchWorld.STEP;
        search(new SearchLimits(StarMode.PAIR, false, true, 1, 1, 1, 1), soon, 7);
        search(new SearchLimits(StarMode.PAIR_WITH_WITNESS, false, true, 1, 1, 0, 0), soon, 9);
    }

    @Test
    void theGuidesRulesLetAClientTakeAStaleAnswer() {
        Found found = run(new SearchLimits(StarMode.PAIR, true, true, 1, 3, 0, 0), 0, 14, "takes one of an older");
        assertThat(found.violation()).as(found.toString()).isNotNull();
    }

    @Test
    void theGuidesRulesEndWithNobody() {
        Found found = run(new SearchLimits(StarMode.PAIR, true, true, 1, 1, 0, 0), 0, 14, "both servers have aborted");
        assertThat(found.violation()).as(found.toString()).isNotNull();
    }

    private static void searchAll(SearchLimits limits) {
        search(limits, 0, MOVES_MAX);
    }

    private static void search(SearchLimits limits, long origin, int moves) {
        Found found = run(limits, origin, moves + DEEPER, "");
        assertThat(found.violation()).as(found.toString()).isNull();
    }

    private static Found run(SearchLimits limits, long origin, int depth, String wanted) {
        Set<Long> seen = new HashSet<>();
        List<int[]> frontier = List.of(new int[0]);
        for (int level = 0; level <= depth && !frontier.isEmpty(); level++) {
            List<int[]> next = new ArrayList<>();
            for (int[] path : frontier) {
                SearchWorld world = replay(limits, origin, path);
                for (int move : world.enabled()) {
                    SearchWorld child = replay(limits, origin, path);
                    child.apply(move);
                    long fingerprint = child.fingerprint();
                    if (!seen.add(fingerprint) && child.violation() == null) {
                        continue;
                    }
                    int[] longer = Arrays.copyOf(path, path.length + 1);
                    longer[path.length] = move;
                    String violation = child.violation();
                    if (violation == null && !limits.guide() && fingerprint % HEALED == 0 && !child.heals()) {
                        violation = "does not heal: " + child.violation();
                    }
                    if (violation != null && violation.contains(wanted)) {
                        return found(violation, longer, seen.size());
                    }
                    next.add(longer);
                }
            }
            frontier = next;
        }
        log.info("search limits={} worlds={} left={}", limits, seen.size(), frontier.size());
        return new Found(null, List.of(), seen.size());
    }

    private static Found found(String violation, int[] path, int worlds) {
        return new Found(violation, Arrays.stream(path).boxed().toList(), worlds);
    }

    private static SearchWorld replay(SearchLimits limits, long origin, int[] path) {
        SearchWorld world = new SearchWorld(limits, origin);
        for (int move : path) {
            world.apply(move);
        }
        return world;
    }
}
