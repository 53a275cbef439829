package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.Message;
import io.privateer.core.OverloadedException;
import io.privateer.core.Reason;
import io.privateer.core.RequestFailedException;
import io.privateer.core.RequestTimeoutException;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PirateClientConfig.OnFull;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The client against a server of the tests, over real sockets. */
class PirateClientTest {

    private static final CallOptions QUICK = CallOptions.defaults().withDeadline(Duration.ofMillis(200));
    private static final Message ASK = Message.of("ask");

    private final PrvEchoServer server = PrvEchoServer.start();
    private final PirateClient client = PirateClient.connect(server.endpoint());

    @AfterEach
    void close() {
        client.close();
        server.close();
    }

    @Test
    void answersManyCallsOfManyThreadsAtOnce() {
        server.recording = false;
        List<CompletableFuture<Message>> replies = new ArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            replies.add(client.requestAsync(Message.of("ask " + i)));
        }
        IntStream.range(0, 200).parallel().forEach(i -> assertThat(client.request("sync " + i))
                .isEqualTo("sync " + i));
        for (int i = 0; i < 5_000; i++) {
            assertThat(replies.get(i).join().text()).isEqualTo("ask " + i);
        }
        assertThat(client.stats().replied()).isEqualTo(5_200);
        assertThat(client.stats().inFlight()).isZero();
        assertThat(client.stats().inFlightBytes()).isZero();
    }

    @Test
    void carriesBodiesOfAnySizeAndNumberOfParts() {
        for (int bytes : new int[] {0, 1, 8_000, 9_000, 70_000, 1 << 20}) {
            assertThat(client.request(Message.of(new byte[bytes])).sizeBytes()).isEqualTo(bytes);
        }
        Message parts = Message.of(new byte[3], new byte[0], new byte[20_000]);
        assertThat(client.request(parts)).isEqualTo(parts);
        Message small = Message.of(new byte[3], new byte[0], new byte[7]);
        assertThat(client.request(small)).isEqualTo(small);
    }

    @Test
    void carriesServiceHeadersAndTheTimeThatIsLeft() {
        String trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        CallOptions options = CallOptions.defaults()
                .withService("billing")
                .withHeader("traceparent", trace)
                .withDeadline(Duration.ofSeconds(20));
        client.request(ASK, options);
        assertThat(server.lastService).isEqualTo("billing");
        assertThat(server.lastHeaders).containsEntry("traceparent", trace);
        assertThat(server.lastTtlMicros).isBetween(1L, 20_000_000L);
    }

    @Test
    void takesARequestBackWhenItsFutureIsCancelledOrCompletedByTheCaller() {
        server.answering = false;
        CompletableFuture<Message> cancelled = client.requestAsync(ASK);
        CompletableFuture<Message> timedOut = client.requestAsync(ASK);
        CompletableFuture<Message> completed = client.requestAsync(ASK);
        await().until(() -> server.count("REQUEST") == 3);
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(completed.complete(ASK)).isTrue();
        timedOut.orTimeout(1, TimeUnit.MILLISECONDS);
        await().until(() -> server.count("CANCEL") == 3);
        assertThat(cancelled.cancel(true)).isTrue();
        assertThat(client.stats().cancelled()).isEqualTo(3);
        assertThat(client.stats().inFlight()).isZero();
        server.answerHeld();
        await().until(() -> client.stats().strayReplies() == 3);
    }

    @Test
    void letsAnInterruptedCallerGoAndTakesItsRequestBack() throws InterruptedException {
        server.answering = false;
        AtomicReference<Throwable> failure = new AtomicReference<>();
        AtomicReference<Boolean> flag = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            failure.set(catchThrowableOfType(RuntimeException.class, () -> client.request("ask")));
            flag.set(Thread.currentThread().isInterrupted());
        });
        caller.start();
        await().until(() -> server.count("REQUEST") == 1);
        caller.interrupt();
        caller.join();
        assertThat(failure.get()).isInstanceOf(InterruptedRequestException.class);
        assertThat(flag.get()).isTrue();
        await().until(() -> server.count("CANCEL") == 1);
    }

    @Test
    void endsACallAtItsDeadline() {
        server.answering = false;
        RequestTimeoutException failure =
                catchThrowableOfType(RequestTimeoutException.class, () -> client.request(ASK, QUICK));
        assertThat(failure.attempts()).hasSize(1);
        assertThat(failure.getStackTrace())
                .anyMatch(frame -> frame.getClassName().equals(getClass().getName()));
        await().until(() -> server.count("CANCEL") == 1);
    }

    @Test
    void tellsWhyTheServerEndedACall() {
        server.status = Status.HANDLER_FAILED;
        RequestFailedException failure =
                catchThrowableOfType(RequestFailedException.class, () -> client.request("out of rum"));
        assertThat(failure.reason()).isEqualTo(Reason.HANDLER_FAILED);
        assertThat(failure).hasMessageContaining("out of rum");
        server.status = Status.BUSY;
        server.retryAfterMillis = 60_000;
        assertThatThrownBy(() -> client.request("ask")).isInstanceOf(OverloadedException.class);
    }

    @Test
    void refusesWhatNobodyWouldTake() {
        assertThatThrownBy(() -> client.requestAsync(Message.of(new byte[(1 << 20) + 1])))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("messageBytesMax=1048576");
        try (PirateClient small = PirateClient.builder()
                .endpoints(server.endpoint())
                .messageBytesMax(256)
                .open()) {
            CallOptions chatty = CallOptions.defaults().withHeader("long", "x".repeat(250));
            assertThatThrownBy(() -> small.requestAsync(ASK, chatty))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("messageBytesMax=256");
            assertThat(small.request("fits")).isEqualTo("fits");
        }
    }

    @Test
    void failsWhatIsLongerThanTheServerTakes() {
        server.limit = 1_000;
        try (PirateClient late = PirateClient.connect(server.endpoint())) {
            RequestFailedException failure = catchThrowableOfType(
                    RequestFailedException.class, () -> late.request(Message.of(new byte[20_000])));
            assertThat(failure.reason()).isEqualTo(Reason.TOO_LARGE);
            assertThat(failure).hasMessageContaining("1000");
        }
    }

    @Test
    void rejectsCallsBeyondItsBounds() {
        server.answering = false;
        try (PirateClient narrow = PirateClient.builder()
                .endpoints(server.endpoint())
                .inFlightMax(2)
                .inFlightBytesMax(1_000)
                .open()) {
            CompletableFuture<Message> first = narrow.requestAsync(Message.of(new byte[900]));
            assertThatThrownBy(() -> narrow.request(Message.of(new byte[200])))
                    .isInstanceOf(OverloadedException.class)
                    .hasMessageContaining("inFlightBytesMax")
                    .hasMessageContaining("1000");
            CompletableFuture<Message> second = narrow.requestAsync(ASK);
            assertThat(narrow.requestAsync(ASK)).isCompletedExceptionally();
            assertThatThrownBy(() -> narrow.request("ask"))
                    .isInstanceOf(OverloadedException.class)
                    .hasMessageContaining("inFlightMax")
                    .hasMessageContaining("2");
            assertThat(narrow.stats().rejected()).isEqualTo(3);
            await().until(() -> server.count("REQUEST") == 2);
            server.answerHeld();
            CompletableFuture.allOf(first, second).join();
            assertThat(narrow.request("room again")).isEqualTo("room again");
        }
    }

    @ParameterizedTest
    @EnumSource(OnFull.class)
    void refusesAtOnceWhatWouldNeverFit(OnFull onFull) {
        try (PirateClient narrow = PirateClient.builder()
                .endpoints(server.endpoint())
                .inFlightBytesMax(1_000)
                .onFull(onFull)
                .open()) {
            assertThatThrownBy(() -> narrow.requestAsync(Message.of(new byte[600], new byte[401])))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("request must be of at most inFlightBytesMax=1000 bytes: 1001");
            assertThat(narrow.stats().inFlightBytes()).isZero();
            assertThat(narrow.request(Message.of(new byte[1_000])).sizeBytes()).isEqualTo(1_000);
        }
    }

    @Test
    void letsCallersWaitForRoomWhenToldSo() {
        PirateClient narrow = PirateClient.builder()
                .endpoints(server.endpoint())
                .inFlightMax(2)
                .onFull(OnFull.BLOCK)
                .open();
        IntStream.range(0, 64).parallel().forEach(i -> assertThat(narrow.request("ask " + i))
                .isEqualTo("ask " + i));
        server.answering = false;
        assertThat(narrow.requestAsync(ASK)).isNotDone();
        assertThat(narrow.requestAsync(ASK)).isNotDone();
        assertThatThrownBy(() -> narrow.request(ASK, QUICK)).isInstanceOf(OverloadedException.class);
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> narrow.request(ASK, QUICK)).isInstanceOf(InterruptedRequestException.class);
        assertThat(Thread.interrupted()).isTrue();
        CompletableFuture<Throwable> blocked = CompletableFuture.supplyAsync(
                () -> catchThrowableOfType(RuntimeException.class, () -> narrow.request("ask")));
        narrow.close();
        assertThat(blocked.join()).isInstanceOf(ClosedException.class);
    }

    @Test
    void letsCallersActionsDoAnythingButWait() {
        server.answering = false; // Or an action could run on this thread, because the reply is there already.
        CompletableFuture<Throwable> waits = client.requestAsync(ASK)
                .thenApply(reply -> catchThrowableOfType(RuntimeException.class, () -> client.request("more")));
        await().until(() -> server.count("REQUEST") == 1);
        server.answerHeld();
        assertThat(waits.join()).isInstanceOf(IllegalStateException.class);
        CompletableFuture<Message> chained = client.requestAsync(ASK).thenCompose(reply -> client.requestAsync(reply));
        assertThat(chained.join()).isEqualTo(ASK);
        server.answering = false;
        CompletableFuture<Message> other = client.requestAsync(ASK);
        await().until(() -> server.count("REQUEST") == 4);
        server.answering = true;
        client.requestAsync(ASK).thenRun(client::close).join();
        assertThatThrownBy(other::join).hasCauseInstanceOf(ClosedException.class);
    }

    @Test
    void endsOpenCallsAtOnceWhenItIsClosedAndSaysGoodbye() {
        server.answering = false;
        CompletableFuture<Message> open = client.requestAsync(ASK);
        await().until(() -> server.count("REQUEST") == 1);
        client.close();
        assertThatThrownBy(open::join).hasCauseInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> client.request("ask")).isInstanceOf(ClosedException.class);
        assertThat(client.requestAsync(ASK)).isCompletedExceptionally();
        await().until(() -> server.count("GOODBYE") == 1);
        client.close();
        assertThat(client.stats().failed()).isEqualTo(1);
        assertThat(client.drain(Duration.ZERO).join()).isFalse();
    }

    @Test
    void finishesWhatIsOpenWhenItIsDrained() {
        server.answering = false;
        CompletableFuture<Message> open = client.requestAsync(ASK);
        await().until(() -> server.count("REQUEST") == 1);
        CompletableFuture<Boolean> drained = client.drain(Duration.ofSeconds(30));
        assertThatThrownBy(() -> client.request("more")).isInstanceOf(ClosedException.class);
        assertThat(drained).isNotDone();
        server.answerHeld();
        assertThat(open.join()).isEqualTo(ASK);
        assertThat(drained.join()).isTrue();
        await().until(() -> server.count("GOODBYE") == 1);
    }

    @Test
    void endsWhatIsLeftWhenADrainTakesTooLong() {
        server.answering = false;
        CompletableFuture<Message> open = client.requestAsync(ASK);
        assertThat(client.drain(Duration.ofMillis(50)).join()).isFalse();
        assertThatThrownBy(open::join).hasCauseInstanceOf(ClosedException.class);
    }
}
