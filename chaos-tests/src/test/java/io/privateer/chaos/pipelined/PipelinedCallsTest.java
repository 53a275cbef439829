package io.privateer.chaos.pipelined;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateQueueConfig;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.Request;
import io.privateer.pirate.WorkerDialect;
import io.privateer.pirate.WorkerHandler;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a client of PRV/1 is promised, through real queues to real handlers. */
@Timeout(60)
class PipelinedCallsTest {

    private static final String TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    private final List<AutoCloseable> opened = new ArrayList<>();
    private final PirateQueue first = queue();
    private final PirateQueue second = queue();

    @AfterEach
    void close() throws Exception {
        for (int i = opened.size() - 1; i >= 0; i--) {
            opened.get(i).close();
        }
    }

    private <T extends AutoCloseable> T opened(T it) {
        opened.add(it);
        return it;
    }

    private PirateQueue queue() {
        return opened(PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .start());
    }

    private PirateClient client(PirateQueue... queues) {
        String[] endpoints = new String[queues.length];
        for (int i = 0; i < queues.length; i++) {
            endpoints[i] = queues[i].frontend();
        }
        return opened(PirateClient.builder()
                .endpoints(endpoints)
                .options(CallOptions.defaults().withAttemptTimeout(Duration.ofSeconds(20)))
                .open());
    }

    private void worker(PirateQueue queue, String service, WorkerHandler handler) {
        opened(PirateWorker.builder(handler)
                .queue(queue.backend())
                .service(service)
                .dialect(WorkerDialect.PRV)
                .credit(64)
                .start());
        await().until(() -> queue.stats().workers() > 0);
    }

    /** A handler that notes its requests and never answers them. */
    private static WorkerHandler holding(ConcurrentLinkedQueue<Request> held) {
        return WorkerHandler.ofAsync(request -> {
            held.add(request);
            return new CompletableFuture<>();
        });
    }

    private static WorkerHandler answering(Function<Request, String> reply) {
        return WorkerHandler.of(request -> Message.of(reply.apply(request)));
    }

    @Test
    void everyOpenCallIsAnsweredByTheSecondQueueWhenTheFirstIsClosed() {
        // given a queue whose worker answers nothing, another that is in order, and many open calls
        ConcurrentLinkedQueue<Request> held = new ConcurrentLinkedQueue<>();
        worker(first, "", holding(held));
        worker(second, "", answering(request -> "second: " + request.text()));
        PirateClient client = client(first, second);
        List<CompletableFuture<Message>> open = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            open.add(client.requestAsync(Message.of("ask " + i)));
        }
        await().until(() -> first.stats().accepted() == 200);
        // when the first says goodbye
        first.close();
        // then each call is answered by the second, where each arrives once
        for (int i = 0; i < 200; i++) {
            assertThat(open.get(i)).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Message.of("second: ask " + i));
        }
        assertThat(second.stats().accepted()).isEqualTo(200);
        assertThat(second.stats().duplicates()).isZero();
        assertThat(client.stats().retries()).isEqualTo(200);
        // and whoever handles one for the first learns that nobody waits
        assertThat(held).isNotEmpty();
    }

    @Test
    void aHedgedCallTakesTheAnswerOfTheSecondQueueAndTellsTheHandlerOfTheFirst() {
        ConcurrentLinkedQueue<Request> held = new ConcurrentLinkedQueue<>();
        worker(first, "", holding(held));
        worker(second, "", answering(request -> "second: " + request.text()));
        PirateClient client = client(first, second);
        // when a call that may be hedged takes long at the first
        Message reply = client.request(Message.of("ask"), CallOptions.defaults().withHedgeAfter(Duration.ofMillis(50)));
        // then the second answers it, and the handler at the first is told to stop
        assertThat(reply.text()).isEqualTo("second: ask");
        assertThat(client.stats().hedges()).isEqualTo(1);
        assertThat(client.stats().hedgesWon()).isEqualTo(1);
        await().until(() -> held.size() == 1 && held.element().isCancelled());
    }

    @Test
    void requestsGoToTheWorkersOfTheirServiceWithTheirHeaders() {
        // given one service that is slow to answer, and one that tells what it was sent
        ConcurrentLinkedQueue<Request> held = new ConcurrentLinkedQueue<>();
        worker(first, "stuck", holding(held));
        worker(
                first,
                "billing",
                answering(request -> request.service() + " " + request.text() + " " + request.headers()));
        await().until(() -> first.stats().workers() == 2);
        PirateClient client = client(first);
        List<CompletableFuture<Message>> stuck = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            stuck.add(client.requestAsync(
                    Message.of("ask"), CallOptions.defaults().withService("stuck")));
        }
        CompletableFuture<Message> nobody =
                client.requestAsync(Message.of("ask"), CallOptions.defaults().withService("nobody"));
        // when the other is asked, with the context of a trace
        CallOptions billing = CallOptions.defaults().withService("billing").withHeader("traceparent", TRACEPARENT);
        String reply = client.request(Message.of("bill"), billing).text();
        // then neither those of the first nor those that nobody serves are in the way
        assertThat(reply).isEqualTo("billing bill " + Map.of("traceparent", TRACEPARENT));
        assertThat(stuck).noneMatch(CompletableFuture::isDone);
        assertThat(nobody).isNotDone();
        await().until(() -> !held.isEmpty());
        assertThat(held).allMatch(request -> request.service().equals("stuck"));
        // and when somebody begins to serve them, they are answered
        worker(first, "nobody", answering(request -> "at last"));
        assertThat(nobody).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(Message.of("at last"));
    }

    @Test
    void aHandlerFindsTheTraceTheServiceAndTheTimeThatIsLeft() {
        ConcurrentLinkedQueue<Request> held = new ConcurrentLinkedQueue<>();
        worker(first, "billing", holding(held));
        Duration deadline = Duration.ofMinutes(10);
        CallOptions billing = CallOptions.defaults()
                .withService("billing")
                .withHeader("traceparent", TRACEPARENT)
                .withDeadline(deadline);
        CompletableFuture<Message> call = client(first).requestAsync(Message.of("bill"), billing);
        await().until(() -> held.size() == 1);
        Request request = held.element();
        assertThat(request.header("traceparent")).contains(TRACEPARENT);
        assertThat(request.header("tracestate")).isEmpty();
        assertThat(request.service()).isEqualTo("billing");
        assertThat(request.attempt()).isEqualTo(1);
        // less than the client began with, and not what the queue would give it by itself
        assertThat(request.remaining())
                .hasValueSatisfying(left ->
                        assertThat(left).isLessThan(deadline).isGreaterThan(PirateQueueConfig.DEFAULT_REQUEST_TTL));
        assertThat(call).isNotDone();
    }

    @Test
    void aCancellationReachesTheHandlerThatRuns() {
        CompletableFuture<Boolean> told = new CompletableFuture<>();
        ConcurrentLinkedQueue<Request> held = new ConcurrentLinkedQueue<>();
        worker(first, "", WorkerHandler.ofAsync(request -> {
            held.add(request);
            request.onCancel(() -> told.complete(true));
            return new CompletableFuture<>();
        }));
        CompletableFuture<Message> call = client(first).requestAsync(Message.of("ask"));
        await().until(() -> held.size() == 1);
        assertThat(held.element().isCancelled()).isFalse();
        // when the caller gives up
        call.cancel(true);
        // then the handler hears of it
        assertThat(told).succeedsWithin(Duration.ofSeconds(10)).isEqualTo(true);
        assertThat(held.element().isCancelled()).isTrue();
    }
}
