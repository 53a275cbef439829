package io.privateer.pubsub;

import io.privateer.core.PirateException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** An {@link Inbox} between the event loop and the threads that receive. Thread-safe. */
final class Mailbox {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Inbox inbox;
    private final Runnable onCaughtUp;
    private SubscriberListener.Slow slowness = new SubscriberListener.Slow(0, 0, 0);
    private @Nullable Supplier<PirateException> end;

    /** Something has come since anybody was woken. */
    private boolean hasNews;

    /** How full it is. */
    record Level(long messages, long bytes, long ageNanos, long conflated, boolean slow) {}

    Mailbox(Inbox inbox, Runnable onCaughtUp) {
        this.inbox = inbox;
        this.onCaughtUp = onCaughtUp;
    }

    /** Takes messages; who waits for them is woken by {@link #wake}. */
    Inbox.Change add(String topic, long incarnation, Run run, long from, long bornNanos, long nowNanos) {
        lock.lock();
        try {
            long messages = inbox.messages() + run.last() - from + 1;
            long bytes = inbox.bytes() + run.frame().length;
            long ageNanos = inbox.isEmpty() ? nowNanos - bornNanos : inbox.ageNanos(nowNanos);
            Inbox.Change change = inbox.add(topic, incarnation, run, from, bornNanos, nowNanos);
            if (change != Inbox.Change.NONE) {
                slowness = new SubscriberListener.Slow(messages, bytes, ageNanos);
            }
            hasNews = true;
            return change;
        } finally {
            lock.unlock();
        }
    }

    /** Wakes who waits for messages: once for all that a turn has brought, for it costs more than a message does. */
    void wake() {
        lock.lock();
        try {
            if (hasNews) {
                hasNews = false;
                arrived.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /** Looks whether what waits has become too old. */
    Inbox.Change check(long nowNanos) {
        lock.lock();
        try {
            SubscriberListener.Slow present =
                    new SubscriberListener.Slow(inbox.messages(), inbox.bytes(), inbox.ageNanos(nowNanos));
            Inbox.Change change = inbox.check(nowNanos);
            if (change != Inbox.Change.NONE) {
                slowness = present;
            }
            return change;
        } finally {
            lock.unlock();
        }
    }

    /** Returns how slow it was when that was found out. */
    SubscriberListener.Slow slowness() {
        lock.lock();
        try {
            return slowness;
        } finally {
            lock.unlock();
        }
    }

    /**
     * Returns the next message, or {@code null} if none comes in time.
     *
     * @throws PirateException once it has ended and is empty
     */
    @Nullable
    Received take(long timeoutNanos) throws InterruptedException {
        boolean caughtUp;
        Received next;
        lock.lock();
        try {
            long left = timeoutNanos;
            while (inbox.isEmpty() && end == null && left > 0) {
                left = arrived.awaitNanos(left);
            }
            boolean wasSlow = inbox.isSlow();
            next = inbox.take();
            caughtUp = wasSlow && !inbox.isSlow();
            if (next == null && end != null) {
                throw end.get();
            }
        } finally {
            lock.unlock();
        }
        if (caughtUp) {
            onCaughtUp.run();
        }
        return next;
    }

    /** Lets nobody wait any more: what is there can be taken, then there is only {@code why}. */
    void end(Supplier<PirateException> why) {
        lock.lock();
        try {
            end = why;
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    Level level(long nowNanos) {
        lock.lock();
        try {
            return new Level(
                    inbox.messages(), inbox.bytes(), inbox.ageNanos(nowNanos), inbox.conflated(), inbox.isSlow());
        } finally {
            lock.unlock();
        }
    }
}
