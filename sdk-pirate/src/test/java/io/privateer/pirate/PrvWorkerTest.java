package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Backoff;
import io.privateer.core.Message;
import io.privateer.core.wire.Headers;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Workers that speak PRV/1 on real sockets, against a queue that does what it is told. */
class PrvWorkerTest {

    private static final Backoff RECONNECT = Backoff.exponential(Duration.ofMillis(50), Duration.ofMillis(200), 0.5);
    private static final long PROGRESS_EVERY_NANOS = 10_000_000;
    private static final WorkerHandler ECHO = WorkerHandler.of(Request::message);

    private final PrvTestQueue queue = new PrvTestQueue();

    /** Requests by their text, and the replies that their handlers wait for. */
    private final Map<String, Request> requests = new ConcurrentHashMap<>();

    private final Map<String, CompletableFuture<Message>> replies = new ConcurrentHashMap<>();
    private final WorkerHandler later = WorkerHandler.ofAsync(request -> {
        CompletableFuture<Message> reply = new CompletableFuture<>();
        replies.put(request.text(), reply);
        requests.put(request.text(), request);
        return reply;
    });

    @AfterEach
    void closeQueue() {
        queue.close();
    }

    @Test
    void introducesItselfAndServes() {
        try (PirateWorker worker =
                builder(ECHO).service("resize").concurrency(2).credit(3).start()) {
            awaitSaid("ready 3 [] resize");
            queue.request(7, "ahoy");
            awaitSaid("ready 3 [] resize", "reply 7 OK ahoy");
            assertThat(worker.stats().handled()).isEqualTo(1);
            assertThat(worker.stats().replies()).isEqualTo(1);
            assertThat(worker.stats().held()).isZero();
        }
        await().untilAsserted(() -> assertThat(queue.said()).endsWith("goodbye OK"));
    }

    @Test
    void servesInlineInTheOrderOfArrival() {
        try (PirateWorker worker = builder(ECHO).executor(Runnable::run).start()) {
            awaitReady();
            queue.say(out -> {
                for (int i = 0; i < 1_000; i++) {
                    out.request(i, 1, 0, Prv.NO_TTL, new byte[0], new byte[0], new byte[][] {{'x'}});
                }
            });
            await().until(() -> queue.said().size() == 1_000);
            List<String> expected = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) {
                expected.add("reply " + i + " OK x");
            }
            assertThat(queue.said()).isEqualTo(expected);
            assertThat(worker.stats().droppedJobs()).isZero();
        }
    }

    @Test
    void tellsHandlersWhatTheRequestCarries() {
        WorkerHandler reporter = WorkerHandler.of(request -> {
            boolean soon =
                    request.remaining().filter(left -> left.toSeconds() < 60).isPresent();
            return Message.of(request.headers() + " " + request.header("a").orElse("none") + " " + request.service()
                    + " " + request.attempt() + " " + soon);
        });
        try (PirateWorker worker = builder(reporter).service("s").start()) {
            awaitReady();
            queue.request(1, 60_000_000, Headers.encode(Map.of("a", "b")), "ask");
            awaitSaid("reply 1 OK {a=b} b s 1 true");
            queue.forget();
            queue.request(2, "ask");
            awaitSaid("reply 2 OK {} none s 1 false");
            assertThat(worker.stats().failed()).isZero();
        }
    }

    @Test
    void tellsOfFailures() {
        WorkerHandler broken = WorkerHandler.of(request -> {
            throw request.text().isEmpty()
                    ? new IllegalStateException()
                    : new IllegalStateException("no " + request.text());
        });
        try (PirateWorker worker = builder(broken).start()) {
            awaitReady();
            queue.request(1, "rum");
            awaitSaid("reply 1 HANDLER_FAILED no rum");
            queue.request(2, "");
            awaitSaid("reply 1 HANDLER_FAILED no rum", "reply 2 HANDLER_FAILED java.lang.IllegalStateException");
            assertThat(worker.stats().failed()).isEqualTo(2);
        }
    }

    @Test
    void sendsTheReplyThatAHandlerMakesOfAFailure() {
        WorkerHandler polite = new WorkerHandler() {
            @Override
            protected Message handle(Request request) {
                throw new IllegalStateException("rude");
            }

            @Override
            protected Optional<Message> onError(Request request, Throwable failure) {
                return Optional.of(Message.of("sorry"));
            }
        };
        try (PirateWorker worker = builder(polite).start()) {
            awaitReady();
            queue.request(1, "ask");
            awaitSaid("reply 1 OK sorry");
            assertThat(worker.stats().failed()).isEqualTo(1);
        }
    }

    @Test
    void saysSoWhenAReplyIsTooLargeForTheQueue() {
        WorkerHandler large = WorkerHandler.of(request -> Message.of(new byte[Integer.parseInt(request.text())]));
        try (PirateWorker worker = builder(large).start()) {
            awaitReady();
            queue.request(1, "100001");
            awaitSaid("reply 1 TOO_LARGE reply must be of frames of at most messageBytesMax=100000 bytes: 100001");
            queue.forget();
            queue.request(2, "100000");
            awaitSaid("reply 2 OK [100000]");
            assertThat(worker.stats().failed()).isEqualTo(1);
            assertThat(worker.stats().reconnects()).isZero();
        }
    }

    @Test
    void runsNoMoreThanItsConcurrencyAndHoldsTheRest() {
        try (PirateWorker worker = builder(later).concurrency(2).credit(3).start()) {
            awaitReady();
            queue.say(out -> {
                for (long id = 1; id <= 3; id++) {
                    out.request(id, 1, 0, Prv.NO_TTL, new byte[0], new byte[0], new byte[][] {{(byte) ('0' + id)}});
                }
            });
            await().until(() -> worker.stats().held() == 3);
            await().until(() -> replies.keySet().containsAll(List.of("1", "2")));
            assertThat(worker.stats().busy()).isEqualTo(2);
            reply("2");
            awaitSaid("reply 2 OK 2");
            await().until(() -> replies.containsKey("3"));
        }
    }

    @Test
    void doesNotStartWhatHasExpiredMeanwhile() {
        try (PirateWorker worker = builder(later).start()) {
            awaitReady();
            queue.request(1, "first");
            queue.request(2, 0, new byte[0], "late");
            await().until(() -> worker.stats().held() == 2);
            await().until(() -> replies.containsKey("first"));
            reply("first");
            awaitSaid("reply 1 OK first", "reply 2 EXPIRED");
            assertThat(worker.stats().expired()).isEqualTo(1);
            assertThat(requests).doesNotContainKey("late");
        }
    }

    @Test
    void tellsTheHandlerOfACancellationAndDropsWhatWaits() {
        try (PirateWorker worker = builder(later).start()) {
            awaitReady();
            queue.request(1, "running");
            queue.request(2, "waiting");
            await().until(() -> worker.stats().held() == 2 && requests.containsKey("running"));
            CompletableFuture<Boolean> told = new CompletableFuture<>();
            request("running").onCancel(() -> told.complete(true));
            queue.say(out -> {
                out.cancel(1);
                out.cancel(2);
                out.cancel(3);
            });
            assertThat(told).succeedsWithin(Duration.ofSeconds(5));
            assertThat(request("running").isCancelled()).isTrue();
            await().until(() -> worker.stats().held() == 1);
            reply("running");
            awaitSaid("reply 2 EXPIRED", "reply 3 EXPIRED", "reply 1 OK running");
            assertThat(worker.stats().cancelled()).isEqualTo(2);
            assertThat(requests).doesNotContainKey("waiting");
        }
    }

    @Test
    void extendsTheLeaseWhenTheHandlerSaysSo() {
        try (PirateWorker worker = builder(later).start()) {
            awaitReady();
            queue.request(5, "long");
            await().until(() -> requests.containsKey("long"));
            // when it says so far more often than anybody needs to know
            long startNanos = System.nanoTime();
            for (int i = 0; i < 1_000; i++) {
                request("long").progress();
            }
            long saidMax = 1 + (System.nanoTime() - startNanos) / PROGRESS_EVERY_NANOS;
            // then the queue hears it now and then
            await().until(() -> !queue.said().isEmpty());
            assertThat(queue.said()).hasSizeLessThanOrEqualTo((int) saidMax).containsOnly("progress 5");
            await().until(() -> {
                request("long").progress();
                return queue.said().size() > saidMax;
            });
            reply("long");
            await().until(() -> queue.said().contains("reply 5 OK long"));
            assertThat(worker.stats().held()).isZero();
        }
    }

    @Test
    void beatsAsTheQueueWantsAlsoWhileBusy() {
        try (PirateWorker worker = builder(later).heartbeat(Duration.ofDays(1)).start()) {
            awaitReady();
            queue.request(1, "busy");
            await().until(() -> worker.stats().busy() == 1);
            int before = queue.beats();
            await().until(() -> queue.beats() >= before + 3);
        }
    }

    @Test
    void keepsItsWorkThroughALostConnection() {
        try (PirateWorker worker = builder(later).concurrency(2).start()) {
            awaitReady();
            queue.request(1, "early");
            queue.request(2, "late");
            await().until(() -> replies.size() == 2);
            // when the connection is cut, and one handler ends while there is none
            queue.unbind();
            await().until(() -> worker.stats().reconnects() >= 1);
            reply("early");
            await().until(() -> worker.stats().busy() == 1);
            queue.bind();
            // then the worker lists both, on as many connections as it takes, and both replies count
            awaitSaidLast("ready 16 [1, 2]", "reply 1 OK early");
            reply("late");
            awaitSaidLast("ready 16 [1, 2]", "reply 1 OK early", "reply 2 OK late");
            assertThat(queue.said()).containsOnlyOnce("reply 1 OK early");
            assertThat(worker.stats().vainReplies()).isZero();
        }
    }

    @Test
    void givesUpWhatAnotherQueueWaitsFor() {
        try (PirateWorker worker = builder(later).start()) {
            awaitReady();
            queue.request(1, "running");
            queue.request(2, "waiting");
            await().until(() -> worker.stats().held() == 2 && requests.containsKey("running"));
            queue.unbind();
            queue.becomeAnother();
            queue.bind();
            awaitSaid("ready 16 [1, 2]");
            await().until(() -> request("running").isCancelled());
            reply("running");
            await().until(() -> worker.stats().vainReplies() == 1);
            queue.forget();
            queue.request(1, "of the other");
            await().until(() -> replies.containsKey("of the other"));
            reply("of the other");
            awaitSaid("reply 1 OK of the other");
            assertThat(requests).doesNotContainKey("waiting");
        }
    }

    @Test
    void replacesItsConnectionWhenTheQueueFallsSilent() {
        try (PirateWorker worker = builder(ECHO).liveness(3).start()) {
            awaitReady();
            queue.fallSilent(true);
            await().until(() -> worker.stats().reconnects() > 0);
            queue.fallSilent(false);
            await().until(() -> !queue.said().isEmpty());
            await().untilAsserted(() -> {
                queue.request(1, "still there?");
                assertThat(queue.said()).contains("reply 1 OK still there?");
            });
        }
    }

    @Test
    void introducesItselfAgainToAQueueThatDoesNotKnowItAndComesBackToOneThatLeft() {
        try (PirateWorker worker = builder(ECHO).start()) {
            awaitReady();
            await().until(() -> {
                queue.say(out -> out.goodbye(Status.UNKNOWN_PEER));
                return !queue.said().isEmpty();
            });
            assertThat(queue.said()).containsOnly("ready 16 []");
            assertThat(worker.stats().reconnects()).isZero();
            queue.say(out -> out.goodbye(Status.OK));
            await().until(() -> worker.stats().reconnects() == 1);
            await().untilAsserted(() -> {
                queue.request(1, "still there?");
                assertThat(queue.said()).contains("reply 1 OK still there?");
            });
        }
    }

    @Test
    void finishesWhatItHoldsWhenDrained() {
        PirateWorker worker = builder(later).start();
        awaitReady();
        queue.request(1, "a");
        queue.request(2, "b");
        await().until(() -> worker.stats().held() == 2 && replies.containsKey("a"));
        CompletableFuture<Boolean> drained = worker.drain(Duration.ofSeconds(10));
        awaitSaid("drain");
        reply("a");
        await().until(() -> replies.containsKey("b"));
        reply("b");
        assertThat(drained).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
        awaitSaid("drain", "reply 1 OK a", "reply 2 OK b", "goodbye OK");
    }

    @Test
    void livesOnWhenTheQueueTalksNonsense() {
        try (PirateWorker worker = builder(ECHO).start()) {
            awaitReady();
            queue.sayRaw(new byte[] {1, 2, 3});
            queue.sayRaw(new byte[0], new byte[0], new byte[0]);
            queue.sayRaw(new byte[] {'P', 'R', 'V', 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
            queue.sayRaw(new byte[] {'P', 'R', 'V', 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9});
            queue.say(out -> out.credit(1));
            queue.say(out -> out.reply(3, Status.OK, 1, 0, null));
            queue.request(1, "sane");
            awaitSaid("reply 1 OK sane");
            assertThat(worker.stats().malformed()).isEqualTo(6);
            assertThat(worker.stats().reconnects()).isZero();
        }
    }

    private PirateWorkerConfig.Builder builder(WorkerHandler handler) {
        return PirateWorker.builder(handler)
                .dialect(WorkerDialect.PRV)
                .credit(16)
                .liveness(50) // A machine that stands still for once is not a queue that does.
                .queue(queue.endpoint())
                .reconnect(RECONNECT);
    }

    private void awaitReady() {
        await().until(() -> queue.said().stream().anyMatch(word -> word.startsWith("ready")));
        queue.forget();
    }

    private void awaitSaid(String... words) {
        await().untilAsserted(() -> assertThat(queue.said()).containsExactly(words));
    }

    private void awaitSaidLast(String... words) {
        await().untilAsserted(() -> assertThat(queue.said()).endsWith(words));
    }

    private void reply(String text) {
        Objects.requireNonNull(replies.get(text)).complete(Message.of(text));
    }

    private Request request(String text) {
        return Objects.requireNonNull(requests.get(text));
    }
}
