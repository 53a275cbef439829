package io.privateer.samples.demo;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LedgerTest {

    private final Ledger ledger = new Ledger();

    @Test
    void aRequestIsUnderWayUntilItIsAnswered() {
        // given
        ledger.onSent(1);
        ledger.onSent(2);
        assertThat(ledger.totals().open()).isEqualTo(2);
        // when
        ledger.onReplied(1, 5_000);
        // then
        assertThat(ledger.totals().open()).isEqualTo(1);
        assertThat(ledger.totals().answered()).isEqualTo(1);
        assertThat(ledger.totals().lost()).isEqualTo(1);
        assertThat(ledger.isAnswered(1)).isTrue();
        assertThat(ledger.isAnswered(2)).isFalse();
        assertThat(ledger.totals().duplicateReplies()).isZero();
    }

    @Test
    void aCallThatEndsWithoutItsReplyIsLost() {
        // when
        ledger.onSent(1);
        ledger.onFailed(1);
        // then
        assertThat(ledger.totals().open()).isZero();
        assertThat(ledger.totals().lost()).isEqualTo(1);
    }

    @Test
    void aSecondReplyIsADuplicateAndNoAnswer() {
        // when
        ledger.onSent(1);
        ledger.onReplied(1, 5_000);
        ledger.onReplied(1, 6_000);
        // then
        assertThat(ledger.totals().answered()).isEqualTo(1);
        assertThat(ledger.totals().duplicateReplies()).isEqualTo(1);
        assertThat(ledger.totals().maxMicros()).isBetween(4_990L, 5_010L);
    }

    @Test
    void repliesThatNobodyAskedForAreDuplicates() {
        // when
        ledger.onReplied(7, 5_000);
        ledger.onStrays(2);
        // then
        assertThat(ledger.totals().answered()).isZero();
        assertThat(ledger.totals().duplicateReplies()).isEqualTo(3);
    }

    @Test
    void everyRunAndEveryRetryCounts() {
        // when
        ledger.onRun();
        ledger.onRun();
        ledger.onRetries(1);
        // then
        assertThat(ledger.totals().executions()).isEqualTo(2);
        assertThat(ledger.totals().retries()).isEqualTo(1);
    }
}
