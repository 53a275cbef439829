package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** What a broker may be told, and what it says of what it may not. */
class PeeringConfigTest {

    private static PeeringConfig.Builder settings() {
        return PeeringBrokerTest.settings("west");
    }

    private static void assertRefused(ThrowingCallable wrong, String... words) {
        assertThatIllegalArgumentException().isThrownBy(wrong).withMessageContainingAll(words);
    }

    @Test
    void namesWhatIsMissingOrNoName() {
        assertRefused(() -> PeeringBroker.builder("no spaces"), "name", "no spaces");
        assertRefused(() -> PeeringBroker.builder("x".repeat(64)), "name");
        assertRefused(() -> PeeringBroker.builder("west").build(), "localFrontend", "null");
    }

    @Test
    void brokersMustBeAbleToSayWhereTheyAre() {
        assertRefused(() -> settings().cloud("tcp://*:7000").build(), "cloud", "advertisedHost", "tcp://*:7000");
        assertRefused(() -> settings().state("tcp://0.0.0.0:7001").build(), "state", "advertisedHost");
        assertRefused(() -> settings().advertisedHost("west.example").build(), "state", "port");
        assertRefused(() -> settings().advertisedHost("two words"), "advertisedHost");
        PeeringSettings told = settings()
                .cloud("tcp://*:7000")
                .state("tcp://*:7001")
                .advertisedHost("west.example")
                .build()
                .settings("tcp://0.0.0.0:7000");
        assertThat(told.cloudEndpoints()).containsExactly("tcp://west.example:7000");
        assertThat(told.stateEndpoints()).containsExactly("tcp://west.example:7001");
    }

    @Test
    void aBrokerIsNeitherItsOwnPeerNorItsOwnPartner() {
        PeeringConfig.Builder west = settings().state("tcp://127.0.0.1:7001").cloud("tcp://127.0.0.1:7000");
        assertRefused(() -> west.peers("tcp://127.0.0.1:7001").build(), "peers", "7001");
        PeeringConfig.Builder other = settings().state("tcp://127.0.0.1:7001").cloud("tcp://127.0.0.1:7000");
        assertRefused(
                () -> other.partner("tcp://127.0.0.1:7002", "tcp://127.0.0.1:7001")
                        .build(),
                "partner");
        // as others know it, too
        PeeringConfig.Builder named =
                settings().cloud("tcp://*:7000").state("tcp://*:7001").advertisedHost("west.example");
        assertRefused(
                () -> named.partner("tcp://two.example:7000", "tcp://west.example:7001")
                        .build(),
                "partner.stateEndpoint",
                "another server",
                "west.example:7001");
        assertRefused(
                () -> named.partner("tcp://west.example:7000", "tcp://two.example:7001")
                        .build(),
                "partner.cloudEndpoint",
                "west.example:7000");
        assertRefused(() -> other.partner("7002", "tcp://127.0.0.1:7001"), "partner.cloudEndpoint", "7002");
    }

    @Test
    void whatNoMessageCanSayIsNotTaken() {
        String endpoint = "tcp://127.0.0.1:7003";
        String tooLong =
                "x".repeat(244); // One more than there is room for in 255 bytes beside tcp:// and the longest port.
        assertRefused(() -> settings().partner("tcp://öst:7002", endpoint), "partner.cloudEndpoint", "ASCII", "öst");
        assertRefused(
                () -> settings().partner(endpoint, "tcp://" + tooLong + ":65535"),
                "partner.stateEndpoint",
                "255 bytes");
        assertRefused(() -> settings().advertisedHost(tooLong), "advertisedHost", "255 bytes");
        assertRefused(() -> settings().cloud("tcp://väst:7000").build(), "cloud", "ASCII", "väst");
        assertRefused(() -> settings().state("tcp://väst:*").build(), "state", "ASCII", "väst");
        assertThat(settings()
                        .advertisedHost(tooLong.substring(1))
                        .state("tcp://väst:7000")
                        .build()
                        .state())
                .as("where it binds is its own affair")
                .contains("väst");
    }

    @Test
    void otherBrokersAreToldOfBothServersOfAPair() {
        PeeringSettings told = settings()
                .partner("tcp://127.0.0.1:7002", "tcp://127.0.0.1:7003")
                .build()
                .settings("tcp://127.0.0.1:7000");
        assertThat(told.cloudEndpoints()).containsExactly("tcp://127.0.0.1:7000", "tcp://127.0.0.1:7002");
        assertThat(told.stateEndpoints()).endsWith("tcp://127.0.0.1:7003");
    }

    @Test
    void timesMustFitEachOther() {
        Duration second = Duration.ofSeconds(1);
        assertRefused(
                () -> settings().silence(second.multipliedBy(3), second, second.multipliedBy(9)), "silence.silent");
        assertRefused(() -> settings().stateEvery(second, Duration.ofMillis(999)), "stateEvery.atLeast");
        assertRefused(
                () -> settings()
                        .stateEvery(Duration.ofMillis(20), second.multipliedBy(5))
                        .build(),
                "capacityTtl");
        assertRefused(() -> settings().capacityTtl(Duration.ZERO), "capacityTtl");
    }

    @Test
    void theQueueInsideTakesItsOwnSettings() {
        try (PeeringBroker broker =
                settings().queue(queue -> queue.pendingMax(7).name("ignored")).start()) {
            assertThat(broker.stats().queue().accepted()).isZero();
            assertThat(broker.stats().peers()).isEmpty();
        }
        assertRefused(() -> settings().queue(queue -> queue.pendingMax(0)).build(), "pendingMax");
    }

    @Test
    void anEndpointThatIsTakenIsNamed() {
        Logger logger = (Logger) LoggerFactory.getLogger(EventLoop.class);
        ListAppender<ILoggingEvent> logged = new ListAppender<>();
        logged.start();
        logger.addAppender(logged);
        try (PeeringBroker west = settings().start()) {
            assertThatThrownBy(() -> settings().state(west.state()).start())
                    .isInstanceOf(EndpointException.class)
                    .hasMessageContaining("state");
            assertThatThrownBy(() -> settings().cloud(west.cloud()).start())
                    .isInstanceOf(EndpointException.class)
                    .hasMessageContaining("cloud");
        } finally {
            logger.detachAppender(logged);
        }
        assertThat(logged.list).extracting(ILoggingEvent::getLevel).doesNotContain(Level.ERROR);
    }

    @Test
    void aBrokerThatIsClosedSaysSoAndStaysClosed() {
        PeeringBroker broker = settings().start();
        broker.close();
        broker.close();
        assertThat(broker.stopped().join()).isFalse();
        assertThat(broker.stats().queue().accepted()).isZero();
        assertRefused(() -> broker.addPeer(), "stateEndpoints");
        assertThatThrownBy(() -> broker.addPeer("tcp://127.0.0.1:1"))
                .isInstanceOf(ClosedException.class)
                .hasMessage("broker west is closed");
        assertThat(broker.cancelPeer("tcp://127.0.0.1:1")).isFalse();
        assertRefused(() -> broker.drain(Duration.ofSeconds(-1)), "timeout");
    }
}
