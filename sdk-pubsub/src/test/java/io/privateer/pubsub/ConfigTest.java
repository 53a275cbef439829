package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

@SuppressWarnings("NullAway") // What a caller without such a tool may do is looked at, too.
class ConfigTest {

    private static final String ANY = "tcp://127.0.0.1:*";
    private static final String THERE = "tcp://127.0.0.1:5555";
    private static final String ELSEWHERE = "tcp://127.0.0.1:5556";

    private static void refuses(String message, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void aPublisherNamesTheSettingTheRuleAndTheValue() {
        SyncedPublisherConfig.Builder builder = SyncedPublisher.builder(ANY, ANY);
        refuses("expectQuorum must be >= 1: 0", () -> builder.expectQuorum(0));
        refuses("expect must be of at least 1 character: ", () -> builder.expect("a", ""));
        refuses("heartbeat must be >= 10 ms: 9 ms", () -> builder.heartbeat(Duration.ofMillis(9)));
        refuses("heartbeat must be <= 1 min: 61 s", () -> builder.heartbeat(Duration.ofSeconds(61)));
        refuses("liveness must be between 2 and 1000: 1", () -> builder.liveness(1));
        refuses("patience must be >= 0 ms: -1 ms", () -> builder.patience(Duration.ofMillis(-1)));
        refuses("history.messagesMax must be >= 0: -1", () -> builder.history(-1, 0));
        refuses("lastValues.topicsMax must be >= 1: 0", () -> builder.lastValues(0, 1));
        refuses("topicsMax must be between 1 and 1000000: 0", () -> builder.topicsMax(0));
        refuses("highWaterMark must be >= 2: 1", () -> builder.highWaterMark(1));
        refuses("expectQuorum must be at most the number of names in expect=[a]: 2", () -> SyncedPublisher.builder(
                        ANY, ANY)
                .expect("a")
                .expectQuorum(2)
                .start());
    }

    @Test
    void byDefaultADeadConnectionIsNoticedBeforeAnAnswerIsGivenUp() {
        assertThat(SyncedSubscriberConfig.DEFAULT_ANSWER_TIMEOUT)
                .isGreaterThan(SyncedPublisherConfig.DEFAULT_HEARTBEAT.multipliedBy(
                        SyncedPublisherConfig.DEFAULT_LIVENESS + 1L));
    }

    @Test
    void aSubscriberDoesSoToo() {
        SyncedSubscriberConfig.Builder builder = SyncedSubscriber.builder("me", THERE, ELSEWHERE);
        refuses("name must be of at least 1 character: ", () -> SyncedSubscriber.builder("", THERE, THERE));
        refuses("subscribe must be called with at least one prefix: []", builder::start);
        refuses("inbox.messagesMax must be >= 1: 0", () -> builder.inbox(0, 1));
        refuses("ageMax must be >= 1 ms: 0 ms", () -> builder.ageMax(Duration.ZERO));
        refuses("answerTimeout must be >= 1 ms: 0 ms", () -> builder.answerTimeout(Duration.ZERO));
        refuses("subscribe must be without the character NUL: a\0", () -> builder.subscribe("a\0"));
        assertThatThrownBy(() -> SyncedSubscriber.builder("me", ANY, THERE))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void endpointsOfOneComponentThatMeetAreRefusedAndBothSettingsNamed() {
        refuses(
                "sync must be another endpoint than data=tcp://127.0.0.1:5555: tcp://127.0.0.1:5555",
                () -> SyncedPublisher.builder(THERE, THERE).start());
        refuses(
                "sync must be another endpoint than data=tcp://*:5555: tcp://127.0.0.1:5555",
                () -> SyncedPublisher.builder("tcp://*:5555", THERE).start());
        refuses(
                "sync must be another endpoint than data=tcp://127.0.0.1:5555: tcp://127.0.0.1:5555",
                () -> SyncedSubscriber.builder("me", THERE, THERE).subscribe("").start());
        refuses(
                "upstream must be another endpoint than backend=tcp://*:5555: tcp://localhost:5555",
                () -> Forwarder.builder("tcp://*:5555")
                        .upstream(ELSEWHERE, "tcp://localhost:5555")
                        .start());
        refuses(
                "upstream must be another endpoint than frontend=tcp://0.0.0.0:5555: tcp://[::1]:5555",
                () -> Forwarder.builder(ANY)
                        .frontend("tcp://0.0.0.0:5555")
                        .upstream("tcp://[::1]:5555")
                        .start());
        refuses(
                "frontend must be another endpoint than backend=tcp://127.0.0.1:5555: tcp://127.0.0.1:5555",
                () -> Forwarder.builder(THERE).frontend(THERE).start());
        refuses(
                "control must be another endpoint than frontend=tcp://127.0.0.1:5555: tcp://127.0.0.1:5555",
                () -> Forwarder.builder(ANY).frontend(THERE).control(THERE).start());
        refuses(
                "control must be another endpoint than backend=tcp://127.0.0.1:5555: tcp://127.0.0.1:5555",
                () -> Forwarder.builder(THERE)
                        .upstream(ELSEWHERE)
                        .control(THERE)
                        .start());
    }

    @Test
    void endpointsOfOtherMachinesMayHaveTheSamePort() {
        Endpoints.checkDiffer("upstream", "tcp://10.0.0.7:5555", "backend", "tcp://*:5555");
        Endpoints.checkDiffer("upstream", "tcp://b:5555", "backend", "tcp://a:5555");
        Endpoints.checkDiffer("sync", "tcp://*:*", "data", "tcp://*:*");
        Endpoints.checkDiffer("sync", "tcp://*:5555", "data", "tcp://*:5556");
    }

    @Test
    void whatIsNullIsNamed() {
        assertNull("expect", () -> SyncedPublisher.builder(ANY, ANY).expect((String) null));
        assertNull("data", () -> SyncedPublisher.builder(null, ANY));
        assertNull("name", () -> SyncedSubscriber.builder(null, THERE, ELSEWHERE));
        assertNull("sync", () -> SyncedSubscriber.builder("me", THERE, null));
        assertNull("subscribe", () -> SyncedSubscriber.builder("me", THERE, ELSEWHERE)
                .subscribe((String) null));
        assertNull("backend", () -> Forwarder.builder(null));
        assertNull("upstream", () -> Forwarder.builder(ANY).upstream((String) null));
        try (SyncedPublisher publisher = SyncedPublisher.builder(ANY, ANY).start()) {
            assertNull("topic", () -> publisher.publish(null, new byte[0]));
            assertNull("payload", () -> publisher.publish("t", null));
            assertNull("deadline", () -> publisher.awaitSubscribers(null));
            assertNull("timeout", () -> publisher.drain(null));
        }
    }

    private static void assertNull(String named, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOf(NullPointerException.class).hasMessage(named);
    }
}
