package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForwarderMachineTest {

    private final List<String> done = new ArrayList<>();
    private final ForwarderMachine machine = new ForwarderMachine(new ForwarderPort() {
        @Override
        public void subscribe(byte[] prefix) {
            done.add("subscribe " + new String(prefix, US_ASCII));
        }

        @Override
        public void unsubscribe(byte[] prefix) {
            done.add("unsubscribe " + new String(prefix, US_ASCII));
        }

        @Override
        public void stateChanged(Forwarder.State state) {
            done.add(state.toString());
        }
    });

    private static byte[] bytes(String text) {
        return text.getBytes(US_ASCII);
    }

    private String command(String text) {
        return new String(machine.onCommand(bytes(text))[0], US_ASCII);
    }

    @Test
    void upstreamIsToldOnceOfEachPrefix() {
        machine.onSubscribed(bytes("a"));
        machine.onSubscribed(bytes("a"));
        machine.onUnsubscribed(bytes("a"));
        machine.onUnsubscribed(bytes("a"));
        machine.onSubscribed(bytes("a"));
        assertThat(done).containsExactly("subscribe a", "unsubscribe a", "subscribe a");
    }

    @Test
    void eachChangeOfItsStateIsToldOnce() {
        assertThat(command("RESUME")).isEqualTo("RUNNING");
        assertThat(command("PAUSE")).isEqualTo("PAUSED");
        assertThat(command("PAUSE")).isEqualTo("PAUSED");
        assertThat(command("RESUME")).isEqualTo("RUNNING");
        assertThat(command("TERMINATE")).isEqualTo("STOPPED");
        assertThat(command("TERMINATE")).isEqualTo("STOPPED");
        assertThat(command("PAUSE")).isEqualTo("STOPPED");
        assertThat(command("resume")).isEqualTo("ERROR");
        assertThat(done).containsExactly("PAUSED", "RUNNING", "STOPPED");
        assertThat(machine.commands()).isEqualTo(8);
        assertThat(machine.unknownCommands()).isEqualTo(1);
    }

    @Test
    void messagesAndWhatWasLostAreCounted() {
        machine.onMessage(new byte[][] {bytes("topic"), bytes("body")}, true);
        machine.onMessage(new byte[][] {bytes("topic")}, false);
        byte[][] statistics = machine.onCommand(bytes("STATISTICS"));
        assertThat(statistics.length).isEqualTo(8);
        assertThat(statistics[0]).containsExactly(2, 0, 0, 0, 0, 0, 0, 0);
        assertThat(statistics[1]).containsExactly(14, 0, 0, 0, 0, 0, 0, 0);
        assertThat(statistics[6]).containsExactly(1, 0, 0, 0, 0, 0, 0, 0);
        assertThat(machine.drops()).isEqualTo(1);
    }
}
