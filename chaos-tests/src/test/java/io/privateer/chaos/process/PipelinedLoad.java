package io.privateer.chaos.process;

import io.privateer.chaos.process.Operation.Kind;
import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.core.Reason;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateClientConfig;
import io.privateer.pirate.PirateClientStats;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * One client of PRV/1 that always has a number of requests under way, until it is told to stop. It asks, and notes the ends,
 * on the client's event loop, so that its history has the answers in the order in which the client took them.
 */
final class PipelinedLoad implements AutoCloseable {

    private static final Duration STOP_MAX = Duration.ofSeconds(40);

    private final History history;
    private final EventLoop loop = EventLoop.open("load");
    private final PirateClient client;
    private final CallOptions options;
    private final CountDownLatch open;
    private volatile boolean stopping;

    private PipelinedLoad(PirateClientConfig.Builder settings, int inFlight, CallOptions options, History history) {
        this.history = history;
        this.client = settings.loop(loop).open();
        this.options = options;
        this.open = new CountDownLatch(inFlight);
    }

    static PipelinedLoad start(PirateClientConfig.Builder settings, int inFlight, CallOptions options) {
        return start(settings, inFlight, options, new History());
    }

    static PipelinedLoad start(
            PirateClientConfig.Builder settings, int inFlight, CallOptions options, History history) {
        PipelinedLoad load = new PipelinedLoad(settings, inFlight, options, history);
        for (int i = 0; i < inFlight; i++) {
            load.askLater();
        }
        return load;
    }

    /** In the loop's next turn: what fails at once does not pile up on the stack. */
    private void askLater() {
        loop.execute(this::ask);
    }

    private void ask() {
        if (stopping) {
            open.countDown();
            return;
        }
        long requestId = history.invoke();
        var unused = client.requestAsync(Message.of(Long.toString(requestId)), options)
                .whenComplete((reply, failure) -> {
                    if (failure == null) {
                        history.end(Kind.OK, requestId, reply.text());
                    } else {
                        history.end(kindOf(failure), requestId, failure.toString());
                    }
                    askLater();
                });
    }

    /** Only what was never sent, or was refused, has certainly not run. */
    private static Kind kindOf(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        return cause instanceof PirateException known && known.reason() == Reason.OVERLOADED ? Kind.FAIL : Kind.INFO;
    }

    History history() {
        return history;
    }

    PirateClientStats stats() {
        return client.stats();
    }

    /** Lets every request finish, and waits for that. */
    void stop() throws InterruptedException {
        stopping = true;
        if (!open.await(STOP_MAX.toSeconds(), TimeUnit.SECONDS)) {
            throw new IllegalStateException(open.getCount() + " calls hang: " + client.stats());
        }
    }

    List<Operation> operations() {
        return history.operations();
    }

    @Override
    public void close() {
        stopping = true;
        client.close();
        loop.close();
    }
}
