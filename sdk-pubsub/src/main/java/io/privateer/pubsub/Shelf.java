package io.privateer.pubsub;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The runs of one topic in their order, kept so that each costs no object: a hundred thousand of them would be moved about by
 * the garbage collector, and looked for in main memory when their time is over. Short ones are copied together into pages that
 * topics share. Not thread-safe: belongs to one {@link History}.
 */
final class Shelf {

    private static final int CAPACITY_MIN = 4;

    /** Of each run: number of the first, stamp, count and bytes of its frame, where it begins and how long it is. */
    private static final int FIELDS = 4;

    private static final int FIRST = 0;
    private static final int STAMP = 1;
    private static final int SIZES = 2;
    private static final int PLACE = 3;

    private final Pages pages;

    /** Rings, whose length is a power of two. */
    private @Nullable Page[] places = new Page[CAPACITY_MIN];

    private long[] fields = new long[CAPACITY_MIN * FIELDS];
    private int head;
    private int size;

    /** Bytes, and how many runs are in them; a frame that came in may be elsewhere too. */
    private static final class Page {
        final byte[] bytes;
        final boolean isOwn;
        int runs;

        Page(byte[] bytes, boolean isOwn) {
            this.bytes = bytes;
            this.isOwn = isOwn;
        }
    }

    /** Where short runs of all topics are put, one behind the other. A page is used again when its last run has gone. */
    static final class Pages {

        private static final int PAGE_BYTES = 64 << 10;

        /** Longer runs keep the frame they came in. */
        private static final int SHORT_BYTES_MAX = PAGE_BYTES / 16;

        /** As runs come and go in one order, hardly more than one at a time. */
        private static final int FREE_MAX = 8;

        private final ArrayDeque<Page> free = new ArrayDeque<>();
        private Page present = new Page(new byte[0], false);
        private int used;

        /** Copies {@code run} to where {@link #used} says afterwards that it ends. */
        private Page put(Run run) {
            if (run.bytes() > present.bytes.length - used) {
                Page former = present;
                present = free.isEmpty() ? new Page(new byte[PAGE_BYTES], true) : free.remove();
                used = 0;
                release(former);
            }
            System.arraycopy(run.frame(), run.from(), present.bytes, used, run.bytes());
            used += run.bytes();
            return present;
        }

        private void release(Page page) {
            if (page.runs == 0 && page != present && page.isOwn && free.size() < FREE_MAX) {
                free.add(page);
            }
        }
    }

    Shelf(Pages pages) {
        this.pages = pages;
    }

    void add(Run run) {
        if (size == places.length) {
            grow();
        }
        boolean isShort = run.bytes() <= Pages.SHORT_BYTES_MAX;
        Page page = isShort ? pages.put(run) : new Page(run.frame(), false);
        int from = isShort ? pages.used - run.bytes() : run.from();
        page.runs++;
        int slot = slot(size);
        places[slot] = page;
        int at = slot * FIELDS;
        fields[at + FIRST] = run.first();
        fields[at + STAMP] = run.stampNanos();
        fields[at + SIZES] = pair(run.count(), run.frame().length);
        fields[at + PLACE] = pair(from, run.bytes());
        size++;
    }

    private void grow() {
        @Nullable Page[] morePlaces = new Page[2 * places.length];
        long[] moreFields = new long[2 * fields.length];
        int untilEnd = places.length - head;
        System.arraycopy(places, head, morePlaces, 0, untilEnd);
        System.arraycopy(places, 0, morePlaces, untilEnd, head);
        System.arraycopy(fields, head * FIELDS, moreFields, 0, untilEnd * FIELDS);
        System.arraycopy(fields, 0, moreFields, untilEnd * FIELDS, head * FIELDS);
        places = morePlaces;
        fields = moreFields;
        head = 0;
    }

    private static long pair(int high, int low) {
        return (long) high << Integer.SIZE | low;
    }

    private int slot(int index) {
        return (head + index) & (places.length - 1);
    }

    private long field(int index, int field) {
        return fields[slot(index) * FIELDS + field];
    }

    int size() {
        return size;
    }

    /** Returns the number of the first message of run {@code index}, from 0. */
    long first(int index) {
        return field(index, FIRST);
    }

    int count(int index) {
        return (int) (field(index, SIZES) >>> Integer.SIZE);
    }

    long last(int index) {
        return first(index) + count(index) - 1;
    }

    /** Returns the bytes of the frame that it came in. */
    int frameBytes(int index) {
        return (int) field(index, SIZES);
    }

    /** Returns the bytes of its messages. */
    int bytes(int index) {
        return (int) field(index, PLACE);
    }

    /** Returns a copy of the messages. */
    Run get(int index) {
        byte[] bytes = page(index).bytes;
        int from = (int) (field(index, PLACE) >>> Integer.SIZE);
        byte[] copy = Arrays.copyOfRange(bytes, from, from + bytes(index));
        return new Run(first(index), count(index), copy, 0, field(index, STAMP));
    }

    private Page page(int index) {
        return Objects.requireNonNull(places[slot(index)]);
    }

    /** Forgets the oldest. */
    void remove() {
        Page page = page(0);
        page.runs--;
        pages.release(page);
        places[head] = null;
        head = slot(1);
        size--;
    }
}
