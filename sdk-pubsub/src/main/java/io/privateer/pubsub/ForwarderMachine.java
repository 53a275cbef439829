package io.privateer.pubsub;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;

/**
 * Decides what a forwarder passes on: which subscriptions go upstream, and what a command does. Performs no I/O. Not thread-safe:
 * confine to the loop's thread.
 */
final class ForwarderMachine {

    private static final byte[][] ERROR = {"ERROR".getBytes(StandardCharsets.US_ASCII)};

    private final ForwarderPort port;

    /** What was asked for upstream. */
    private final Set<ByteBuffer> upstream = new HashSet<>();

    private Forwarder.State state = Forwarder.State.RUNNING;
    private long messages;
    private long bytes;
    private long drops;
    private long commands;
    private long unknownCommands;

    ForwarderMachine(ForwarderPort port) {
        this.port = port;
    }

    /** Somebody has subscribed: upstream that is told once. */
    void onSubscribed(byte[] prefix) {
        if (upstream.add(ByteBuffer.wrap(prefix))) {
            port.subscribe(prefix);
        }
    }

    /** The last subscriber to {@code prefix} is gone. */
    void onUnsubscribed(byte[] prefix) {
        if (upstream.remove(ByteBuffer.wrap(prefix))) {
            port.unsubscribe(prefix);
        }
    }

    /** Takes a message from upstream; false if there was no room for it at one subscriber at least, and it is lost there. */
    void onMessage(byte[][] frames, boolean hadRoom) {
        messages++;
        for (byte[] frame : frames) {
            bytes += frame.length;
        }
        if (!hadRoom) {
            drops++;
        }
    }

    /**
     * Does what {@code command} says, as {@code zmq_proxy_steerable} would.
     *
     * @return the answer: for STATISTICS eight frames of eight bytes, otherwise one frame, the state or ERROR
     */
    byte[][] onCommand(byte[] command) {
        commands++;
        switch (new String(command, StandardCharsets.ISO_8859_1)) {
            case "PAUSE" -> pause();
            case "RESUME" -> resume();
            case "TERMINATE" -> stop();
            case "STATISTICS" -> {
                return statistics();
            }
            default -> {
                unknownCommands++;
                return ERROR;
            }
        }
        return new byte[][] {state.name().getBytes(StandardCharsets.US_ASCII)};
    }

    void pause() {
        if (state == Forwarder.State.RUNNING) {
            become(Forwarder.State.PAUSED);
        }
    }

    void resume() {
        if (state == Forwarder.State.PAUSED) {
            become(Forwarder.State.RUNNING);
        }
    }

    void stop() {
        if (state != Forwarder.State.STOPPED) {
            become(Forwarder.State.STOPPED);
        }
    }

    private void become(Forwarder.State next) {
        state = next;
        port.stateChanged(next);
    }

    /**
     * Messages and bytes, received and sent, at the side of the publishers and then at that of the subscribers, as libzmq has it;
     * in the byte order that it has on processors of today. What subscribers say is their subscriptions.
     */
    private byte[][] statistics() {
        long subscriptions = upstream.size();
        long[] figures = {messages, bytes, subscriptions, 0, subscriptions, 0, messages - drops, bytes};
        byte[][] frames = new byte[figures.length][];
        for (int i = 0; i < figures.length; i++) {
            frames[i] = ByteBuffer.allocate(Long.BYTES)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(figures[i])
                    .array();
        }
        return frames;
    }

    Forwarder.State state() {
        return state;
    }

    long messages() {
        return messages;
    }

    long bytes() {
        return bytes;
    }

    long drops() {
        return drops;
    }

    long commands() {
        return commands;
    }

    long unknownCommands() {
        return unknownCommands;
    }
}
