package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.transport.EventLoop;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is thrown says which setting, or which component, it is about. */
class PubSubErrorsTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final String THERE = "tcp://127.0.0.1:5555";
    private static final String NOWHERE = "tcp://nowhere.invalid:5556";

    @Test
    void ofAHostWithoutAnAddressTheSettingIsNamed() {
        assertThatThrownBy(() -> SyncedSubscriber.builder("me", THERE, NOWHERE)
                        .subscribe("")
                        .start())
                .isInstanceOf(EndpointException.class)
                .hasMessageStartingWith("sync ")
                .hasMessageContaining(NOWHERE);
        assertThatThrownBy(() -> SyncedSubscriber.builder("me", NOWHERE, THERE)
                        .subscribe("")
                        .start())
                .isInstanceOf(EndpointException.class)
                .hasMessageStartingWith("data ")
                .hasMessageContaining(NOWHERE);
        assertThatThrownBy(() -> Forwarder.builder(ANY).upstream(NOWHERE).start())
                .isInstanceOf(EndpointException.class)
                .hasMessageStartingWith("upstream ");
    }

    @Test
    void aClosedPublisherIsCalledByItsName() {
        SyncedPublisher publisher =
                SyncedPublisher.builder(ANY, ANY).name("weather").start();
        publisher.close();
        checkClosed(publisher);
        EventLoop shared = EventLoop.open("shared");
        SyncedPublisher other =
                SyncedPublisher.builder(ANY, ANY).name("weather").loop(shared).start();
        shared.close();
        checkClosed(other);
    }

    private static void checkClosed(SyncedPublisher publisher) {
        String closed = "publisher weather is closed";
        assertThatThrownBy(() -> publisher.publish("t", new byte[1]))
                .isInstanceOf(ClosedException.class)
                .hasMessage(closed);
        assertThatThrownBy(() -> publisher.awaitSubscribers(SOON))
                .isInstanceOf(ClosedException.class)
                .hasMessage(closed);
        CompletableFuture<StartOutcome> whenSubscribed = publisher.whenSubscribed(SOON);
        assertThat(whenSubscribed)
                .failsWithin(SOON)
                .withThrowableThat()
                .withCauseInstanceOf(ClosedException.class)
                .withMessageContaining(closed);
        assertThat(publisher.stats().messages()).isZero();
        assertThat(publisher.drain(SOON).join()).isNotNull();
    }

    @Test
    void aClosedSubscriberIsCalledByItsName() {
        SyncedSubscriber subscriber = SyncedSubscriber.builder("kitchen", THERE, "tcp://127.0.0.1:5556")
                .subscribe("")
                .start();
        subscriber.close();
        assertThatThrownBy(() -> subscriber.receive(SOON))
                .isInstanceOf(ClosedException.class)
                .hasMessage("subscriber kitchen is closed");
        assertThat(subscriber.stats().delivered()).isZero();
    }
}
