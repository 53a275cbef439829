package io.privateer.pipeline;

import io.privateer.core.EndpointException;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The DEALER sockets under one {@link ServerLink}, one after the other: each lives as long as its connection. Not thread-safe:
 * confine to the loop's thread.
 */
final class DealerLink implements ServerLink.Port {

    private static final Logger log = LoggerFactory.getLogger(DealerLink.class);

    private final EventLoop loop;
    private final String name;
    private final String endpoint;
    private final SocketSettings settings;
    private final Turn turn;
    private final Consumer<PlnWriter> hello;
    private final DealerSocket.Handler handler;
    private @Nullable DealerSocket socket;
    private int life;
    private boolean lossTold;

    /** @param handler hears what the present connection brings, and when it is lost */
    DealerLink(
            EventLoop loop,
            String name,
            String endpoint,
            SocketSettings settings,
            Turn turn,
            Consumer<PlnWriter> hello,
            DealerSocket.Handler handler) {
        this.loop = loop;
        this.name = name;
        this.endpoint = endpoint;
        this.settings = settings;
        this.turn = turn;
        this.hello = hello;
        this.handler = handler;
    }

    @Override
    public PlnWriter open() {
        abandon();
        int ownLife = ++life;
        try {
            socket = loop.connectDealer(endpoint, null, settings, new Connection(ownLife));
        } catch (EndpointException e) {
            if (ownLife == 1) {
                throw e;
            }
            // A name that resolved before may do so again: this link stays silent, and is opened anew for that.
            log.debug("cannot be connected of={} endpoint={}", name, endpoint, e);
        }
        return turn.writer(frame -> transmit(ownLife, frame));
    }

    @Override
    public void hello(PlnWriter writer) {
        hello.accept(writer);
    }

    private void transmit(int ownLife, byte[] frame) {
        if (life == ownLife && socket != null && !socket.send(frame) && !lossTold) {
            lossTold = true; // Not here and now: the machine is in the middle of something.
            loop.execute(() -> lost(ownLife));
        }
    }

    private void lost(int ownLife) {
        if (life == ownLife) {
            handler.onDisconnected();
        }
    }

    /** Gives the connection up, with what was not sent. */
    private void abandon() {
        lossTold = false;
        if (socket != null) {
            socket.abandon();
            socket = null;
        }
    }

    /** Closes the connection; what was sent lingers. */
    void close() {
        life++;
        if (socket != null) {
            socket.close();
            socket = null;
        }
    }

    private final class Connection implements DealerSocket.Handler {
        private final int ownLife;

        Connection(int ownLife) {
            this.ownLife = ownLife;
        }

        @Override
        public void onMessage(byte[][] frames) {
            if (life == ownLife) {
                handler.onMessage(frames);
            }
        }

        @Override
        public void onDisconnected() {
            lost(ownLife);
        }
    }
}
