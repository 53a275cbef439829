package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.pirate.LendingWorld.Cluster;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Which of several lenders that have as much to spare gets a request. */
class LenderLotsTest {

    private static final List<String> LENDERS = List.of("east", "north", "south");
    private static final int REQUESTS = 12;

    /** Returns who gets one request after the other, an initial each. */
    private static String drawn(long seed) {
        LendingWorld net = new LendingWorld(seed);
        Cluster west = net.cluster("west");
        for (String lender : LENDERS) {
            net.cluster(lender).hasWorker("worker", REQUESTS);
            west.borrows(lender, REQUESTS);
        }
        StringBuilder drawn = new StringBuilder();
        for (int i = 1; i <= REQUESTS; i++) {
            west.request(i);
            for (String lender : LENDERS) {
                if (!net.cluster(lender).sent().isEmpty()) {
                    drawn.append(lender.charAt(0));
                }
            }
        }
        return drawn.toString();
    }

    @Test
    void equalsAreDrawnByLotWhichTheSeedDecides() {
        Set<Character> first = new HashSet<>();
        Set<String> orders = new HashSet<>();
        for (long seed = 0; seed < 50; seed++) {
            String drawn = drawn(seed);
            // each round of three goes to each of the three: who has had one has less to spare
            assertThat(drawn).as("seed %d", seed).hasSize(REQUESTS);
            for (int i = 0; i < REQUESTS; i += 3) {
                assertThat(drawn.substring(i, i + 3).chars())
                        .as("seed %d", seed)
                        .doesNotHaveDuplicates();
            }
            assertThat(drawn(seed)).isEqualTo(drawn);
            first.add(drawn.charAt(0));
            orders.add(drawn);
        }
        assertThat(first).containsExactlyInAnyOrder('e', 'n', 's');
        assertThat(orders).hasSizeGreaterThan(20);
    }
}
