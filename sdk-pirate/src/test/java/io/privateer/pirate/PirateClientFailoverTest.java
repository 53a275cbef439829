package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Attempt.Outcome;
import io.privateer.core.CircuitOpenException;
import io.privateer.core.Message;
import io.privateer.core.Reason;
import io.privateer.core.RequestFailedException;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PirateClientConfig.OnFull;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client against servers that die, fall silent, leave, or talk nonsense, over real sockets. */
class PirateClientFailoverTest {

    private static final Message ASK = Message.of("ask");

    private final PrvEchoServer first = PrvEchoServer.start();
    private final PrvEchoServer second = PrvEchoServer.start();
    private final List<Object> events = new CopyOnWriteArrayList<>();
    private final PirateClientListener listener = new PirateClientListener() {
        @Override
        public void onConnected(Connected event) {
            events.add(event);
        }

        @Override
        public void onConnectionLost(ConnectionLost event) {
            events.add(event);
            throw new IllegalStateException("a listener that throws");
        }

        @Override
        public void onFailed(Throwable cause) {
            events.add(cause);
        }
    };
    private PirateClient client = open();

    private PirateClient open(String... endpoints) {
        return settings(endpoints.length > 0 ? endpoints : new String[] {first.endpoint(), second.endpoint()})
                .open();
    }

    private PirateClientConfig.Builder settings(String... endpoints) {
        return PirateClient.builder().endpoints(endpoints).listener(listener).welcomeTimeout(Duration.ofSeconds(1));
    }

    @AfterEach
    void close() {
        client.close();
        first.close();
        second.close();
    }

    private List<CompletableFuture<Message>> submitHeld(int count) {
        first.answering = false;
        List<CompletableFuture<Message>> open = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            open.add(client.requestAsync(Message.of("ask " + i)));
        }
        await().until(() -> first.count("REQUEST") == count);
        return open;
    }

    private static void assertAnswered(List<CompletableFuture<Message>> open) {
        for (int i = 0; i < open.size(); i++) {
            assertThat(open.get(i).join().text()).isEqualTo("ask " + i);
        }
    }

    @Test
    void goesToTheNextServerWithEverythingWhenTheFirstDies() {
        List<CompletableFuture<Message>> open = submitHeld(200);
        first.close();
        assertAnswered(open);
        assertThat(second.count("REQUEST 1.2")).isEqualTo(1);
        assertThat(client.stats().retries()).isEqualTo(200);
        await().until(() -> client.stats().listenerFailures() == 1);
        assertThat(events).hasSize(3);
    }

    @Test
    void goesToTheNextServerWhenTheFirstSaysGoodbye() {
        List<CompletableFuture<Message>> open = submitHeld(5);
        first.goodbye(Status.OK);
        assertAnswered(open);
    }

    @Test
    void goesToTheNextServerWhenTheFirstFallsSilent() {
        client.close();
        first.heartbeatMillis = 100;
        client = open();
        first.seen.clear();
        List<CompletableFuture<Message>> open = submitHeld(5);
        first.beating = false;
        assertAnswered(open);
        assertThat(events)
                .filteredOn(PirateClientListener.ConnectionLost.class::isInstance)
                .extracting(event -> ((PirateClientListener.ConnectionLost) event).cause())
                .contains(Outcome.TIMED_OUT);
    }

    @Test
    void goesToTheNextServerWhenMoreWaitsForTheFirstThanMayBeOpen() {
        first.heartbeatMillis = 60_000; // Its silence shall not count.
        CountDownLatch end = new CountDownLatch(1);
        CallOptions brief = CallOptions.defaults().withDeadline(Duration.ofMillis(5));
        try (PirateClient narrow = PirateClient.builder()
                .endpoints(first.endpoint(), second.endpoint())
                .inFlightBytesMax(512 * 1024)
                .messageBytesMax(64 * 1024)
                .onFull(OnFull.BLOCK)
                .open()) {
            assertThat(narrow.request("ask")).isEqualTo("ask");
            first.standStill(end);
            CompletableFuture<Message> patient =
                    narrow.requestAsync(ASK, CallOptions.defaults().withAttemptTimeout(Duration.ofMinutes(1)));
            List<CompletableFuture<Message>> hasty = new ArrayList<>();
            // when calls end at their deadlines, of which nobody takes the bytes
            for (int i = 0; i < 20_000 && narrow.stats().connectionsLost() == 0; i++) {
                hasty.add(narrow.requestAsync(Message.of(new byte[9_000]), brief));
            }
            // then the connection is replaced, long before the last of them, and what is still open is sent again
            // elsewhere
            assertThat(narrow.stats().connectionsLost()).isEqualTo(1);
            assertThat(hasty.size()).isLessThan(20_000);
            assertThat(patient).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(ASK);
            assertThat(second.count("REQUEST 2.2 ask")).isEqualTo(1);
        } finally {
            end.countDown();
        }
    }

    @Test
    void goesToTheNextServerWhenTheFirstNeverAnswersTheHello() {
        client.close();
        first.welcoming = false;
        first.answering = false;
        client = open();
        assertThat(client.request("ask")).isEqualTo("ask");
        assertThat(second.count("REQUEST")).isEqualTo(1);
    }

    @Test
    void waitsForAServerThatRestartsAndSendsEverythingAgain() {
        client.close();
        client = open(first.endpoint());
        first.seen.clear();
        List<CompletableFuture<Message>> open = submitHeld(50);
        CompletableFuture<Message> once =
                client.requestAsync(ASK, CallOptions.defaults().withDelivery(Delivery.ONCE));
        await().until(() -> first.count("REQUEST") == 51);
        first.close();
        try (PrvEchoServer again = PrvEchoServer.start(first.endpoint())) {
            assertAnswered(open);
            assertThatThrownBy(once::join)
                    .cause()
                    .isInstanceOfSatisfying(RequestFailedException.class, failure -> assertThat(failure.reason())
                            .isEqualTo(Reason.MAY_HAVE_RUN));
            assertThat(again.count("REQUEST")).isEqualTo(50);
        }
    }

    @Test
    void introducesItselfAgainToAServerThatHasForgottenIt() {
        client.close();
        first.heartbeatMillis = 50;
        client = settings(first.endpoint()).liveness(100).open();
        first.seen.clear();
        List<CompletableFuture<Message>> open = submitHeld(3);
        await().until(() -> first.count("HEARTBEAT") > 2);
        first.goodbye(Status.UNKNOWN_PEER);
        await().until(() -> first.count("REQUEST 3.2") == 1);
        first.answerHeld();
        assertAnswered(open);
        assertThat(client.stats().connectionsOpened()).isEqualTo(1);
    }

    @Test
    void hedgesToTheSecondServer() {
        first.answering = false;
        Message reply = client.request(ASK, CallOptions.defaults().withHedgeAfter(Duration.ofMillis(20)));
        assertThat(reply).isEqualTo(ASK);
        assertThat(client.stats().hedgesWon()).isEqualTo(1);
        await().until(() -> first.count("CANCEL 1") == 1);
    }

    @Test
    void failsAtOnceWhenNoServerCanBeReached() {
        client.close();
        client = PirateClient.builder()
                .endpoints("tcp://no-such-host.invalid:1")
                .circuitBreaker(1, Duration.ofMinutes(1))
                .open();
        await().untilAsserted(() -> assertThatThrownBy(
                        () -> client.request(ASK, CallOptions.defaults().withDeadline(Duration.ofMillis(100))))
                .isInstanceOf(CircuitOpenException.class));
    }

    @Test
    void countsGarbageAndGoesOn() {
        assertThat(client.request("ask")).isEqualTo("ask");
        SplittableRandom random = new SplittableRandom(7);
        first.raw("HTTP/1.1 400 Bad Request".getBytes(StandardCharsets.US_ASCII));
        first.raw(new byte[0], new byte[0]);
        for (int i = 0; i < 500; i++) {
            byte[] garbage = new byte[16 + random.nextInt(100)];
            random.nextBytes(garbage);
            System.arraycopy(new byte[] {'P', 'R', 'V', 1}, 0, garbage, 0, 4);
            first.raw(garbage);
        }
        first.toAll(outbox -> {
            outbox.credit(5);
            outbox.progress(1);
            outbox.reply(1, Status.OK, 1, 0, null);
            outbox.reply(-1, Status.OK, 1, 0, null);
            outbox.reply(Long.MAX_VALUE, Status.BUSY, 1, -1, null);
        });
        await().until(() -> client.stats().strayReplies() >= 3);
        assertThat(client.stats().malformed()).isGreaterThan(400);
        assertThat(client.request("still there")).isEqualTo("still there");
    }

    @Test
    void endsItsCallsWhenItsLoopIsClosedUnderIt() {
        EventLoop loop = EventLoop.open("shared");
        try (PirateClient shared =
                PirateClient.builder().endpoints(first.endpoint()).loop(loop).open()) {
            first.answering = false;
            CompletableFuture<Message> open = shared.requestAsync(ASK);
            loop.close();
            assertThat(open).isCompletedExceptionally();
            assertThat(shared.requestAsync(ASK)).isCompletedExceptionally();
            assertThat(shared.stats().inFlight()).isZero();
            assertThat(shared.drain(Duration.ZERO).join()).isFalse();
        }
    }

    @Test
    void leavesASharedLoopOpen() {
        try (EventLoop loop = EventLoop.open("shared")) {
            PirateClient.builder().endpoints(first.endpoint()).loop(loop).open().close();
            try (PirateClient shared = PirateClient.builder()
                    .endpoints(first.endpoint())
                    .loop(loop)
                    .open()) {
                assertThat(shared.request("ask")).isEqualTo("ask");
            }
        }
    }
}
