package io.privateer.samples.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** What a broker that is told nonsense says of it: no broker starts here. */
class BrokerCommandTest {

    private static final String ANYWHERE = "tcp://127.0.0.1:*";

    private static String refused(String... more) {
        List<String> arguments = new ArrayList<>();
        if (!List.of(more).contains("--name")) {
            arguments.addAll(List.of("--name", "west"));
        }
        for (String flow : List.of("--localfe", "--localbe", "--cloud", "--state")) {
            if (!List.of(more).contains(flow)) {
                arguments.addAll(List.of(flow, ANYWHERE));
            }
        }
        arguments.addAll(List.of(more));
        StringWriter err = new StringWriter();
        PlainErrors errors = new PlainErrors();
        int code = new CommandLine(new BrokerCommand())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler(errors)
                .setExecutionExceptionHandler(errors)
                .execute(arguments.toArray(String[]::new));
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        return err.toString();
    }

    @ParameterizedTest
    @CsvSource({
        "--name, we st",
        "--localfe, 5555",
        "--localbe, tcp://127.0.0.1",
        "--cloud, tcp://*:5557",
        "--state, udp://127.0.0.1:1",
        "--peer, 127.0.0.1:5558",
        "--advertise, a b",
    })
    void whatIsWrongWithAnOptionIsSaidOfTheOption(String option, String value) {
        assertThat(refused(option, value))
                .startsWith("broker: " + option + " must be")
                .contains(value);
    }

    @Test
    void aBrokerThatIsItsOwnPeerIsToldSo() {
        String state = "tcp://127.0.0.1:5558";
        assertThat(refused("--state", state, "--peer", state))
                .startsWith("broker: --peer must be")
                .contains(state);
    }

    @Test
    void aGuardIsGivenWhole() {
        assertThat(refused("--star-role", "primary"))
                .contains("--star-state", "--star-peer-state", "--partner-cloud", "--partner-state");
        assertThat(refused("--witness", "tcp://127.0.0.1:5560")).contains("--star-role");
    }

    @Test
    void aGuardThatIsWrongIsRefusedBeforeAnythingStarts() {
        assertThat(refused(guard("--mode", "pair_with_witness"))).startsWith("broker: --witness must be");
        assertThat(refused(guard("--cloud", "tcp://127.0.0.1:7002"))).startsWith("broker: --partner-cloud must be");
        assertThat(refused(guard("--star-heartbeat", "1ms"))).startsWith("broker: --star-heartbeat must be");
    }

    private static String[] guard(String... more) {
        List<String> options = new ArrayList<>(List.of("--star-role", "primary"));
        options.addAll(List.of("--star-state", "tcp://127.0.0.1:7000", "--star-peer-state", "tcp://127.0.0.1:7001"));
        options.addAll(List.of("--partner-cloud", "tcp://127.0.0.1:7002", "--partner-state", "tcp://127.0.0.1:7003"));
        options.addAll(List.of(more));
        return options.toArray(String[]::new);
    }

    @Test
    void aHostIsAdvertisedWithAPortThatIsKnown() {
        assertThat(refused("--advertise", "west.example"))
                .startsWith("broker: --state must be")
                .contains("--advertise is set");
    }
}
