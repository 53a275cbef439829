package io.privateer.pipeline;

/**
 * One connection that a peer has made to a ventilator or sink: what is said to it, and by what name logs know it. Not
 * thread-safe.
 */
final class PipeLink {

    final PlnWriter writer;
    private final String name;

    PipeLink(String name, PlnWriter writer) {
        this.name = name;
        this.writer = writer;
    }

    @Override
    public String toString() {
        return name;
    }
}
