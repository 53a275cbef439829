package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.Guarded;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What cannot be set up together. */
class BinaryStarConfigTest {

    private final BinaryStarConfig.Builder builder =
            BinaryStarServer.primary().state("tcp://*:1").peerState("tcp://peer:1");

    @Test
    void aPeerOfTheGuideHasNoWitnessNoOperatorAndNoSecondLink() {
        assertThat(builder.guidePeer().build().hasGuidePeer()).isTrue();
        assertThatThrownBy(() -> builder.manual().build())
                .hasMessageContaining("guidePeer")
                .hasMessageContaining("MANUAL");
        BinaryStarConfig.Builder witnessed =
                BinaryStarServer.backup().state("tcp://*:1").peerState("tcp://peer:1");
        assertThatThrownBy(() -> witnessed.guidePeer().witness("tcp://w:1").build())
                .hasMessageContaining("guidePeer")
                .hasMessageContaining("PAIR_WITH_WITNESS");
        BinaryStarConfig.Builder doubled =
                BinaryStarServer.backup().state("tcp://*:1", "tcp://*:2").peerState("tcp://peer:1", "tcp://peer:2");
        assertThatThrownBy(() -> doubled.guidePeer().build()).hasMessageContaining("state");
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://127.0.0.1:7, tcp://127.0.0.1:7",
        "tcp://*:7, tcp://127.0.0.1:7",
        "tcp://0.0.0.0:7, tcp://localhost:7",
        "tcp://localhost:7, tcp://127.0.0.1:7",
        "tcp://127.0.0.1:7, tcp://LOCALHOST:7",
        "tcp://[::]:7, tcp://[::1]:7",
    })
    void aServerIsNotItsOwnPeerWitnessOrService(String state, String same) {
        String rest = " endpoint, not this server's state=" + state + ": " + same;
        assertThatThrownBy(() -> BinaryStarServer.backup()
                        .state("tcp://*:6", state)
                        .peerState("tcp://peer:7", same)
                        .build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("peerState must be the peer's" + rest);
        assertThatThrownBy(() -> BinaryStarServer.backup()
                        .state(state)
                        .peerState("tcp://peer:7")
                        .clientsAt(same)
                        .build())
                .hasMessage("clientsAt must be the service's" + rest);
        assertThatThrownBy(() -> BinaryStarServer.backup()
                        .state(state)
                        .peerState("tcp://peer:7")
                        .witness(same)
                        .build())
                .hasMessage("witness must be the witness's" + rest);
    }

    @ParameterizedTest
    @CsvSource({
        "tcp://127.0.0.1:7, tcp://127.0.0.1:8",
        "tcp://*:*, tcp://127.0.0.1:8",
        "tcp://*:7, tcp://10.0.0.1:7",
        "tcp://127.0.0.1:7, tcp://127.0.0.2:7",
        "tcp://10.0.0.1:7, tcp://127.0.0.1:7",
        "tcp://[::1]:7, tcp://127.0.0.1:7",
    })
    void whatOnlyLooksAlikeIsAPeer(String state, String other) {
        assertThat(BinaryStarServer.backup()
                        .state(state)
                        .peerState(other)
                        .build()
                        .peerStates())
                .containsExactly(other);
    }

    @Test
    void timesThatThePeerAndTheWitnessAreToldInMillisecondsHaveNoFraction() {
        assertThatThrownBy(() -> builder.heartbeat(Duration.ofNanos(10_900_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("heartbeat must be whole milliseconds: 10900 µs");
        assertThatThrownBy(() -> builder.failover(Duration.ofNanos(2_000_000_001)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("failover must be whole milliseconds: 2000000001 ns");
    }

    @Test
    void theWitnessIsAskedForAllThatTheHolderCountsOn() {
        for (int millis : new int[] {10, 11, 999, 1_250}) {
            StarSettings settings = builder.heartbeat(Duration.ofMillis(millis))
                    .failover(Duration.ofMillis(2L * millis + 1))
                    .witness("tcp://w:1")
                    .build()
                    .settings();
            long askedNanos = Duration.ofMillis(settings.leaseMillis()).toNanos();
            assertThat(settings.heldNanos()).isEqualTo(askedNanos - askedNanos / 1_000);
        }
    }

    @Test
    void aPeerOfTheGuideCannotFollow() {
        assertThat(builder.replication(true).build().replicates()).isTrue();
        assertThatThrownBy(() -> builder.guidePeer().build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("replication must be off where the peer is the Guide's: on");
        assertThat(builder.replication(false).build().replicates()).isFalse();
    }

    @Test
    void aServiceThatCannotBeFollowedIsNamed() {
        Guarded ours = Guarded.of(epoch -> {}, () -> {});
        assertThatThrownBy(() -> builder.replication(true).guard(ours))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("replication must be off where the service is not Replicated: ")
                .hasMessageContaining(ours.getClass().getName());
    }

    @Test
    void whatDoesNotFitIntoAStateMessageIsRefused() {
        String tooLong = "tcp://" + "x".repeat(1_020) + ":1";
        assertThatThrownBy(() -> builder.clientsAt(tooLong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.witness(tooLong)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> builder.pair("x".repeat(256))).hasMessageContaining("255");
        assertThat(builder.witness("tcp://w:1").pair("ours").build().settings().witness())
                .isEqualTo("tcp://w:1");
    }
}
