package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NemesisTest {

    private static final Duration LOAD = Duration.ofSeconds(30);

    @Test
    void theSameSeedMakesTheSamePlan() {
        for (long seed = 0; seed < 50; seed++) {
            assertThat(Nemesis.plan(seed, 4, LOAD)).as("seed %d", seed).isEqualTo(Nemesis.plan(seed, 4, LOAD));
        }
    }

    @Test
    void differentSeedsMakeDifferentPlans() {
        // when
        Set<List<Fault>> plans = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            plans.add(Nemesis.plan(seed, 4, LOAD));
        }
        // then
        assertThat(plans).hasSize(50);
    }

    @Test
    void everyPlanHurtsAWorkerEverySecondOrTwoAndLeavesTheEndInPeace() {
        for (long seed = 0; seed < 200; seed++) {
            // when
            List<Fault> plan = Nemesis.plan(seed, 4, LOAD);
            // then
            assertThat(plan).as("seed %d", seed).hasSizeBetween(13, 27).allSatisfy(fault -> {
                assertThat(fault.worker()).isBetween(0, 3);
                assertThat(fault.at()).isBetween(Duration.ofSeconds(1), LOAD.minusMillis(2_500));
            });
            for (int i = 1; i < plan.size(); i++) {
                Duration gap = plan.get(i).at().minus(plan.get(i - 1).at());
                assertThat(gap).as("seed %d", seed).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(2));
            }
        }
    }

    @Test
    void evenTheShortestDemoKills() {
        for (long seed = 0; seed < 200; seed++) {
            List<Fault> plan = Nemesis.plan(seed, 1, Duration.ofSeconds(5));
            assertThat(plan.get(0).kind()).as("seed %d", seed).isEqualTo(Fault.Kind.KILL);
        }
    }

    @Test
    void everyPlanForAPairKillsFirstThenFreezesAndGivesItTimeToBeAPairAgain() {
        for (long seed = 0; seed < 200; seed++) {
            // when
            List<Fault> plan = Nemesis.planForPair(seed, Duration.ofSeconds(20));
            // then
            assertThat(plan)
                    .as("seed %d", seed)
                    .hasSizeBetween(3, 4)
                    .isEqualTo(Nemesis.planForPair(seed, Duration.ofSeconds(20)));
            assertThat(plan.get(0).kind()).isEqualTo(Fault.Kind.KILL);
            assertThat(plan.get(1).kind()).isEqualTo(Fault.Kind.FREEZE);
            for (int i = 1; i < plan.size(); i++) {
                Duration gap = plan.get(i).at().minus(plan.get(i - 1).at());
                assertThat(gap).as("seed %d", seed).isBetween(Duration.ofSeconds(4), Duration.ofSeconds(5));
            }
            assertThat(Nemesis.planForPair(seed, Duration.ofSeconds(5))).hasSize(1);
        }
    }

    @Test
    void bothKindsAndIdleVictimsOccurButKillsOfBusyWorkersPrevail() {
        // when
        List<Fault> plan = Nemesis.plan(1, 4, Duration.ofMinutes(30));
        // then
        double kills = share(
                plan,
                plan.stream().filter(fault -> fault.kind() == Fault.Kind.KILL).count());
        double busy = share(plan, plan.stream().filter(Fault::whileBusy).count());
        assertThat(kills).isBetween(0.6, 0.8);
        assertThat(busy).isBetween(0.75, 0.95);
    }

    private static double share(List<Fault> plan, long count) {
        return (double) count / plan.size();
    }

    @Test
    void brokersAreKilledOneAfterTheOtherAndALenderFirst() {
        // when
        List<Fault> plan = Nemesis.planForClusters(1, 3, Duration.ofSeconds(60));
        // then
        assertThat(plan).isEqualTo(Nemesis.planForClusters(1, 3, Duration.ofSeconds(60)));
        assertThat(plan).allMatch(fault -> fault.kind() == Fault.Kind.KILL);
        assertThat(plan.get(0).worker()).isEqualTo(1);
        assertThat(plan).extracting(Fault::worker).contains(0, 1, 2);
        assertThat(Nemesis.planForClusters(1, 3, Duration.ofSeconds(5))).hasSize(1);
    }
}
