package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PirateWorkerConfigTest {

    private static PirateWorkerConfig.Builder builder(WorkerDialect dialect) {
        return PirateWorker.builder(WorkerHandler.of(Request::message))
                .queue("tcp://127.0.0.1:5556")
                .dialect(dialect);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "4, 8", "5, 10", "10000, 16384"})
    void theDefaultCreditFollowsTheConcurrency(int concurrency, int credit) {
        assertThat(builder(WorkerDialect.PRV).concurrency(concurrency).build().credit())
                .isEqualTo(credit);
    }

    @Test
    void theCreditIsAtLeastTheConcurrency() {
        assertThat(builder(WorkerDialect.PRV).concurrency(4).credit(4).build().credit())
                .isEqualTo(4);
        assertThatThrownBy(() ->
                        builder(WorkerDialect.PRV).concurrency(4).credit(3).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("credit must be >= concurrency=4: 3");
        assertThatThrownBy(() -> builder(WorkerDialect.PRV).credit(16_385))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("credit must be between 1 and 16384: 16385");
    }

    @Test
    @SuppressWarnings("NullAway") // A mistake to be made.
    void wrongValuesAreRefusedByTheirOwnName() {
        assertThatThrownBy(() -> builder(WorkerDialect.PRV).concurrency(16_385))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("concurrency must be between 1 and 16384: 16385");
        assertThatThrownBy(() -> builder(WorkerDialect.PRV).concurrency(0))
                .hasMessage("concurrency must be between 1 and 16384: 0");
        assertThatThrownBy(() -> builder(WorkerDialect.PRV).service(null))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("service");
    }

    @Test
    void pppHasNoServicesAndNoCredit() {
        assertThatThrownBy(() -> builder(WorkerDialect.PPP).service("resize").build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("service must be empty with dialect PPP, which cannot name one: resize");
        assertThatThrownBy(() -> builder(WorkerDialect.PPP).credit(8).build())
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("credit must be left out with dialect PPP, which takes one at a time: 8");
    }

    @Test
    void aServiceFitsItsLengthByte() {
        assertThat(builder(WorkerDialect.PRV).service("é".repeat(127)).build().service())
                .hasSize(127);
        assertThatThrownBy(() -> builder(WorkerDialect.PRV).service("é".repeat(128)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("service must be of at most 255 bytes");
    }

    @Test
    void aRequestThatCameByPppSaysWhatPppCarries() {
        Request request = new PppRequest(new byte[][] {{'x'}});
        request.progress();
        request.onCancel(() -> {
            throw new AssertionError("nobody cancels");
        });
        assertThat(request.text()).isEqualTo("x");
        assertThat(request.body()).containsExactly('x');
        assertThat(request.headers()).isEmpty();
        assertThat(request.header("any")).isEmpty();
        assertThat(request.service()).isEmpty();
        assertThat(request.attempt()).isEqualTo(1);
        assertThat(request.remaining()).isEmpty();
        assertThat(request.isCancelled()).isFalse();
        assertThat(request).hasToString("Request[Message[frames=1, sizeBytes=1]]");
    }
}
