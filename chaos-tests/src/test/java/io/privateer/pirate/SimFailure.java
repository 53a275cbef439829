package io.privateer.pirate;

import java.util.function.LongFunction;

/** Says how the world of a seed failed, or nothing: the simulation as code of another class loader can call it. */
final class SimFailure implements LongFunction<String> {

    @Override
    public String apply(long seed) {
        return QueueSim.run(seed, false).failure();
    }
}
