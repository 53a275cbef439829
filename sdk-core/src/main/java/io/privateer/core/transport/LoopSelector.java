package io.privateer.core.transport;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.spi.AbstractSelectableChannel;
import java.nio.channels.spi.AbstractSelectionKey;
import java.nio.channels.spi.AbstractSelector;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What JeroMQ's I/O thread waits on: a selector that lets an {@link EventLoop} take its turn on that thread before every
 * wait. So a message is on its way from a connection to a machine, and back, without waking another thread.
 *
 * <p>It wraps a selector of the platform. JeroMQ registers its channels here; each gets a key of ours in front of the
 * platform's. The loop's own descriptors are registered below, and never shown to JeroMQ.
 */
final class LoopSelector extends AbstractSelector {

    private final Selector platform;
    private final Turns turns;
    private final Set<SelectionKey> keys = new HashSet<>();
    private final Set<SelectionKey> selected = new HashSet<>();

    /** JeroMQ wants its thread back. */
    private volatile boolean recalled;

    /** The loop that takes its turns here, if the calling thread is its own. */
    interface Turns {

        /** Returns whether the calling thread is the loop's. */
        boolean isHere();

        /**
         * Takes a turn.
         *
         * @return how long to wait for something to do, in milliseconds; 0 only looks
         */
        long take(LoopSelector selector);

        /** One of the loop's own descriptors is readable. */
        void onReadable(SelectionKey key);

        /** Returns whether another thread wants something of the loop. */
        boolean isWanted();

        /** Returns the reading of the loop's clock. */
        long nanoTime();

        /** Returns how long to go on looking before a wait, in nanoseconds. */
        long spinNanos();
    }

    LoopSelector(Selector platform, Turns turns) {
        super(platform.provider());
        this.platform = platform;
        this.turns = turns;
    }

    /** Registers a descriptor of the loop's own. */
    SelectionKey watch(SelectableChannel channel, ZmqSocket socket) {
        try {
            return channel.register(platform, SelectionKey.OP_READ, socket);
        } catch (ClosedChannelException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Makes the platform let go of cancelled keys. */
    void forgetCancelled() {
        try {
            look();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Ends the loop's wait; unlike {@link #wakeup()} JeroMQ does not hear of it. Any thread. */
    void nudge() {
        platform.wakeup();
    }

    @Override
    public int select(long timeoutMillis) throws IOException {
        if (!turns.isHere()) {
            return platformSelect(timeoutMillis);
        }
        long waitMax = timeoutMillis == 0 ? Long.MAX_VALUE : timeoutMillis;
        long startNanos = turns.nanoTime();
        while (true) {
            long waitMillis = turns.take(this);
            long leftMillis = waitMax == Long.MAX_VALUE ? waitMax : waitMax - millisSince(startNanos);
            if (waitMillis <= 0 || leftMillis <= 0 || recalled || !selected.isEmpty()) {
                look();
            } else if (turns.spinNanos() == 0 || !spin(turns.spinNanos())) {
                await(Math.min(waitMillis, leftMillis));
            }
            if (!selected.isEmpty() || recalled || leftMillis <= 0) {
                recalled = false;
                return selected.size();
            }
        }
    }

    private long millisSince(long startNanos) {
        return TimeUnit.NANOSECONDS.toMillis(turns.nanoTime() - startNanos);
    }

    private int look() throws IOException {
        deregisterCancelled();
        return platform.selectNow(this::collect);
    }

    private void await(long millis) throws IOException {
        deregisterCancelled();
        platform.select(this::collect, millis);
    }

    /** Looks again and again, and returns whether there is anything to do now. */
    private boolean spin(long nanos) throws IOException {
        long endNanos = turns.nanoTime() + nanos;
        while (turns.nanoTime() - endNanos < 0) {
            if (look() > 0 || turns.isWanted() || recalled) { // Looking uses up the wake-up that tells of these.
                return true;
            }
            Thread.onSpinWait();
        }
        return false;
    }

    private void collect(SelectionKey key) {
        Object attachment = key.attachment();
        if (attachment instanceof Key ours) {
            selected.add(ours);
        } else {
            turns.onReadable(key);
        }
    }

    /** For waits of other threads, on descriptors of JeroMQ's. */
    private int platformSelect(long timeoutMillis) throws IOException {
        deregisterCancelled();
        platform.select(this::collect, timeoutMillis);
        return selected.size();
    }

    @Override
    public int select() throws IOException {
        return select(0);
    }

    @Override
    public int selectNow() throws IOException {
        look();
        return selected.size();
    }

    @Override
    public Selector wakeup() {
        recalled = true;
        platform.wakeup();
        return this;
    }

    @Override
    public Set<SelectionKey> keys() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
        return keys;
    }

    @Override
    public Set<SelectionKey> selectedKeys() {
        if (!isOpen()) {
            throw new ClosedSelectorException();
        }
        return selected;
    }

    @Override
    protected SelectionKey register(AbstractSelectableChannel channel, int ops, @Nullable Object attachment) {
        try {
            Key key = new Key(channel.register(platform, ops));
            key.inner.attach(key);
            key.attach(attachment);
            keys.add(key);
            return key;
        } catch (ClosedChannelException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * Our keys leave a channel before the platform's do: a channel that is closed lets go of its descriptor when the
     * platform takes the last key from it.
     */
    private void deregisterCancelled() {
        Set<SelectionKey> cancelled = cancelledKeys();
        synchronized (cancelled) {
            for (SelectionKey key : cancelled) {
                forget((Key) key);
            }
            cancelled.clear();
        }
    }

    private void forget(Key key) {
        keys.remove(key);
        selected.remove(key);
        deregister(key);
        key.inner.cancel();
    }

    @Override
    protected void implCloseSelector() throws IOException {
        deregisterCancelled();
        List<SelectionKey> left = new ArrayList<>(keys);
        for (SelectionKey key : left) {
            key.cancel();
            forget((Key) key);
        }
        platform.close();
    }

    /** Stands in front of the platform's key for the same channel. */
    private final class Key extends AbstractSelectionKey {
        private final SelectionKey inner;

        Key(SelectionKey inner) {
            this.inner = inner;
        }

        @Override
        public SelectableChannel channel() {
            return inner.channel();
        }

        @Override
        public Selector selector() {
            return LoopSelector.this;
        }

        @Override
        public int interestOps() {
            return inner.interestOps();
        }

        @Override
        public SelectionKey interestOps(int ops) {
            inner.interestOps(ops);
            return this;
        }

        @Override
        public int readyOps() {
            return inner.readyOps();
        }
    }
}
