package io.privateer.pipeline;

import java.util.Objects;
import java.util.function.IntConsumer;

/** Numbers of tasks, as ranges, in ascending order. Immutable. */
public final class TaskNumbers {

    private final RangeList ranges;

    TaskNumbers(RangeList ranges) {
        this.ranges = ranges;
    }

    /** Returns how many numbers there are. */
    public long count() {
        return ranges.numbers();
    }

    /** Shows each number to {@code action}, in ascending order. */
    public void forEach(IntConsumer action) {
        Objects.requireNonNull(action, "action");
        for (int i = 0; i < ranges.size(); i++) {
            int end = ranges.first(i) + ranges.count(i);
            for (int number = ranges.first(i); number < end; number++) {
                action.accept(number);
            }
        }
    }

    /** Returns the ranges as text, such as {@code 3, 7-9}; the first few where there are many. */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < Math.min(ranges.size(), 10); i++) {
            int first = ranges.first(i);
            int last = first + ranges.count(i) - 1;
            text.append(i == 0 ? "" : ", ").append(first).append(last == first ? "" : "-" + last);
        }
        return ranges.size() > 10 ? text.append(", …").toString() : text.toString();
    }
}
