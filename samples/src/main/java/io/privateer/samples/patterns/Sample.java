package io.privateer.samples.patterns;

/** A program that shows one pattern. */
interface Sample {

    /** Plays the pattern from beginning to end; returns within seconds, or throws what went wrong. */
    void run(Stage stage) throws Exception;
}
