package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.internal.Deadlines;
import java.util.ArrayDeque;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Decides what one Paranoid Pirate worker does next (RFC 6; Guide, chapter 4). Performs no I/O, reads no clock and starts
 * no thread.
 *
 * <p>Call one {@code on…} method per input with the current {@link io.privateer.core.NanoClock} reading, and
 * {@link #onTick} no later than {@link #nextDeadlineNanos()}. Outputs leave through the {@link WorkerPort} during the
 * call.
 *
 * <p>Not thread-safe: confine an instance to the thread that owns the socket.
 */
final class WorkerMachine {

    /*
     * One socket is one registration. When the connection is lost the socket is replaced, under a new routing id, and the
     * worker says READY on it once it is idle; a reply to what came on the old socket is discarded, because the queue
     * has given that request to somebody else. So a queue never hears from two lives of a worker under one name.
     */

    enum State {
        /** Holds nothing. */
        IDLE,
        /** The handler works on what came on the present socket. */
        BUSY,
        /** The handler works on what came on a socket that is gone; its reply will be discarded. */
        BUSY_IN_VAIN,
        /** Drained; nothing happens any more. */
        STOPPED
    }

    /** A queue that hands out more than this many jobs at once to a worker which takes one is broken. */
    private static final int INBOX_MAX = 64;

    private final long heartbeatNanos;
    private final long silenceNanos;
    private final Backoff reconnect;
    private final RandomGenerator random;
    private final WorkerPort port;
    private final ArrayDeque<byte[][][]> inbox = new ArrayDeque<>();

    private State state = State.IDLE;
    private boolean open;
    private boolean draining;
    private boolean queueKnowsBusyBeats;
    private byte @Nullable [][] address;
    private int reconnects;
    private long beatDueNanos;
    private long silentAtNanos;
    private long openAtNanos;
    private long droppedJobs;
    private long vainReplies;
    private long reopenedSockets;

    WorkerMachine(long heartbeatNanos, int liveness, Backoff reconnect, RandomGenerator random, WorkerPort port) {
        this.heartbeatNanos = heartbeatNanos;
        this.silenceNanos = liveness * heartbeatNanos;
        this.reconnect = reconnect;
        this.random = random;
        this.port = port;
    }

    /** Connects for the first time. */
    void onStart(long nowNanos) {
        openSocket(nowNanos, 0);
    }

    /** The queue hands over a request. One that comes while another is being handled waits for it. */
    void onJob(long nowNanos, byte[][] jobAddress, byte[][] body) {
        heardFromQueue(nowNanos);
        if (state == State.IDLE) {
            begin(jobAddress, body);
        } else if (inbox.size() < INBOX_MAX) {
            inbox.add(new byte[][][] {jobAddress, body});
        } else {
            droppedJobs++;
        }
    }

    /** The queue gives a sign of life. */
    void onHeartbeat(long nowNanos, boolean whileBusy) {
        heardFromQueue(nowNanos);
        if (whileBusy && !queueKnowsBusyBeats) {
            queueKnowsBusyBeats = true;
            beat(nowNanos);
        }
    }

    /** The queue said something that is no message of the dialect: it lives, but that is all. */
    void onMalformed(long nowNanos) {
        silentAtNanos = nowNanos + silenceNanos;
    }

    /** The connection is lost. Whatever came on it, the queue has given to others. */
    void onDisconnected(long nowNanos) {
        if (state != State.STOPPED) {
            replaceSocket(nowNanos, reconnects == 0 ? 0 : reconnect.delayNanos(reconnects, random));
        }
    }

    /** The handler has a reply. */
    void onHandled(long nowNanos, byte[][] body) {
        byte[][] replyTo = address;
        if (state == State.BUSY && replyTo != null) {
            port.sendReply(replyTo, body);
            finish(nowNanos, false);
        } else {
            vainReplies++;
            finish(nowNanos, true);
        }
    }

    /** The handler has none: READY tells the queue that this worker no longer holds the request. */
    void onFailed(long nowNanos) {
        finish(nowNanos, true);
    }

    /** Takes no request any more; {@link WorkerPort#drained()} follows once the handler is done. */
    void onDrain(long nowNanos) {
        draining = true;
        inbox.clear();
        if (state == State.IDLE) {
            stop();
        }
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        if (state == State.STOPPED) {
            return;
        }
        if (!open) {
            if (nowNanos - openAtNanos >= 0) {
                openSocket(nowNanos, 0);
            }
            return;
        }
        if (nowNanos - nextDeadlineNanos() > heartbeatNanos) {
            // This process stood still itself; what the queue said meanwhile may not have been read yet.
            silentAtNanos = nowNanos + silenceNanos;
        }
        // A queue of the Guide's kind does not beat to busy workers, so its silence means something only to idle ones.
        if (state == State.IDLE && nowNanos - silentAtNanos >= 0) {
            replaceSocket(nowNanos, 0);
        } else if (nowNanos - beatDueNanos >= 0) {
            beat(nowNanos);
        }
    }

    /** Returns when {@link #onTick} is due at the latest. */
    long nextDeadlineNanos() {
        if (!open) {
            return openAtNanos;
        }
        return state == State.IDLE ? Deadlines.earlier(beatDueNanos, silentAtNanos) : beatDueNanos;
    }

    boolean isBusy() {
        return state == State.BUSY || state == State.BUSY_IN_VAIN;
    }

    /** Returns how many requests it holds: the one being handled, and those that wait. */
    int held() {
        return inbox.size() + (isBusy() ? 1 : 0);
    }

    /** Returns how many requests came while {@link #INBOX_MAX} waited already. */
    long droppedJobs() {
        return droppedJobs;
    }

    /** Returns how many replies were discarded because the connection of their request was gone. */
    long vainReplies() {
        return vainReplies;
    }

    /** Returns how many times the socket was replaced. */
    long reopenedSockets() {
        return reopenedSockets;
    }

    private void begin(byte[][] jobAddress, byte[][] body) {
        state = State.BUSY;
        address = jobAddress;
        port.handle(body);
    }

    private void finish(long nowNanos, boolean sayReady) {
        address = null;
        state = State.IDLE;
        if (draining) {
            stop();
            return;
        }
        // While it worked it could not judge; the queue gets its full time again.
        silentAtNanos = nowNanos + silenceNanos;
        if (sayReady && open) {
            port.sendReady();
        }
        byte[][][] next = inbox.poll();
        if (next != null) {
            begin(next[0], next[1]);
        }
    }

    private void stop() {
        state = State.STOPPED;
        if (open) {
            open = false;
            port.closeSocket();
        }
        port.drained();
    }

    private void replaceSocket(long nowNanos, long delayNanos) {
        if (open) {
            port.closeSocket();
            open = false;
            reopenedSockets++;
        }
        inbox.clear();
        queueKnowsBusyBeats = false;
        if (state == State.BUSY) {
            state = State.BUSY_IN_VAIN;
        }
        reconnects++;
        if (delayNanos == 0) {
            // The longer the queue is away, the longer the new socket may go on trying by itself.
            openSocket(nowNanos, reconnect.delayNanos(reconnects, random));
        } else {
            openAtNanos = nowNanos + delayNanos;
        }
    }

    private void openSocket(long nowNanos, long patienceNanos) {
        open = true;
        port.open();
        silentAtNanos = nowNanos + silenceNanos + patienceNanos;
        beatDueNanos = nowNanos + heartbeatNanos;
        if (state == State.IDLE) {
            port.sendReady();
        }
    }

    private void heardFromQueue(long nowNanos) {
        reconnects = 0;
        silentAtNanos = nowNanos + silenceNanos;
    }

    private void beat(long nowNanos) {
        beatDueNanos = nowNanos + heartbeatNanos;
        if (queueKnowsBusyBeats || state == State.IDLE) {
            port.sendHeartbeat(queueKnowsBusyBeats);
        }
    }
}
