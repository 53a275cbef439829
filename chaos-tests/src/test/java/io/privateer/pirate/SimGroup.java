package io.privateer.pirate;

import java.util.List;

/** Event loops of one process: they live, stop and die together. */
final class SimGroup {

    private final List<SimProcess> loops;

    SimGroup(SimProcess... loops) {
        this.loops = List.of(loops);
    }

    boolean isUp() {
        return loops.get(0).isUp();
    }

    void start() {
        loops.forEach(SimProcess::start);
    }

    void crash() {
        loops.forEach(SimProcess::crash);
    }

    void pause() {
        loops.forEach(SimProcess::pause);
    }

    void resume() {
        loops.forEach(SimProcess::resume);
    }
}
