package io.privateer.pipeline;

import java.util.function.LongFunction;

/** Says how a world of pipelines failed, or nothing: the simulation as code of another class loader can call it. */
final class PipelineFailure implements LongFunction<String> {

    @Override
    public String apply(long seed) {
        return PipeSim.run(seed, false).failure();
    }
}
