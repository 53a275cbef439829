package io.privateer.benchmarks;

import java.util.ArrayList;
import java.util.List;

/** One kind of load. {@code size} in bytes. */
record Cell(int size, int inFlight, int workers) {

    private static final int BYTES_PER_KIB = 1024;

    static List<Cell> all(List<Integer> sizes, List<Integer> inFlights, List<Integer> workers) {
        List<Cell> cells = new ArrayList<>();
        for (int size : sizes) {
            for (int inFlight : inFlights) {
                for (int count : workers) {
                    cells.add(new Cell(size, inFlight, count));
                }
            }
        }
        return cells;
    }

    @Override
    public String toString() {
        String bytes = size % BYTES_PER_KIB == 0 ? size / BYTES_PER_KIB + " KiB" : size + " B";
        return bytes + ", " + inFlight + " in flight, " + workers + (workers == 1 ? " worker" : " workers");
    }
}
