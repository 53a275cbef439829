package io.privateer.pirate;

import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.Headers;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** A server that speaks the client's side of PRV/1, answers with what it was sent, and misbehaves when told to. */
final class PrvEchoServer implements AutoCloseable, RouterSocket.Handler {

    private static final AtomicLong LIVES = new AtomicLong();

    private final EventLoop loop = EventLoop.open("echo");
    private final PeerId incarnation = PeerId.random(new SplittableRandom(LIVES.incrementAndGet()));
    private final SocketSettings settings;
    private final Map<Identity, Outbox> clients = new HashMap<>();
    private final List<Runnable> held = new ArrayList<>();
    private final RouterSocket socket;

    /** What arrived, in words: {@code HELLO}, {@code REQUEST 1.1 text}, {@code CANCEL 1}, {@code GOODBYE}. */
    final List<String> seen = new CopyOnWriteArrayList<>();

    final Map<String, String> lastHeaders = new HashMap<>();
    volatile boolean recording = true;
    volatile boolean welcoming = true;
    volatile boolean answering = true;
    volatile boolean beating = true;
    volatile int heartbeatMillis = 1_000;
    volatile int limit = 1 << 20;
    volatile Status status = Status.OK;
    volatile int retryAfterMillis;
    volatile long lastTtlMicros;
    volatile String lastService = "";

    PrvEchoServer(String endpoint, SocketSettings settings) {
        this.settings = settings;
        this.socket = loop.call(() -> loop.bindRouter("echo", endpoint, this.settings, this));
    }

    static PrvEchoServer start() {
        return start("tcp://127.0.0.1:*");
    }

    static PrvEchoServer start(String endpoint) {
        return new PrvEchoServer(endpoint, SocketSettings.defaults());
    }

    String endpoint() {
        return socket.endpoint();
    }

    @Override
    public void onMessage(Identity peer, byte[][] frames) {
        RecordReader reader = new RecordReader();
        if (!reader.open(frames)) {
            seen.add("MALFORMED " + reader.problem());
            return;
        }
        Outbox outbox = clients.computeIfAbsent(peer, absent -> new Outbox(reply -> socket.send(peer, reply)));
        while (reader.next()) {
            switch (reader.type()) {
                case Prv.HELLO -> {
                    seen.add("HELLO");
                    outbox.limit(reader.messageBytesMax());
                    if (welcoming) {
                        outbox.welcome(incarnation, heartbeatMillis, limit, 10_000, false);
                    }
                }
                case Prv.REQUEST -> onRequest(outbox, reader);
                case Prv.CANCEL -> seen.add("CANCEL " + reader.id());
                case Prv.ACKNOWLEDGE -> record("ACKNOWLEDGE " + reader.id());
                case Prv.HEARTBEAT -> {
                    seen.add("HEARTBEAT");
                    if (beating) {
                        outbox.heartbeat();
                    }
                }
                case Prv.GOODBYE -> seen.add("GOODBYE");
                default -> seen.add("type " + reader.type());
            }
        }
        if (reader.problem() != null) {
            seen.add("MALFORMED " + reader.problem());
        }
        outbox.flush();
    }

    private void onRequest(Outbox outbox, RecordReader reader) {
        long id = reader.id();
        byte[][] body = reader.body();
        if (recording) {
            record("REQUEST " + id + "." + reader.attempt() + " "
                    + (body[0].length > 99 ? body[0].length + " bytes" : new String(body[0], StandardCharsets.UTF_8)));
            lastService = reader.service();
            lastTtlMicros = reader.ttlMicros();
            lastHeaders.putAll(Headers.decode(reader.headers()));
        }
        Runnable answer = () -> outbox.reply(id, status, 1, retryAfterMillis, body);
        if (answering) {
            answer.run();
        } else {
            held.add(() -> {
                answer.run();
                outbox.flush();
            });
        }
    }

    private void record(String what) {
        if (recording) {
            seen.add(what);
        }
    }

    @Override
    public void onPeerGone(Identity peer) {
        clients.remove(peer);
    }

    /** Answers what was held back, and everything from here on. */
    void answerHeld() {
        loop.call(() -> {
            answering = true;
            held.forEach(Runnable::run);
            held.clear();
            return true;
        });
    }

    void goodbye(Status why) {
        toAll(outbox -> outbox.goodbye(why));
    }

    void toAll(java.util.function.Consumer<Outbox> records) {
        loop.call(() -> {
            clients.values().forEach(outbox -> {
                records.accept(outbox);
                outbox.flush();
            });
            return true;
        });
    }

    void raw(byte[]... frames) {
        loop.call(() -> {
            clients.keySet().forEach(peer -> socket.send(peer, frames));
            return true;
        });
    }

    /** Reads and says nothing until {@code end}. */
    void standStill(CountDownLatch end) {
        loop.execute(() -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    long count(String prefix) {
        return seen.stream().filter(what -> what.startsWith(prefix)).count();
    }

    @Override
    public void close() {
        loop.close();
    }
}
