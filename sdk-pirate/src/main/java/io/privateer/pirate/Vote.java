package io.privateer.pirate;

import io.privateer.core.EndpointException;
import io.privateer.core.Randomness;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a queue that stands by that it is wanted, as a client's HELLO does, and hears no answer. */
final class Vote implements DealerSocket.Handler {

    private static final Logger log = LoggerFactory.getLogger(PirateQueue.class);

    /** So long it may take to arrive; another one follows while it is needed. */
    private static final Duration LINGER = Duration.ofSeconds(1);

    private Vote() {}

    /** Sends it, under an id of its own: that of {@code queue} may have a connection there, whose place it would take. */
    static void cast(EventLoop loop, String queue, String endpoint, SocketSettings settings) {
        try {
            DealerSocket socket = loop.connectDealer(
                    endpoint, null, settings.withHighWaterMark(1).withLinger(LINGER), new Vote());
            Outbox outbox = new Outbox(socket::send);
            outbox.hello(PeerId.random(Randomness.system()), settings.messageBytesMax(), true);
            outbox.flush();
            socket.close();
            log.debug("voted queue={} endpoint={}", queue, endpoint);
        } catch (EndpointException e) {
            log.debug("cannot vote queue={} endpoint={}", queue, endpoint, e);
        }
    }

    @Override
    public void onMessage(byte[][] frames) {
        // Whether it takes requests from here on, its broker says.
    }

    @Override
    public void onDisconnected() {
        // Nothing more is to be said there.
    }
}
