package io.privateer.pipeline;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Things by task number. Numbers that are near each other share a page, so that a range of them is found by one look-up.
 * Not thread-safe.
 */
final class TaskTable<T> {

    private static final int PAGE_SHIFT = 10;
    private static final int PAGE = 1 << PAGE_SHIFT;

    private static final class Page {
        final @Nullable Object[] slots = new Object[PAGE];
        int used;
    }

    private final Map<Integer, Page> pages = new HashMap<>();
    private int size;
    private int lastKey = -1;
    private @Nullable Page lastPage;

    int size() {
        return size;
    }

    boolean isEmpty() {
        return size == 0;
    }

    private @Nullable Page page(int key) {
        if (key != lastKey) {
            lastPage = pages.get(key);
            lastKey = key;
        }
        return lastPage;
    }

    @SuppressWarnings("unchecked") // Only things of this type are put in.
    @Nullable
    T get(int number) {
        Page page = page(number >>> PAGE_SHIFT);
        return page == null ? null : (T) page.slots[number & (PAGE - 1)];
    }

    /** Puts what was not there before. */
    void put(int number, T thing) {
        int key = number >>> PAGE_SHIFT;
        Page page = page(key);
        if (page == null) {
            page = new Page();
            pages.put(key, page);
            lastPage = page;
        }
        page.slots[number & (PAGE - 1)] = thing;
        page.used++;
        size++;
    }

    /** Takes out what is there, if anything is. */
    @SuppressWarnings("unchecked")
    @Nullable
    T remove(int number) {
        int key = number >>> PAGE_SHIFT;
        Page page = page(key);
        if (page == null) {
            return null;
        }
        T thing = (T) page.slots[number & (PAGE - 1)];
        if (thing == null) {
            return null;
        }
        page.slots[number & (PAGE - 1)] = null;
        size--;
        if (--page.used == 0) {
            pages.remove(key);
            lastKey = -1;
        }
        return thing;
    }

    /** Shows what is there of a range; whoever looks may take it out. Costs what is there, not what the range spans. */
    void forEachIn(int first, int count, Consumer<T> action) {
        int last = first + count - 1;
        int firstKey = first >>> PAGE_SHIFT;
        int lastKeyWanted = last >>> PAGE_SHIFT;
        if (lastKeyWanted - firstKey < pages.size()) {
            for (int key = firstKey; key <= lastKeyWanted; key++) {
                forEachIn(key, first, last, action);
            }
        } else {
            List<Integer> keys = new ArrayList<>(pages.keySet());
            keys.sort(null);
            keys.forEach(key -> forEachIn(key, first, last, action));
        }
    }

    private void forEachIn(int key, int first, int last, Consumer<T> action) {
        Page page = pages.get(key);
        if (page == null) {
            return;
        }
        int base = key << PAGE_SHIFT;
        int to = Math.min(PAGE - 1, last - base);
        for (int i = Math.max(0, first - base); i <= to; i++) {
            show(page.slots[i], action);
        }
    }

    @SuppressWarnings("unchecked")
    private void show(@Nullable Object thing, Consumer<T> action) {
        if (thing != null) {
            action.accept((T) thing);
        }
    }

    /** Shows everything, in order of the numbers. */
    void forEach(Consumer<T> action) {
        forEachIn(0, Integer.MAX_VALUE, action);
    }
}
