package io.privateer.pubsub;

import io.privateer.core.ClosedException;
import io.privateer.core.InterruptedRequestException;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketStats;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one publisher. Not thread-safe: confine to the loop's thread, except {@link #publish}. */
final class PublisherShell implements PublisherPort<Identity>, Outlet.Handler, RouterSocket.Handler, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(SyncedPublisher.class);

    private final SyncedPublisherConfig config;
    private final LoopHandle handle;
    private final EventLoop loop;
    private final Outgoing outgoing;
    private final PublisherMachine<Identity> machine;
    private final Outlet outlet;
    private final Sender sender;
    private final RouterSocket router;
    private final LoopTimer machineTimer;
    private final LoopTimer patienceTimer;
    private final ListenerGuard<PublisherListener> listener;
    private final AtomicBoolean flushScheduled = new AtomicBoolean();
    private final CompletableFuture<Boolean> finished = new CompletableFuture<>();

    /** Who waits for subscribers, and must be told if the end comes first. */
    private final List<CompletableFuture<StartOutcome>> awaited = new ArrayList<>();

    private long malformed;
    private boolean turnEnds;
    private boolean draining;
    private boolean ended;
    private long drainDeadlineNanos;

    PublisherShell(SyncedPublisherConfig config, LoopHandle handle, long incarnation) {
        this.config = config;
        this.handle = handle;
        this.loop = handle.loop();
        this.outgoing = new Outgoing(
                config.name(),
                incarnation,
                config.topicsMax(),
                config.payloadBytesMax(),
                config.pendingBytesMax(),
                config.messagesPerFrameMax());
        this.listener = new ListenerGuard<>(loop, log, config.name(), config.listener());
        long now = loop.clock().nanoTime();
        this.machine = new PublisherMachine<>(config.machineSettings(), incarnation, this, now);
        this.machineTimer = loop.timer(this::tick);
        this.patienceTimer = loop.timer(this::flush);
        this.outlet = new Outlet(
                loop, config.name(), "data", config.data(), config.dataSettings(), config.subscriptionsMax(), this);
        this.sender = new Sender(loop.clock(), outgoing, outlet, config.patienceNanos(), machine::onSent);
        try {
            this.router = loop.bindRouter("sync", config.sync(), SyncedPublisherConfig.syncSettings(), this);
        } catch (RuntimeException e) {
            outlet.close();
            throw e;
        }
        loop.join(this);
        armMachine();
    }

    String dataEndpoint() {
        return outlet.endpoint();
    }

    String syncEndpoint() {
        return router.endpoint();
    }

    CompletableFuture<Boolean> finished() {
        return finished;
    }

    /** Takes a message from any thread, and waits while there is no room. */
    long publish(String topic, byte[] payload) {
        long number = outgoing.add(topic, payload);
        while (number == Outgoing.NO_ROOM) {
            if (loop.isLoopThread()) {
                sender.sendAll(); // Nobody else would make room.
            } else {
                wakeLoop();
                awaitRoom();
            }
            number = outgoing.add(topic, payload);
        }
        wakeLoop();
        return number;
    }

    private void awaitRoom() {
        try {
            outgoing.awaitRoom();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedRequestException("interrupted while there was no room to publish", List.of());
        }
    }

    private void wakeLoop() {
        if (!flushScheduled.get() && flushScheduled.compareAndSet(false, true)) {
            handle.post(this::flush);
        }
    }

    /** Sends what is there, as far as subscribers have room, and comes back for the rest. */
    private void flush() {
        flushScheduled.set(false);
        if (ended) {
            return;
        }
        switch (sender.send()) {
            case ALL -> closeIfDrained();
            case MORE -> wakeLoopLater();
            case NO_ROOM -> patienceTimer.arm(sender.nextTryNanos());
        }
    }

    private void wakeLoopLater() {
        if (flushScheduled.compareAndSet(false, true)) {
            loop.execute(this::flush);
        }
    }

    @Override
    public void announce(DataFrame.Positions list) {
        sender.announce(list);
    }

    @Override
    public void onWritable() {
        if (sender.isEager()) {
            flush();
        }
    }

    @Override
    public void onSubscribed(byte[] prefix) {
        machine.onSubscribed(new String(prefix, StandardCharsets.UTF_8));
        endTurn();
    }

    @Override
    public void onUnsubscribed(byte[] prefix) {
        // Nobody waits for what nobody wants.
    }

    @Override
    public void onFlooded(int subscriptions) {
        listener.tell(it -> it.onFlooded(subscriptions));
    }

    @Override
    public void onMessage(Identity peer, byte[][] message) {
        Control.OfSubscriber said = message.length == 1 ? Control.decodeOfSubscriber(message[0]) : null;
        if (said == null) {
            malformed++;
            if (malformed == 1) {
                log.warn(
                        "control message dropped publisher={} peer={} (counted, not logged again)",
                        config.name(),
                        peer);
            }
            return;
        }
        machine.onSaid(peer, said, loop.clock().nanoTime());
        endTurn();
    }

    @Override
    public void onPeerGone(Identity peer) {
        machine.onPeerGone(peer);
        endTurn();
    }

    private void endTurn() {
        if (!turnEnds) {
            turnEnds = true;
            loop.atEndOfTurn(() -> {
                turnEnds = false;
                if (!ended) {
                    machine.onEndOfTurn();
                    armMachine();
                }
            });
        }
    }

    private void tick() {
        if (!ended) {
            machine.onTick(loop.clock().nanoTime());
            armMachine();
        }
    }

    private void armMachine() {
        if (!ended) {
            machineTimer.arm(machine.nextDeadlineNanos());
        }
    }

    @Override
    public boolean say(Identity peer, Control.OfPublisher message) {
        // Who cannot be reached asks again on its next connection.
        return router.send(peer, Control.encode(message)) != RouterSocket.SendResult.DROPPED;
    }

    @Override
    public void confirmed(String name) {
        log.info("subscriber confirmed publisher={} subscriber={}", config.name(), name);
        listener.tell(it -> it.onConfirmed(name));
    }

    @Override
    public void left(String name, PublisherListener.LeaveCause cause) {
        log.info("subscriber left publisher={} subscriber={} cause={}", config.name(), name, cause);
        listener.tell(it -> it.onLeft(name, cause));
    }

    @Override
    public void refused(String name, Control.Refusal refusal) {
        log.warn("subscriber refused publisher={} subscriber={} cause={}", config.name(), name, refusal);
        listener.tell(it -> it.onRefused(name, refusal.toString()));
    }

    CompletableFuture<StartOutcome> await(long timeoutNanos) {
        CompletableFuture<StartOutcome> outcome = new CompletableFuture<>();
        if (ended) {
            outcome.completeExceptionally(closed());
        } else {
            awaited.removeIf(CompletableFuture::isDone);
            awaited.add(outcome);
            machine.await(loop.clock().nanoTime() + timeoutNanos, outcome::complete);
            armMachine();
        }
        return outcome;
    }

    private ClosedException closed() {
        return new ClosedException("publisher " + config.name() + " is closed", List.of());
    }

    /** Sends everything that was published, and then its end. */
    void drain(long timeoutNanos) {
        outgoing.close();
        if (!draining && !ended) {
            draining = true;
            drainDeadlineNanos = loop.clock().nanoTime() + timeoutNanos;
            flush();
        }
    }

    private void closeIfDrained() {
        if (draining && !ended) {
            machine.close(loop.clock().nanoTime(), drainDeadlineNanos);
            armMachine();
        }
    }

    @Override
    public void finished(boolean complete) {
        loop.execute(() -> end(complete)); // The machine is in the midst of something.
    }

    void end(boolean complete) {
        if (ended) {
            return;
        }
        ended = true;
        outgoing.close();
        loop.leave(this);
        machineTimer.cancel();
        patienceTimer.cancel();
        outlet.close();
        router.close();
        awaited.forEach(outcome -> outcome.completeExceptionally(closed()));
        awaited.clear();
        finished.complete(complete);
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        if (failure != null) {
            listener.tell(it -> it.onFailed(failure));
        }
        end(false);
    }

    PublisherStats stats() {
        History history = machine.history();
        SocketStats data = outlet.stats();
        return new PublisherStats(
                sender.messages(),
                sender.bytes(),
                sender.frames(),
                sender.forcedFrames(),
                history.topics(),
                machine.subscriberCount(),
                machine.confirmedCount(),
                machine.refusals(),
                outlet.subscriptions(),
                outlet.floods(),
                data.violations(),
                data.disconnections(),
                malformed,
                history.messages(),
                history.bytes(),
                history.lastValues(),
                history.lastValuesDropped(),
                machine.replayRequests(),
                machine.replayedMessages(),
                machine.replaysCutShort(),
                listener.failures());
    }
}
