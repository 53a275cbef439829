package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How often requests are sent again, all together. */
class RetryBudgetTest extends ClientWorld {

    private static final CallOptions EAGER =
            OPTIONS.withAttemptTimeout(Duration.ofMillis(10)).withDeadline(Duration.ofSeconds(5));

    @ParameterizedTest
    @ValueSource(ints = {1, 50, 100, 1_000, 5_000})
    void sendsNoMoreThanTheBudgetAllowsWhileNobodyAnswers(int requests) {
        welcome(0, LIFE);
        for (int i = 0; i < requests; i++) {
            submit("ask", EAGER);
            if (i % 10 == 0) {
                pass(Duration.ofMillis(5), 0);
            }
        }
        pass(Duration.ofSeconds(6), 0);
        assertThat(machine.counters().retries).isLessThanOrEqualTo(Math.max(RetryBudget.ADVANCE, requests / 10));
        assertThat(machine.counters().retries).isPositive();
        assertThat(machine.counters().failed).isEqualTo(requests);
    }

    @Test
    void sendsNothingAgainDuringATotalOutage() {
        for (int i = 0; i < 1_000; i++) {
            submit("ask", EAGER);
            pass(Duration.ofMillis(20));
        }
        assertThat(machine.counters().retries).isZero();
        assertThat(machine.links().lost()).isPositive();
    }

    @Test
    void letsACallThatWasRefusedTheBudgetGoOnWhenLaterRequestsPay() {
        RetryBudget budget = new RetryBudget(0.5, 100);
        for (int i = 0; i < RetryBudget.ADVANCE; i++) {
            assertThat(budget.spend()).isTrue();
        }
        assertThat(budget.spend()).isFalse();
        for (int i = 0; i < 2 * RetryBudget.ADVANCE; i++) {
            budget.earn();
        }
        assertThat(budget.spend()).isFalse();
        budget.earn();
        budget.earn();
        assertThat(budget.spend()).isTrue();
        assertThat(budget.spend()).isFalse();
    }

    @Test
    void feedsTheCallThatHasWaitedLongest() {
        newMachine(config -> config.retryBudget(1));
        welcome(0, LIFE);
        for (int i = 0; i < 30; i++) {
            submit("ask", OPTIONS.withAttemptTimeout(Duration.ofSeconds(1)));
        }
        pass(Duration.ofMillis(1_500), 0);
        // given ten of advance paid back, and twenty earned and all spent: nothing left, none waits but the rest
        long sentAgain = machine.counters().retries;
        assertThat(sentAgain).isEqualTo(30);
        pass(Duration.ofMillis(1_500), 0);
        take();
        assertThat(machine.counters().retries).isEqualTo(30);
        assertThat(machine.counters().budgetRefusals).isPositive();
        // when one more request pays
        submit("pays");
        // then one goes again
        assertThat(takeRequests()).hasSize(2).first().isEqualTo("A request 31.1");
        // and those that have ended meanwhile are passed over
        for (int id = 1; id <= 29; id++) {
            reply(0, id);
        }
        take();
        submit("pays");
        assertThat(takeRequests()).contains("A request 32.1");
    }

    @Test
    void sendsEverythingAgainToAServerThatIsBackAndLetsLaterRequestsPay() {
        withOneEndpoint();
        welcome(0, LIFE);
        for (int i = 0; i < 5_000; i++) {
            submit("ask");
        }
        disconnect(0);
        pass(Duration.ofMillis(200));
        welcome(0, NEXT_LIFE);
        assertThat(machine.counters().retries).isEqualTo(5_000);
        assertThat(machine.counters().budgetRefusals).isZero();
    }

    @Test
    void doesNotFloodAServerThatComesAndGoes() {
        newMachine(config -> config.endpoints("tcp://a:1").inFlightMax(1_000));
        welcome(0, LIFE);
        for (int i = 0; i < 1_000; i++) {
            submit("ask", OPTIONS.withDeadline(Duration.ofMinutes(10)));
        }
        for (int life = 0; life < 20; life++) {
            disconnect(0);
            pass(Duration.ofMillis(1_100));
            welcome(0, NEXT_LIFE);
        }
        assertThat(machine.counters().retries).isBetween(1_000L, 1_200L);
    }

    @Test
    void neverSendsAgainWithoutABudget() {
        RetryBudget none = new RetryBudget(0, 100);
        none.earn();
        assertThat(none.spend()).isFalse();
        assertThat(none.borrow()).isFalse();
    }
}
