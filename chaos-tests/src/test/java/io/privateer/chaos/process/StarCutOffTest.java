package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.common.math.Quantiles;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The active server is cut off from its peer, the client and the workers, all at once and without a word: connections stay, and
 * nothing passes. The times of the pair and of the client are the defaults, and how long the client had no answer is logged.
 */
class StarCutOffTest extends PipedStarSetup {

    private static final Logger log = LoggerFactory.getLogger(StarCutOffTest.class);
    private static final int CUTS = Boolean.getBoolean("chaos.nightly") ? 10 : 2;
    private static final int[] CREW = {Execution.ANY_SERVER, Execution.ANY_SERVER};

    @Override
    Duration beat() {
        return Duration.ofSeconds(1);
    }

    /** Nobody is there that is not cut off. */
    @Override
    int[] crew() {
        return CREW;
    }

    @Test
    @Timeout(300)
    void whenTheActiveServerIsCutOffFromEverybodyTheOtherOneAnswers() throws Exception {
        awaitPassive(1 - active());
        List<Double> silencesMillis = new ArrayList<>();
        try (PipelinedLoad load = load(active())) {
            awaitFlow(load);
            for (int cut = 0; cut < CUTS; cut++) {
                silencesMillis.add(cutOff(load) / 1e6);
            }
            stopAndCheck(load);
        }
        log.info(
                "active server cut off cuts={} silenceMillisMedian={} silenceMillisMax={}",
                CUTS,
                Quantiles.median().compute(silencesMillis),
                Collections.max(silencesMillis));
    }

    /** Returns for how long there was no answer. */
    private long cutOff(PipelinedLoad load) throws Exception {
        int old = active();
        int other = 1 - old;
        awaitPassive(other);
        // when
        long cutAtNanos = System.nanoTime();
        pipe(places[old].state()).hold();
        pipe(places[other].state()).hold();
        pipe(places[old].frontend()).hold();
        pipe(places[old].backend()).hold();
        // then
        awaitAnswers(load, cutAtNanos);
        await().atMost(SOON).until(() -> isActive(other));
        long silenceNanos = longestSilence(load, cutAtNanos);
        // and when it is reached again, it gives way
        release();
        awaitPassive(old);
        assertThat(active()).isEqualTo(other);
        awaitAnswers(load, cutAtNanos);
        return silenceNanos;
    }

    private static long longestSilence(PipelinedLoad load, long sinceNanos) {
        long lastNanos = sinceNanos;
        long longestNanos = 0;
        for (Operation operation : load.operations()) {
            if (operation.kind() == Operation.Kind.OK && operation.atNanos() - sinceNanos > 0) {
                longestNanos = Math.max(longestNanos, operation.atNanos() - lastNanos);
                lastNanos = operation.atNanos();
            }
        }
        return longestNanos;
    }
}
