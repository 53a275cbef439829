package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import io.privateer.pirate.Lending.Capacity;
import io.privateer.pirate.Lending.Holding;
import io.privateer.pirate.Lending.ServiceCapacity;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What of a queue's services a message has room for. */
class LocalCapacityTest {

    private static final PeerId EAST = new PeerId(0, 1);

    @Test
    void servicesThatNobodyOffersCrowdOutNoneThatDoSomething() {
        // given more services with nothing but requests that wait than a message holds, before those that there are
        List<ServiceCapacity> services = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            services.add(new ServiceCapacity("made up " + i, 0, 0, 1));
        }
        services.add(new ServiceCapacity("busy", 0, 0, 9));
        services.add(new ServiceCapacity("fetches ahead", 0, 2, 0));
        services.add(new ServiceCapacity("free", 3, 0, 0));
        Capacity queue = new Capacity(true, services, List.of(new Holding(EAST.uuid(), "busy", 4)));
        // when that is made a message
        LocalCapacity said = LocalCapacity.of(queue);
        // then those come first that could do something, then those that do, and of the others as many as there is room
        // for
        assertThat(said.services())
                .hasSize(256)
                .startsWith(
                        new Service("fetches ahead", 0, 2, 0),
                        new Service("free", 3, 0, 0),
                        new Service("busy", 0, 0, 9),
                        new Service("made up 0", 0, 0, 1));
        assertThat(said.held()).containsExactly(new Held(EAST, "busy", 4));
    }
}
