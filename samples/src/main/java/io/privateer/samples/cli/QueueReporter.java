package io.privateer.samples.cli;

import io.privateer.core.TransportFailedException;
import io.privateer.pirate.PirateListener;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Prints a line for each change of a queue, and ends the command when the queue fails. */
public record QueueReporter(PrintWriter out, CompletableFuture<Integer> ended) implements PirateListener {

    /** What the queue of a broker calls a peer that it lends to begins with this, and a space, which no value may have. */
    private static final String LENDER = "lender";

    /** Returns the name of the peer, if {@code worker} as it was printed is one, otherwise {@code null}. */
    public static @Nullable String lenderOf(String worker) {
        return worker.startsWith(LENDER + ":") ? worker.substring(LENDER.length() + 1) : null;
    }

    private static String nameOf(String workerId) {
        return workerId.replace(' ', ':');
    }

    @Override
    public void onWorkerJoined(WorkerJoined event) {
        out.println(EventLine.of("worker-joined")
                .with("worker", nameOf(event.workerId()))
                .with("dialect", event.dialect()));
    }

    @Override
    public void onWorkerLost(WorkerLost event) {
        out.println(EventLine.of("worker-lost")
                .with("worker", nameOf(event.workerId()))
                .with("cause", event.cause())
                .with("silentMillis", event.silent().toMillis()));
    }

    @Override
    public void onDeliveryReturned(DeliveryReturned event) {
        out.println(EventLine.of("delivery-returned")
                .with("request", event.requestId())
                .with("worker", nameOf(event.workerId()))
                .with("cause", event.cause())
                .with("deliveries", event.deliveries())
                .with("heldMillis", event.held().toMillis()));
    }

    @Override
    public void onDeadLetter(DeadLetter event) {
        out.println(EventLine.of("dead-letter")
                .with("request", event.requestId())
                .with("deliveries", event.deliveries())
                .with("lastCause", event.lastCause()));
    }

    @Override
    public void onRequestDropped(RequestDropped event) {
        out.println(EventLine.of("request-dropped")
                .with("request", event.requestId())
                .with("cause", event.cause())
                .with("ageMillis", event.age().toMillis()));
    }

    @Override
    public void onIntakeClosed(IntakeClosed event) {
        out.println(EventLine.of("intake-closed")
                .with("cause", event.cause())
                .with("pending", event.pending())
                .with("pendingBytes", event.pendingBytes()));
    }

    @Override
    public void onIntakeOpened() {
        out.println(EventLine.of("intake-opened"));
    }

    @Override
    public void onFailed(Throwable cause) {
        ended.completeExceptionally(new TransportFailedException("the queue has failed", List.of(), cause));
    }
}
