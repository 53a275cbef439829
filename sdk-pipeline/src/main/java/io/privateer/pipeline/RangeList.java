package io.privateer.pipeline;

import java.util.Arrays;

/** Ranges of task numbers in the order in which they were added; neighbours become one. Not thread-safe. */
final class RangeList {

    private int[] firsts = new int[4];
    private int[] counts = new int[4];
    private int size;

    void add(int number) {
        add(number, 1);
    }

    void add(int first, int count) {
        if (size > 0 && firsts[size - 1] + counts[size - 1] == first) {
            counts[size - 1] += count;
            return;
        }
        if (size == firsts.length) {
            firsts = Arrays.copyOf(firsts, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
        }
        firsts[size] = first;
        counts[size] = count;
        size++;
    }

    int size() {
        return size;
    }

    int first(int index) {
        return firsts[index];
    }

    int count(int index) {
        return counts[index];
    }

    boolean isEmpty() {
        return size == 0;
    }

    void clear() {
        size = 0;
    }

    /** Returns how many numbers the ranges hold. */
    long numbers() {
        long sum = 0;
        for (int i = 0; i < size; i++) {
            sum += counts[i];
        }
        return sum;
    }
}
