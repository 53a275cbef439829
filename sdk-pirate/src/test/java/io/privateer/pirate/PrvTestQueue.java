package io.privateer.pirate;

import static org.awaitility.Awaitility.await;

import io.privateer.core.EndpointException;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The backend of a PRV/1 queue that does what a test tells it, for one worker at a time: it answers READY with WELCOME, and
 * notes in words what the worker says. Thread-safe.
 */
final class PrvTestQueue implements RouterSocket.Handler, AutoCloseable {

    static final int HEARTBEAT_MILLIS = 100;
    static final int MESSAGE_BYTES_MAX = 100_000;

    private final EventLoop loop = EventLoop.open("test-queue");
    private final RecordReader reader = new RecordReader();
    private final List<String> said = new CopyOnWriteArrayList<>();
    private final AtomicInteger beats = new AtomicInteger();
    private final Outbox outbox = new Outbox(this::transmit);
    private volatile PeerId incarnation = new PeerId(0, 1);
    private volatile boolean mute;
    private @Nullable RouterSocket socket;
    private @Nullable Identity worker;
    private String endpoint = "tcp://127.0.0.1:*";

    PrvTestQueue() {
        bind();
    }

    String endpoint() {
        return endpoint;
    }

    /** Returns what the worker said so far, but for its heartbeats. */
    List<String> said() {
        return List.copyOf(said);
    }

    /** Forgets it. */
    void forget() {
        said.clear();
    }

    int beats() {
        return beats.get();
    }

    /** Says nothing by itself any more, neither WELCOME nor heartbeats. */
    void fallSilent(boolean value) {
        mute = value;
    }

    /** Closes the socket, which cuts the connection of the worker. */
    void unbind() {
        loop.call(() -> {
            Objects.requireNonNull(socket).close();
            socket = null;
            worker = null;
            return true;
        });
    }

    /** Binds, to the same endpoint as before once JeroMQ has let go of that. */
    void bind() {
        await().ignoreExceptionsInstanceOf(EndpointException.class)
                .until(() -> loop.call(() -> {
                    socket = loop.bindRouter(
                            "endpoint",
                            endpoint,
                            SocketSettings.defaults().withMessageBytesMax(MESSAGE_BYTES_MAX),
                            this);
                    endpoint = socket.endpoint();
                    return true;
                }));
    }

    /** From now on this is another life of the queue. */
    void becomeAnother() {
        incarnation = new PeerId(0, incarnation.low() + 1);
    }

    void request(long id, String body) {
        request(id, Prv.NO_TTL, new byte[0], body);
    }

    void request(long id, long ttlMicros, byte[] headers, String body) {
        say(out -> out.request(
                id, 1, 0, ttlMicros, new byte[0], headers, new byte[][] {body.getBytes(StandardCharsets.UTF_8)}));
    }

    /** Says several things in one message. */
    void say(Consumer<Outbox> words) {
        loop.call(() -> {
            words.accept(outbox);
            outbox.flush();
            return true;
        });
    }

    void sayRaw(byte[]... frames) {
        loop.call(() -> {
            transmit(frames);
            return true;
        });
    }

    private void transmit(byte[][] frames) {
        if (socket != null && worker != null) {
            socket.send(worker, frames);
        }
    }

    @Override
    public void onMessage(Identity peer, byte[][] frames) {
        worker = peer;
        reader.open(frames);
        while (reader.next()) {
            onRecord();
        }
        if (reader.problem() != null) {
            said.add("malformed " + reader.problem());
        }
        outbox.flush();
    }

    private void onRecord() {
        switch (reader.type()) {
            case Prv.READY -> {
                said.add("ready " + reader.credit() + " " + held() + service());
                if (!mute) {
                    outbox.welcome(incarnation, HEARTBEAT_MILLIS, MESSAGE_BYTES_MAX, 1_000, false);
                }
            }
            case Prv.HEARTBEAT -> {
                beats.incrementAndGet();
                if (!mute) {
                    outbox.heartbeat();
                }
            }
            case Prv.REPLY -> said.add("reply " + reader.id() + " " + reader.status() + textOfReply());
            case Prv.PROGRESS -> said.add("progress " + reader.id());
            case Prv.DRAIN -> said.add("drain");
            case Prv.GOODBYE -> said.add("goodbye " + reader.status());
            default -> said.add("type " + reader.type());
        }
    }

    private List<Long> held() {
        List<Long> ids = new ArrayList<>();
        for (int i = 0; i < reader.heldCount(); i++) {
            ids.add(reader.heldId(i));
        }
        return ids;
    }

    private String service() {
        return reader.service().isEmpty() ? "" : " " + reader.service();
    }

    private String textOfReply() {
        byte[][] body = reader.body();
        if (reader.bodyBytes() == 0) {
            return "";
        }
        return " "
                + (reader.bodyBytes() > 1_000
                        ? Arrays.stream(body).map(part -> part.length).toList()
                        : new String(body[0], StandardCharsets.UTF_8));
    }

    @Override
    public void onPeerGone(Identity peer) {
        // The test knows.
    }

    @Override
    public void close() {
        loop.close();
    }
}
