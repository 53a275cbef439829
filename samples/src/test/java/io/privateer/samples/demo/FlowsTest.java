package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class FlowsTest {

    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final Flows flows = new Flows();

    @Test
    void saysWhatTheOtherClustersDidInTheLastSecond() {
        assertThat(flows.text(0)).isEmpty();
        flows.onEntrance("west");
        flows.onRun("west", 1);
        assertThat(flows.text(2)).isEmpty();
        flows.onStanding("west", "east", 4, 3);
        flows.onStanding("north", "east", 9, 9);
        flows.onRun("east", 10);
        flows.onRun("east", 20);
        assertThat(flows.text(SECOND)).isEqualTo("west borrows 2/s of east (3 of 4 held)");
        assertThat(flows.text(SECOND + 15)).isEqualTo("west borrows 1/s of east (3 of 4 held)");
        assertThat(flows.total()).isEqualTo(2);
    }

    @Test
    void whereClientsGoElsewhereAnotherBorrows() {
        flows.onEntrance("west");
        flows.onRun("east", 10);
        flows.onEntrance("north");
        flows.onRun("north", 20);
        flows.onRun("west", 20);
        assertThat(flows.entrance()).isEqualTo("north");
        assertThat(flows.text(30)).isEqualTo("north borrows 1/s of west (0 of 0 held)");
        assertThat(flows.total()).isEqualTo(2);
    }
}
