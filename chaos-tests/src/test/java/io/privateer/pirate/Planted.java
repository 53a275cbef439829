package io.privateer.pirate;

import com.google.errorprone.annotations.Immutable;

/**
 * A bug to be planted: one snippet of a class, and what takes its place.
 *
 * @param className the class, in a package that {@link MutantLoader} loads anew or in the core
 * @param original what is to be found in its source exactly once, whatever white space is between its words
 * @param planted what takes its place
 */
@Immutable
public record Planted(String className, String original, String planted) {}
