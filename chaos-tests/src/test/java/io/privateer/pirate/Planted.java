package io.privateer.pirate;

/** A bug to be planted: one snippet of a class, and what takes its place. */
interface Planted {

    /** Returns the class, in a package that {@link MutantLoader} loads anew or in the core. */
    String className();

    /** Returns what is to be found in its source exactly once, whatever white space is between its words. */
    String original();

    String planted();
}
