package io.privateer.pubsub;

import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketStats;
import io.privateer.core.transport.XSubSocket;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one forwarder. Not thread-safe: confine to the loop's thread. */
final class ForwarderShell
        implements ForwarderPort, Outlet.Handler, XSubSocket.Handler, RouterSocket.Handler, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(Forwarder.class);

    private final ForwarderConfig config;
    private final EventLoop loop;
    private final ForwarderMachine machine;
    private final Outlet outlet;
    private final XSubSocket inlet;
    private final @Nullable RouterSocket control;
    private final ListenerGuard<ForwarderListener> listener;
    private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
    private boolean ended;

    ForwarderShell(ForwarderConfig config, EventLoop loop) {
        this.config = config;
        this.loop = loop;
        this.machine = new ForwarderMachine(this);
        this.listener = new ListenerGuard<>(loop, log, config.name(), config.listener());
        this.outlet = new Outlet(
                loop,
                config.name(),
                "backend",
                config.backend(),
                config.socketSettings(),
                config.subscriptionsMax(),
                this);
        try {
            this.inlet = XSubSocket.open(loop, config.frontend(), config.upstreams(), config.socketSettings(), this);
        } catch (RuntimeException e) {
            outlet.close();
            throw e;
        }
        try {
            String endpoint = config.control();
            this.control =
                    endpoint == null ? null : loop.bindRouter("control", endpoint, config.socketSettings(), this);
        } catch (RuntimeException e) {
            outlet.close();
            inlet.close();
            throw e;
        }
        loop.join(this);
    }

    String frontendEndpoint() {
        return inlet.endpoint();
    }

    String backendEndpoint() {
        return outlet.endpoint();
    }

    String controlEndpoint() {
        return control == null ? "" : control.endpoint();
    }

    ForwarderMachine machine() {
        return machine;
    }

    CompletableFuture<Boolean> stopped() {
        return stopped;
    }

    @Override
    public void onMessage(byte[][] frames) {
        boolean hasRoom = outlet.trySend(frames);
        if (!hasRoom) {
            outlet.send(frames);
        }
        machine.onMessage(frames, hasRoom);
    }

    @Override
    public void onSubscribed(byte[] prefix) {
        machine.onSubscribed(prefix);
    }

    @Override
    public void onUnsubscribed(byte[] prefix) {
        machine.onUnsubscribed(prefix);
    }

    @Override
    public void onWritable() {
        // Nothing waits for room: what had none is lost, and counted.
    }

    @Override
    public void onFlooded(int subscriptions) {
        listener.tell(it -> it.onFlooded(subscriptions));
    }

    @Override
    public void subscribe(byte[] prefix) {
        inlet.subscribe(prefix);
    }

    @Override
    public void unsubscribe(byte[] prefix) {
        inlet.unsubscribe(prefix);
    }

    /** The command is the last frame; what is before it, a REQ's empty frame for example, is said again before the answer. */
    @Override
    public void onMessage(Identity peer, byte[][] frames) {
        if (ended || control == null) {
            return;
        }
        byte[][] envelope = Arrays.copyOf(frames, frames.length - 1);
        byte[][] answer = machine.onCommand(frames[frames.length - 1]);
        byte[][] message = Arrays.copyOf(envelope, envelope.length + answer.length);
        System.arraycopy(answer, 0, message, envelope.length, answer.length);
        control.send(peer, message);
    }

    @Override
    public void onPeerGone(Identity peer) {
        // Commands leave nothing behind.
    }

    @Override
    public void stateChanged(Forwarder.State state) {
        log.info("forwarder state changed forwarder={} state={}", config.name(), state);
        listener.tell(it -> it.onStateChanged(state));
        switch (state) {
            case RUNNING -> inlet.resume();
            case PAUSED -> inlet.pause();
            case STOPPED -> loop.execute(this::end); // Behind the answer to the command.
        }
    }

    void end() {
        if (ended) {
            return;
        }
        ended = true;
        machine.stop();
        loop.leave(this);
        inlet.close();
        outlet.close();
        if (control != null) {
            control.close();
        }
        stopped.complete(true);
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        if (failure != null) {
            listener.tell(it -> it.onFailed(failure));
            stopped.completeExceptionally(failure);
        }
        end();
    }

    ForwarderStats stats() {
        SocketStats backend = outlet.stats();
        SocketStats frontend = inlet.stats();
        return new ForwarderStats(
                machine.state(),
                machine.messages(),
                machine.bytes(),
                machine.drops(),
                outlet.subscriptions(),
                outlet.subscribed(),
                outlet.floods(),
                frontend.oversized(),
                backend.violations() + frontend.violations(),
                backend.disconnections(),
                machine.commands(),
                machine.unknownCommands(),
                listener.failures());
    }
}
