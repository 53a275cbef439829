package io.privateer.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ClosedLoopTest {

    private static final int BYTES = 64;
    private static final long LONG_NANOS = TimeUnit.MINUTES.toNanos(5);

    @Test
    void aSlotAsksAgainAsLongAsTheWindowIsOpen() {
        // given
        ClosedLoop loop = new ClosedLoop(2, BYTES, LONG_NANOS);
        loop.asks(0);
        loop.asks(1);
        // when one is answered, twice
        boolean first = loop.answered(0, BYTES);
        boolean second = loop.answered(0, BYTES);
        // then
        assertThat(first).isTrue();
        assertThat(second).isTrue();
        assertThat(loop.isOpen()).isTrue();
    }

    @Test
    void repliesAfterTheWindowCountForTheLatencyAndNotForTheThroughput() throws InterruptedException {
        // given a window that is over at once
        ClosedLoop loop = new ClosedLoop(1, BYTES, 0);
        loop.asks(0);
        // when
        boolean again = loop.answered(0, BYTES);
        // then
        assertThat(again).isFalse();
        assertThat(loop.isOpen()).isFalse();
        Latency result = loop.await();
        assertThat(result.requests()).isZero();
        assertThat(result.maxMicros()).isPositive();
    }

    @Test
    void aFailedRequestLeavesTheWindowWithoutAResult() {
        // given
        ClosedLoop loop = new ClosedLoop(1, BYTES, LONG_NANOS);
        loop.asks(0);
        // when
        loop.failed(new IOException("broken pipe"));
        // then
        assertThatThrownBy(loop::await)
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("1 requests failed, the first with java.io.IOException: broken pipe");
    }

    @Test
    void aReplyOfAnotherLengthIsAFailure() {
        ClosedLoop loop = new ClosedLoop(1, BYTES, LONG_NANOS);
        loop.asks(0);
        assertThat(loop.answered(0, 0)).isFalse();
        assertThatThrownBy(loop::await).hasMessageContaining("a reply of 0 bytes to 64");
    }

    @Test
    void blockingCallsAreRepeatedFromEverySlotUntilTheWindowIsOver() throws InterruptedException {
        // given
        ClosedLoop loop = new ClosedLoop(3, BYTES, TimeUnit.MILLISECONDS.toNanos(500));
        // when
        loop.runBlocking(slot -> BYTES);
        // then
        assertThat(loop.await().requests()).isPositive();
    }
}
