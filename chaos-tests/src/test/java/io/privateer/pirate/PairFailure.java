package io.privateer.pirate;

import java.util.function.LongFunction;

/** Says how the world of a pair failed, or nothing: the simulation as code of another class loader can call it. */
final class PairFailure implements LongFunction<String> {

    @Override
    public String apply(long seed) {
        return PairSim.run(seed, false).failure();
    }
}
