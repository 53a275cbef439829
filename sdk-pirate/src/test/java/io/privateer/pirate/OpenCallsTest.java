package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OpenCallsTest extends ClientWorld {

    @Test
    void findsCallsThatStayOpenWhileManyOthersComeAndGo() {
        newMachine(config -> config.inFlightMax(1));
        welcome(0, LIFE);
        for (int id = 1; id <= 1_000; id++) {
            submit("ask");
            if (id % 7 != 0) {
                reply(0, id);
            }
        }
        assertThat(machine.openCount()).isEqualTo(142);
        assertThat(machine.firstOpenId()).isEqualTo(7);
        for (int id = 994; id > 0; id -= 7) {
            take();
            reply(0, id);
            reply(0, id);
            assertThat(take()).containsExactly("succeed " + id);
        }
        assertThat(machine.firstOpenId()).isEqualTo(1_001);
    }
}
