package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.pirate.LendingWorld.Cluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Two clusters, of which west may have ten requests at east. */
abstract class WestAndEast {

    static final Duration BLINK = Duration.ofMillis(50);

    final LendingWorld net = new LendingWorld();
    final Cluster west = net.cluster("west");
    final Cluster east = net.cluster("east");

    @BeforeEach
    void westBorrowsFromEast() {
        west.borrows("east", 10);
        assertThat(west.told).containsExactly("welcomed by east");
    }

    @AfterEach
    void everyAcceptedRequestIsSomewhereAndEverybodySpokeWell() {
        for (Cluster cluster : List.of(west, east)) {
            cluster.world.queue.assertNothingIsLost();
            assertThat(cluster.world.malformed).isEmpty();
        }
    }
}
