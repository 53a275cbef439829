package io.privateer.samples.demo;

/** What the demo's thread hears of its children. Immutable. */
sealed interface News {

    /** A child wrote a line to its standard output; {@code atNanos} is when the demo heard it. */
    record Line(ChildProcess child, String text, long atNanos) implements News {}

    /** A child wrote a line to its standard error. */
    record Complaint(ChildProcess child, String text) implements News {}

    /** A child has ended, and no more will be heard of it. */
    record Ended(ChildProcess child, int exitCode) implements News {}

    /** A frozen child runs again, if it still lives. */
    record Thawed(ChildProcess child) implements News {}
}
