package io.privateer.core;

import java.security.SecureRandom;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/** The one place where randomness enters the SDK; everything else takes a {@link RandomGenerator} as an argument. */
public final class Randomness {

    private Randomness() {}

    /**
     * Returns a generator seeded from the system's entropy. Good for jitter and for ids that must not collide, not for
     * keys. Not thread-safe: give each thread its own.
     */
    @ReadsSystemClock
    public static RandomGenerator system() {
        return new SplittableRandom(new SecureRandom().nextLong());
    }
}
