package io.privateer.pipeline;

import java.util.Arrays;

/**
 * A set of task numbers that fills up from below: one bit for each number from the first word on that has a gap. Not
 * thread-safe.
 */
final class TaskSet {

    /** Most numbers between the first that is missing and the last that is held: 2^24, which takes 2 MiB. */
    static final int SPAN_MAX = 1 << 24;

    private static final int WORD_SHIFT = 6;
    private static final long FULL = -1;

    /** The words from {@code floor} on; all below are full. */
    private long[] words = new long[4];

    private int floor;
    private int used;
    private int count;

    /** Returns whether the number is not so far ahead that only a mistake, or malice, can have sent it. */
    boolean canHold(int number) {
        return (number >>> WORD_SHIFT) - floor < SPAN_MAX >>> WORD_SHIFT;
    }

    /** Adds a number that {@link #canHold} allows; false if it was there. */
    boolean add(int number) {
        int word = (number >>> WORD_SHIFT) - floor;
        if (word < 0) {
            return false;
        }
        if (word >= words.length) {
            words = Arrays.copyOf(words, Math.max(2 * words.length, word + 1));
        }
        long bit = 1L << number;
        if ((words[word] & bit) != 0) {
            return false;
        }
        words[word] |= bit;
        used = Math.max(used, word + 1);
        count++;
        if (word == 0 && words[0] == FULL) {
            rise();
        }
        return true;
    }

    private void rise() {
        int full = 1;
        while (full < used && words[full] == FULL) {
            full++;
        }
        System.arraycopy(words, full, words, 0, used - full);
        Arrays.fill(words, used - full, used, 0);
        floor += full;
        used -= full;
    }

    /** Adds all numbers of a range up to the first that is too far ahead. */
    void add(int first, int numbers) {
        for (int number = first; number < first + numbers && canHold(number); number++) {
            add(number);
        }
    }

    boolean contains(int number) {
        int word = (number >>> WORD_SHIFT) - floor;
        return word < 0 || (word < words.length && (words[word] & 1L << number) != 0);
    }

    int count() {
        return count;
    }

    boolean isEmpty() {
        return count == 0;
    }

    /** Returns how many numbers are in here and not in {@code other}. */
    int countMissingIn(TaskSet other) {
        int missing = 0;
        int top = floor + used;
        for (int word = Math.min(floor, other.floor); word < top; word++) {
            missing += Long.bitCount(word(word) & ~other.word(word));
        }
        return missing;
    }

    private long word(int index) {
        int word = index - floor;
        return word < 0 ? FULL : word < words.length ? words[word] : 0;
    }

    /** Lists what is held. */
    RangeList held() {
        RangeList out = new RangeList();
        int top = top();
        int from = next(0, top, true);
        while (from < top) {
            int to = next(from, top, false);
            out.add(from, to - from);
            from = next(to, top, true);
        }
        return out;
    }

    /** Lists what is missing below {@code limit}, at most {@code rangesMax} ranges of it. */
    RangeList missingBelow(int limit, int rangesMax) {
        RangeList out = new RangeList();
        int from = next(0, limit, false);
        while (from < limit && out.size() < rangesMax) {
            int to = next(from, limit, true);
            out.add(from, to - from);
            from = next(to, limit, false);
        }
        return out;
    }

    /** Returns the number behind the highest that is held. */
    int top() {
        return used == 0
                ? floor << WORD_SHIFT
                : ((floor + used) << WORD_SHIFT) - Long.numberOfLeadingZeros(words[used - 1]);
    }

    /** Returns the first number from {@code from} on that is held, or is not; {@code limit} if there is none below it. */
    private int next(int from, int limit, boolean held) {
        int number = held ? from : Math.max(from, floor << WORD_SHIFT);
        while (number < limit) {
            if (held && (number >>> WORD_SHIFT) - floor >= used) {
                return limit;
            }
            long word = word(number >>> WORD_SHIFT);
            long wanted = (held ? word : ~word) & FULL << number;
            if (wanted != 0) {
                return Math.min(limit, (number & -64) + Long.numberOfTrailingZeros(wanted));
            }
            if ((number & -64) > Integer.MAX_VALUE - 64) {
                return limit;
            }
            number = (number & -64) + 64;
        }
        return limit;
    }
}
