package io.privateer.pirate;

import org.jspecify.annotations.Nullable;

/**
 * The deadlines of a client's calls: a wheel of slots of about a millisecond, each a list through the calls themselves,
 * so that the deadline of a call that is answered in time costs two writes to set and two to clear. A deadline beyond
 * one turn of the wheel is passed over until its turn comes. A call is never due early, and up to one slot late.
 */
final class CallTimers {

    static final long NOT_SCHEDULED = -1;

    private static final int TICK_SHIFT = 20;
    private static final int SLOTS = 4_096;
    private static final int MASK = SLOTS - 1;

    private final long originNanos;
    private final @Nullable ClientCall[] slots = new @Nullable ClientCall[SLOTS];
    private int count;

    /** No call is due before this tick. */
    private long hand;

    /** No call is due before this tick either, as long as there is one; looked for anew only when the hand passes it. */
    private long earliest;

    /** The call of the hand's slot that is looked at next, while {@link #poll} goes through it. */
    private @Nullable ClientCall next;

    private boolean insideSlot;

    CallTimers(long nowNanos) {
        this.originNanos = nowNanos;
    }

    /** Makes {@code call} due at {@code dueNanos}, instead of when it was due before. */
    void schedule(ClientCall call, long dueNanos) {
        cancel(call);
        long tick = Math.max(0, dueNanos - originNanos) >> TICK_SHIFT;
        if (tick <= hand) {
            tick = hand + (insideSlot ? 1 : 0);
        }
        earliest = count == 0 ? tick : Math.min(earliest, tick);
        int slot = (int) tick & MASK;
        ClientCall first = slots[slot];
        call.timerTick = tick;
        call.timerAfter = first;
        if (first != null) {
            first.timerBefore = call;
        }
        slots[slot] = call;
        count++;
    }

    void cancel(ClientCall call) {
        if (call.timerTick == NOT_SCHEDULED) {
            return;
        }
        ClientCall before = call.timerBefore;
        ClientCall after = call.timerAfter;
        if (call == next) {
            next = after;
        }
        if (before == null) {
            slots[(int) call.timerTick & MASK] = after;
        } else {
            before.timerAfter = after;
        }
        if (after != null) {
            after.timerBefore = before;
        }
        call.timerTick = NOT_SCHEDULED;
        call.timerBefore = null;
        call.timerAfter = null;
        count--;
    }

    /** Takes out and returns a call that is due, or returns {@code null}. */
    @Nullable
    ClientCall poll(long nowNanos) {
        long now = (nowNanos - originNanos) >> TICK_SHIFT;
        while (hand < now && count > 0) {
            ClientCall call = pollSlot();
            if (call != null) {
                return call;
            }
            hand++;
        }
        hand = Math.max(hand, now);
        insideSlot = false;
        if (earliest < hand) {
            findEarliest();
        }
        return null;
    }

    private @Nullable ClientCall pollSlot() {
        if (!insideSlot) {
            next = slots[(int) hand & MASK];
            insideSlot = true;
        }
        ClientCall call = next;
        while (call != null && call.timerTick > hand) {
            call = call.timerAfter;
        }
        if (call == null) {
            insideSlot = false;
        } else {
            next = call.timerAfter;
            cancel(call);
        }
        return call;
    }

    private void findEarliest() {
        earliest = hand;
        while (earliest < hand + SLOTS && slots[(int) earliest & MASK] == null) {
            earliest++;
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns when {@link #poll} may have something again; means nothing while no call is scheduled. */
    long nextDeadlineNanos() {
        return originNanos + ((earliest + 1) << TICK_SHIFT);
    }
}
