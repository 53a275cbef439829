package io.privateer.pirate;

import java.util.function.LongFunction;

/** Says how a world of brokers failed, or nothing: the simulation as code of another class loader can call it. */
final class PeeringFailure implements LongFunction<String> {

    @Override
    public String apply(long seed) {
        return PeeringSim.run(seed, false).failure();
    }
}
