package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.Message;
import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CallTimersTest {

    private static final long TICK = 1L << 20;
    private static final Message ASK = Message.of("ask");

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MIN_VALUE, -1, Long.MAX_VALUE - 30_000_000_000L, Long.MAX_VALUE})
    void firesEachCallOnceNeitherEarlyNorLateWhateverIsScheduledAndCancelledMeanwhile(long originNanos) {
        // given a wheel, and beside it what it should do
        SplittableRandom random = new SplittableRandom(originNanos);
        CallTimers timers = new CallTimers(originNanos);
        Map<ClientCall, Long> due = new HashMap<>();
        long now = originNanos;
        for (int step = 0; step < 20_000; step++) {
            // when calls come and go, are moved, and time passes at any pace
            if (random.nextInt(3) > 0) {
                ClientCall call = new ClientCall(ASK, CallOptions.defaults(), now, withdrawn -> {});
                long at = now + random.nextLong(random.nextInt(20) == 0 ? 20_000_000_000L : 300_000_000L);
                timers.schedule(call, at);
                due.put(call, at);
            }
            if (!due.isEmpty() && random.nextBoolean()) {
                ClientCall any = due.keySet().iterator().next();
                if (random.nextBoolean()) {
                    timers.cancel(any);
                    due.remove(any);
                } else {
                    timers.schedule(any, now + 5_000_000);
                    due.put(any, now + 5_000_000);
                }
            }
            now += random.nextLong(random.nextInt(500) == 0 ? 6_000_000_000L : 3_000_000L);
            // then exactly those are due whose time has come, give or take a slot
            for (ClientCall call = timers.poll(now); call != null; call = timers.poll(now)) {
                Long at = due.remove(call);
                assertThat(at).isNotNull();
                assertThat(now - at).isGreaterThanOrEqualTo(0);
                if (random.nextInt(4) == 0) {
                    timers.schedule(call, now);
                    due.put(call, now);
                }
            }
            for (long at : due.values()) {
                assertThat(now - at).isLessThan(2 * TICK);
                assertThat(timers.nextDeadlineNanos() - at).isLessThanOrEqualTo(2 * TICK);
            }
            assertThat(timers.isEmpty()).isEqualTo(due.isEmpty());
        }
    }
}
