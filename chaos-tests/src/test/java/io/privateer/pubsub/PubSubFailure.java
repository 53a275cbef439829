package io.privateer.pubsub;

import java.util.function.LongFunction;

/** Says how a world of publisher and subscribers failed, or nothing: the simulation as code of another class loader can call it. */
final class PubSubFailure implements LongFunction<String> {

    @Override
    public String apply(long seed) {
        return PubSubSim.run(seed, false).failure();
    }
}
