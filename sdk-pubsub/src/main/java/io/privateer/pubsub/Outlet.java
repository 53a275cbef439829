package io.privateer.pubsub;

import io.privateer.core.EndpointException;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.transport.SocketStats;
import io.privateer.core.transport.XPubSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An XPUB whose peers may be hostile: it counts what is subscribed to, and starts afresh where that is more than is allowed. A
 * subscription lasts as long as its connection, and the socket cannot say whose it is, so all connections are ended; honest
 * subscribers come back within a second. Not thread-safe: confine to the loop's thread.
 */
final class Outlet implements XPubSocket.Handler {

    private static final Logger log = LoggerFactory.getLogger(Outlet.class);
    private static final long REOPEN_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final EventLoop loop;
    private final String name;
    private final String setting;
    private final SocketSettings settings;
    private final int subscriptionsMax;
    private final Handler handler;
    private final LoopTimer reopening;
    private final Map<ByteBuffer, byte[]> prefixes = new HashMap<>();
    private final String endpoint;
    private XPubSocket socket;
    private boolean closed;
    private long floods;
    private long subscribed;
    private SocketStats former = SocketStats.NONE;

    /** Hears what happens on an {@link Outlet}. */
    interface Handler {

        /** Somebody wants what begins with {@code prefix}; told each time. */
        void onSubscribed(byte[] prefix);

        /** Nobody wants it any more. */
        void onUnsubscribed(byte[] prefix);

        /** There may be room for what was not taken. */
        void onWritable();

        /** There were too many subscriptions, and all connections were ended. */
        void onFlooded(int subscriptions);
    }

    Outlet(
            EventLoop loop,
            String name,
            String setting,
            String endpoint,
            SocketSettings settings,
            int subscriptionsMax,
            Handler handler) {
        this.loop = loop;
        this.name = name;
        this.setting = setting;
        this.settings = settings;
        this.subscriptionsMax = subscriptionsMax;
        this.handler = handler;
        this.reopening = loop.timer(this::reopen);
        this.socket = XPubSocket.bind(loop, setting, endpoint, settings, this);
        this.endpoint = socket.endpoint();
    }

    String endpoint() {
        return endpoint;
    }

    boolean trySend(byte[]... frames) {
        return socket.trySend(frames);
    }

    void send(byte[]... frames) {
        socket.send(frames);
    }

    int subscriptions() {
        return prefixes.size();
    }

    /** Returns how many subscriptions were ever asked for. */
    long subscribed() {
        return subscribed;
    }

    /** Returns how often there were too many. */
    long floods() {
        return floods;
    }

    /** Returns how many connections were ended or lost, and how many peers broke the rules. */
    SocketStats stats() {
        SocketStats present = socket.stats();
        return new SocketStats(
                former.received() + present.received(),
                former.sent() + present.sent(),
                0,
                0,
                former.oversized() + present.oversized(),
                former.torn() + present.torn(),
                former.guardedFrames() + present.guardedFrames(),
                former.connections() + present.connections(),
                former.greetings() + present.greetings(),
                former.failedHandshakes() + present.failedHandshakes(),
                former.disconnections() + present.disconnections(),
                former.acceptFailures() + present.acceptFailures());
    }

    @Override
    public void onSubscribed(byte[] prefix) {
        subscribed++;
        if (prefixes.put(ByteBuffer.wrap(prefix), prefix) == null && prefixes.size() > subscriptionsMax) {
            startAfresh();
        } else {
            handler.onSubscribed(prefix);
        }
    }

    @Override
    public void onUnsubscribed(byte[] prefix) {
        if (prefixes.remove(ByteBuffer.wrap(prefix)) != null) {
            handler.onUnsubscribed(prefix);
        }
    }

    @Override
    public void onWritable() {
        handler.onWritable();
    }

    private void startAfresh() {
        floods++;
        int count = prefixes.size();
        log.warn("subscriptions flooded name={} count={} max={}", name, count, subscriptionsMax);
        former = stats();
        socket.abandon();
        List<byte[]> gone = new ArrayList<>(prefixes.values());
        prefixes.clear();
        gone.forEach(handler::onUnsubscribed);
        handler.onFlooded(count);
        reopening.arm(loop.clock().nanoTime() + REOPEN_NANOS);
    }

    private void reopen() {
        if (closed) {
            return;
        }
        try {
            XPubSocket next = XPubSocket.bind(loop, setting, endpoint, settings, this);
            socket = next;
            log.info("subscriptions taken again name={} endpoint={}", name, endpoint);
            handler.onWritable();
        } catch (EndpointException e) {
            log.debug("endpoint still taken name={} endpoint={}", name, endpoint, e);
            reopening.arm(loop.clock().nanoTime() + REOPEN_NANOS);
        }
    }

    /** Closes the socket; what was sent lingers as the settings say. */
    void close() {
        closed = true;
        reopening.cancel();
        socket.close();
    }
}
