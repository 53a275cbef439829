package io.privateer.core.transport;

import io.privateer.core.EndpointException;
import io.privateer.core.Randomness;
import java.net.UnknownHostException;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.zeromq.SocketType;
import org.zeromq.ZEvent;
import org.zeromq.ZMQ;
import org.zeromq.ZMQException;
import zmq.Msg;
import zmq.SocketBase;
import zmq.ZError;
import zmq.io.Metadata;
import zmq.util.Errno;

/**
 * What our kinds of socket share: the guards every socket gets, non-blocking frames in and out, and the counters.
 * Not thread-safe: confine to the loop's thread, except {@link #stats()}.
 */
abstract class ZmqSocket {

    /** More turns of the loop come between two bursts of this many messages of one socket. */
    static final int BURST_MESSAGES_MAX = 256;

    private static final int HANDSHAKE_MILLIS_MAX = 1_000;
    private static final int RECONNECT_MILLIS_MIN = 50;
    private static final int RECONNECT_MILLIS_MAX = 1_000;
    private static final int UNVERSIONED = 0;
    private static final int NOTICE_BYTES = 16;

    /** Stands for a message that was received and is of no use; it has been counted. */
    static final byte[][] DROPPED = {};

    final EventLoop loop;
    final SocketSettings settings;
    boolean dirty;
    boolean closed;

    /** A connection was made and has not greeted yet. Written by JeroMQ's I/O thread. */
    volatile boolean awaitsGreeting;

    final AtomicLong received = new AtomicLong();
    final AtomicLong sent = new AtomicLong();
    final AtomicLong unroutable = new AtomicLong();
    final AtomicLong parkedDrops = new AtomicLong();

    private final ZMQ.Socket socket;
    private final SocketBase base;
    private @Nullable SelectionKey key;
    private final Errno errno = new Errno();
    private final AtomicLong oversized = new AtomicLong();
    private final AtomicLong torn = new AtomicLong();
    private final AtomicLong guardedFrames = new AtomicLong();
    private final AtomicLong connections = new AtomicLong();
    private final AtomicLong greetings = new AtomicLong();
    private final AtomicLong failedHandshakes = new AtomicLong();
    private final AtomicLong disconnections = new AtomicLong();
    private final AtomicLong acceptFailures = new AtomicLong();

    /** The next frames belong to a message whose beginning was lost. */
    private boolean headless;

    ZmqSocket(EventLoop loop, SocketType type, SocketSettings settings) {
        this.loop = loop;
        this.settings = settings;
        this.socket = loop.createSocket(type);
        this.base = socket.base();
        guard();
        loop.sockets().attach(this);
    }

    private void guard() {
        int bytesMax = settings.messageBytesMax();
        socket.setMaxMsgSize(bytesMax);
        // JeroMQ 0.6.0 lets lengths with the top bit set past the check above; unguarded they end its I/O thread.
        socket.setMsgAllocator(size -> {
            if (size < 0 || size > bytesMax) {
                guardedFrames.incrementAndGet();
                return new Msg(0);
            }
            return new Msg(size);
        });
        socket.setSndHWM(settings.highWaterMark());
        socket.setRcvHWM(settings.highWaterMark());
        socket.setLinger((int) settings.linger().toMillis());
        // Its default, 30 s, is long to wait for a connection that has stalled; see also Nudge.
        socket.setHandshakeIvl(HANDSHAKE_MILLIS_MAX);
        socket.setReconnectIVL(RECONNECT_MILLIS_MIN);
        socket.setReconnectIVLMax(RECONNECT_MILLIS_MAX);
        socket.setTCPKeepAlive(1);
        socket.setEventHook(this::count, ZMQ.EVENT_ALL);
    }

    /** Runs on JeroMQ's I/O thread. */
    private void count(ZEvent event) {
        switch (event.getEvent()) {
            case ACCEPTED -> connections.incrementAndGet();
            case CONNECTED -> {
                connections.incrementAndGet();
                awaitsGreeting = true;
                loop.onConnected();
            }
            case HANDSHAKE_PROTOCOL -> {
                awaitsGreeting = false;
                countGreeting(event);
            }
            case HANDSHAKE_FAILED_PROTOCOL -> failedHandshakes.incrementAndGet();
            case DISCONNECTED -> {
                awaitsGreeting = false;
                disconnections.incrementAndGet();
                onConnectionEnded();
            }
            case ACCEPT_FAILED -> acceptFailures.incrementAndGet();
            default -> {
                // The other events say nothing that an operator could act on.
            }
        }
    }

    /** A connection has ended, in the midst of JeroMQ's work. Most kinds of socket hear of it in another way. */
    void onConnectionEnded() {}

    /** JeroMQ takes whatever does not begin with a ZMTP signature, an HTTP request for example, for ZMTP 1.0. */
    private void countGreeting(ZEvent event) {
        int revision = event.getValue();
        if (revision != UNVERSIONED) {
            greetings.incrementAndGet();
        }
    }

    /** Returns bytes that no peer can guess, by which JeroMQ shall announce the end of a connection. */
    static byte[] newNotice() {
        byte[] notice = new byte[NOTICE_BYTES];
        Randomness.system().nextBytes(notice);
        return notice;
    }

    /** Makes {@code selector} tell when there is something to drain. */
    final void watch(LoopSelector selector) {
        key = selector.watch(socket.getFD(), this);
    }

    final void option(int option, byte[] value) {
        base.setSocketOpt(option, value);
    }

    final ZMQ.Socket socket() {
        return socket;
    }

    /** Binds and returns the endpoint with the real port. */
    final String bindTo(String setting, String endpoint) {
        allowIpv6Literal(endpoint);
        try {
            if (!socket.bind(endpoint)) {
                throw new EndpointException(setting + " cannot be bound: " + endpoint, null);
            }
        } catch (ZMQException | IllegalArgumentException e) {
            throw unusable(setting + " cannot be bound: " + endpoint, e);
        }
        touch();
        return socket.getLastEndpoint();
    }

    final void connectTo(String setting, String endpoint) {
        allowIpv6Literal(endpoint);
        try {
            if (!socket.connect(endpoint)) {
                throw new EndpointException(setting + " cannot be connected: " + endpoint, null);
            }
        } catch (ZMQException | IllegalArgumentException e) {
            throw unusable(setting + " cannot be connected: " + endpoint, e);
        }
        touch();
    }

    private static EndpointException unusable(String what, RuntimeException e) {
        return new EndpointException(
                what + " (" + (e instanceof ZMQException zmq ? reason(zmq) : e.getMessage()) + ")", e);
    }

    /** JeroMQ has one code for an address that another process holds and for one that is not this machine's. */
    private static String reason(ZMQException e) {
        return e.getErrorCode() == ZError.EADDRINUSE
                ? "in use already, or no address of this machine"
                : e.getCause() instanceof UnknownHostException
                        ? "no such host"
                        : ZMQ.Error.findByCode(e.getErrorCode()).getMessage();
    }

    /** Only for literals: with names it would make JeroMQ prefer addresses that the other side may not listen on. */
    private void allowIpv6Literal(String endpoint) {
        socket.setIPv6(endpoint.contains("["));
    }

    /**
     * Handles up to {@link #BURST_MESSAGES_MAX} messages and returns how many. Fewer means that the socket is empty and
     * its descriptor will tell when it no longer is.
     */
    abstract int drain();

    /** Notes that commands may have been taken off the descriptor, so that it must be drained before the next wait. */
    final void touch() {
        loop.sockets().markDirty(this);
    }

    /** Returns the next message, {@link #DROPPED} in place of one that is of no use, {@code null} when there is none. */
    final byte @Nullable [][] receive() {
        Msg frame = receiveFrame();
        if (frame == null) {
            return null;
        }
        if (headless) {
            headless = frame.hasMore();
            return DROPPED;
        }
        if (!frame.hasMore()) {
            return new byte[][] {frame.data()};
        }
        return receiveRest(frame.data());
    }

    /*
     * When a peer takes over the identity of another, JeroMQ ends the other's connection at once, also in the middle of
     * a message that is being read, and then goes on with the frames of whoever is next. Those have lost their identity
     * frame: the message they belong to is skipped to its end, or else every later one would be misread.
     */
    private byte @Nullable [][] receiveRest(byte[] first) {
        List<byte[]> frames = new ArrayList<>(4);
        frames.add(first);
        Metadata connection = null;
        boolean more = true;
        int count = 1;
        while (more) {
            Msg frame = receiveFrame();
            if (frame == null) {
                torn.incrementAndGet();
                headless = true;
                return null;
            }
            if (count == 1) {
                connection = frame.getMetadata();
            } else if (!isSame(connection, frame.getMetadata())) {
                torn.incrementAndGet();
                headless = frame.hasMore();
                return DROPPED;
            }
            more = frame.hasMore();
            count++;
            if (count > settings.framesMax()) {
                // The rest is skipped like that of a torn message, in bursts: for each frame JeroMQ may write to a pipe
                // that this very thread reads between its turns, and that takes 65,536 bytes.
                oversized.incrementAndGet();
                headless = more;
                return DROPPED;
            }
            frames.add(frame.data());
        }
        return frames.toArray(byte[][]::new);
    }

    /** Each connection has an object of its own, equal though it may be to that of another; ZMTP below 3.0 has none. */
    @SuppressWarnings("ReferenceEquality")
    private static boolean isSame(@Nullable Metadata connection, @Nullable Metadata other) {
        return connection == other;
    }

    private @Nullable Msg receiveFrame() {
        while (true) {
            Msg frame = base.recv(ZMQ.DONTWAIT);
            if (frame != null || errno.get() == ZError.EAGAIN) {
                return frame;
            }
            retryOrFail();
        }
    }

    /** Returns whether JeroMQ took the frame; {@code false} leaves the reason in {@link #lastError()}. */
    final boolean sendFrame(byte[] frame, boolean more) {
        int flags = more ? ZMQ.DONTWAIT | ZMQ.SNDMORE : ZMQ.DONTWAIT;
        while (!base.send(new Msg(frame), flags)) {
            int error = errno.get();
            if (error == ZError.EAGAIN || error == ZError.EHOSTUNREACH) {
                return false;
            }
            retryOrFail();
        }
        return true;
    }

    final int lastError() {
        return errno.get();
    }

    /** An interrupt only makes JeroMQ look up: take it away and try again. Everything else ends the loop. */
    private void retryOrFail() {
        int error = errno.get();
        if (error != ZError.EINTR) {
            throw new ZMQException(error);
        }
        EventLoop.clearInterrupt();
    }

    /** Sends {@code frames} behind what was sent already; false if the connection ended in between. */
    final boolean sendRest(byte[][] frames, int from) {
        for (int i = from; i < frames.length; i++) {
            if (!sendFrame(frames[i], i < frames.length - 1)) {
                torn.incrementAndGet();
                return false;
            }
        }
        sent.incrementAndGet();
        return true;
    }

    /** Closes the socket; what was sent lingers as long as the settings say. Closing twice is harmless. */
    public void close() {
        if (!closed) {
            closed = true;
            loop.sockets().detach(this, Objects.requireNonNull(key));
            socket.close();
        }
    }

    /** Closes the socket and forgets what was not sent yet, whatever the settings say. */
    public void abandon() {
        if (!closed) {
            socket.setLinger(0);
            close();
        }
    }

    /** Returns what the socket has counted so far. Thread-safe. */
    public SocketStats stats() {
        return new SocketStats(
                received.get(),
                sent.get(),
                unroutable.get(),
                parkedDrops.get(),
                oversized.get(),
                torn.get(),
                guardedFrames.get(),
                connections.get(),
                greetings.get(),
                failedHandshakes.get(),
                disconnections.get(),
                acceptFailures.get());
    }
}
