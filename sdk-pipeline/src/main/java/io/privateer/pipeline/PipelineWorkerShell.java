package io.privateer.pipeline;

import io.privateer.core.ClosedException;
import io.privateer.core.Randomness;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.wire.PeerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Joins a {@link PipelineWorkerMachine} to its sockets and handlers. Not thread-safe: confine to the loop's thread. */
final class PipelineWorkerShell implements PipelineWorkerPort, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(PipelineWorker.class);

    /** One side's word in the machine. */
    private interface Input {
        void onRecord(long nowNanos, PlnReader reader);
    }

    /** One side's loss in the machine. */
    private interface Loss {
        void onLost(long nowNanos);
    }

    private final EventLoop loop;
    private final PipelineWorkerConfig config;
    private final Ending ending;

    /** As which ventilator and sink know it. */
    private final PeerId id = PeerId.random(Randomness.system());

    private final Turn turn;
    private final LoopTimer timer;
    private final DealerLink ventilator;
    private final DealerLink sink;
    private final PipelineWorkerMachine machine;
    private final Workshop<PipelineTask> workshop;
    private final PlnReader reader = new PlnReader();
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private long malformed;

    PipelineWorkerShell(EventLoop loop, PipelineWorkerConfig config) {
        this.loop = loop;
        this.config = config;
        this.ending = new Ending(loop, "worker " + config.name());
        this.turn = new Turn(loop, this::onEndOfTurn);
        this.timer = loop.timer(this::onTimer);
        this.workshop = new Workshop<>(config.name(), config.concurrency(), this::work, this::wake);
        Side ventilatorSide = new Side("ventilator");
        Side sinkSide = new Side("sink");
        this.ventilator = link(config.ventilator(), ventilatorSide);
        this.sink = link(config.sink(), sinkSide);
        this.machine = new PipelineWorkerMachine(now(), config.settings(), ventilator, sink, this);
        ventilatorSide.to(machine::onVentilatorRecord, machine::onVentilatorLost);
        sinkSide.to(machine::onSinkRecord, machine::onSinkLost);
        loop.join(this);
        try {
            machine.onStart(now());
        } catch (RuntimeException e) {
            end(false);
            throw e;
        }
        workshop.start();
        turn.happened();
        timer.arm(machine.nextDeadlineNanos(now()));
    }

    private DealerLink link(String endpoint, Side side) {
        return new DealerLink(
                loop,
                config.name(),
                endpoint,
                config.socketSettings(),
                turn,
                writer -> writer.hello(
                        Pln.ROLE_WORKER,
                        id,
                        config.heartbeatMillis(),
                        config.concurrency(),
                        config.credit(),
                        config.creditBytes(),
                        config.settings().messageBytesMax()),
                side);
    }

    /** On a thread of the workshop. */
    private void work(PipelineTask task) {
        try {
            byte[] result = config.handler().handle(task);
            if (result == null) {
                task.failure = "handler returned no result: null";
            } else {
                task.result = result;
            }
        } catch (Throwable e) { // An Error too fails this task only: the worker has others.
            if (workshop.isInterruptedByClose(e)) {
                log.info("handler interrupted by close worker={} id={} task={}", config.name(), id, task);
            } else {
                log.warn("handler failed worker={} id={} task={}", config.name(), id, task, e);
            }
            task.failure = String.valueOf(e);
        }
    }

    private void wake() {
        try {
            loop.execute(turn::happened);
        } catch (ClosedException | TransportFailedException e) {
            log.debug("handler has nobody to tell, the loop has ended worker={} id={}", config.name(), id, e);
        }
    }

    private void onEndOfTurn() {
        if (!ending.hasBegun()) {
            long nowNanos = now();
            workshop.takeDone(task -> machine.onHandled(nowNanos, task));
            workshop.publish();
        }
    }

    private void onTimer() {
        if (!ending.hasBegun()) {
            machine.onTick(now());
            turn.happened();
            timer.arm(machine.nextDeadlineNanos(now()));
        }
    }

    @Override
    public void handle(PipelineTask task) {
        workshop.bring(task);
    }

    @Override
    public List<PipelineTask> takeBack() {
        return workshop.takeBack();
    }

    @Override
    public void pause(boolean paused) {
        log.info("results wait for the sink, handlers paused={} worker={} id={}", paused, config.name(), id);
        workshop.pause(paused);
    }

    @Override
    public void resultTooLong(PipelineTask task, int bytes, int bytesMax, boolean ofSink) {
        log.warn(
                "result too long worker={} id={} task={} bytes={} messageBytesMax={} of={} (counted, not logged again"
                        + " until the sink is found anew)",
                config.name(),
                id,
                task,
                bytes,
                bytesMax,
                ofSink ? "sink" : "worker");
    }

    @Override
    public void stopped() {
        loop.execute(() -> end(true));
    }

    void drain() {
        if (!ending.hasBegun()) {
            log.info("worker draining worker={} id={}", config.name(), id);
            machine.onDrain(now());
            turn.happened();
        }
    }

    PeerId id() {
        return id;
    }

    CompletableFuture<Boolean> whenStopped() {
        return stopped;
    }

    void close() {
        end(false);
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        if (failure != null) {
            stopped.completeExceptionally(ending.of(failure));
        }
        end(false);
    }

    private void end(boolean inOrder) {
        if (!ending.begin(ending.closed())) {
            return;
        }
        machine.onClose();
        turn.flush();
        timer.cancel();
        loop.leave(this);
        ventilator.close();
        sink.close();
        stopped.complete(inOrder);
    }

    /** Ends the handlers; not on the loop's thread. */
    void endHandlers() {
        workshop.close();
    }

    PipelineWorkerStats stats() {
        return machine.stats(malformed);
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    /** What one of the two connections brings. */
    private final class Side implements DealerSocket.Handler {
        private final String name;
        private @Nullable Input input;
        private @Nullable Loss loss;

        Side(String name) {
            this.name = name;
        }

        void to(Input records, Loss losses) {
            this.input = records;
            this.loss = losses;
        }

        @Override
        public void onMessage(byte[][] frames) {
            turn.happened();
            if (reader.open(frames) && input != null) {
                long nowNanos = now();
                while (reader.next()) {
                    input.onRecord(nowNanos, reader);
                }
            }
            if (reader.problem() != null && malformed++ == 0) {
                log.warn(
                        "malformed message dropped worker={} id={} from={} problem=\"{}\" (counted, not logged again)",
                        config.name(),
                        id,
                        name,
                        reader.problem());
            }
        }

        @Override
        public void onDisconnected() {
            log.info("{} lost worker={} id={}", name, config.name(), id);
            turn.happened();
            if (loss != null) {
                loss.onLost(now());
            }
        }
    }
}
