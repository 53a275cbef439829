package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.PeerId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a promise is worth, and when it is worth nothing. */
class LeaseBookTest {

    private static final long LEASE = StarWorld.LEASE;
    private static final long HELD = LEASE / 100 * 99;
    private static final PeerId X = new PeerId(2, 1);
    private static final PeerId Y = new PeerId(2, 2);

    private final LeaseBook book = new LeaseBook(StarWorld.settings(Role.PRIMARY, StarMode.PAIR_WITH_WITNESS));

    @ParameterizedTest
    @ValueSource(longs = {0, Long.MAX_VALUE - 1})
    void anEchoCountsFromWhenItsStateWasSent(long origin) {
        book.onSent(origin, 7);
        book.onEcho(origin + HELD, 7);
        assertThat(book.isHeld(origin + HELD)).isFalse();
        book.onEcho(origin + 5, 7);
        assertThat(book.isHeld(origin + HELD - 1)).isTrue();
        assertThat(book.heldUntilNanos()).isEqualTo(origin + HELD);
        assertThat(book.isHeld(origin + HELD)).isFalse();
    }

    @Test
    void anEchoOfSomethingElseIsWorthNothing() {
        book.onSent(0, 7);
        book.onEcho(1, 8);
        book.onEcho(1, 0);
        book.onActive(8);
        book.onEcho(1, 7);
        assertThat(book.isHeld(1)).isFalse();
    }

    @Test
    void anOlderEchoShortensNothing() {
        book.onSent(0, 7);
        book.onSent(10, 8);
        book.onEcho(11, 8);
        book.onEcho(12, 7);
        assertThat(book.heldUntilNanos()).isEqualTo(10 + HELD);
    }

    @Test
    void aGrantCountsFromItsQuestionIfThatIsOneOfTheLast() {
        long first = book.onAsk(0);
        book.onGranted(1, first + 1);
        book.onGranted(HELD, first);
        assertThat(book.isHeld(1)).isFalse();
        book.onGranted(1, first);
        assertThat(book.isWitnessHeld(HELD - 1)).isTrue();
        assertThat(book.isWitnessHeld(HELD)).isFalse();
        for (int i = 0; i < 64; i++) {
            book.onAsk(HELD);
        }
        book.onGranted(HELD, first); // Its place is another's by now.
        assertThat(book.isHeld(HELD)).isFalse();
    }

    @Test
    void anOlderGrantShortensNothing() {
        long first = book.onAsk(0);
        long second = book.onAsk(10);
        book.onGranted(11, second);
        book.onGranted(12, first);
        assertThat(book.heldUntilNanos()).isEqualTo(10 + HELD);
    }

    @Test
    void ofTwoPromisesTheLaterCounts() {
        book.onSent(0, 7);
        book.onGranted(1, book.onAsk(1));
        book.onEcho(2, 7);
        assertThat(book.heldUntilNanos()).isEqualTo(1 + HELD);
        book.onSent(5, 8);
        book.onEcho(6, 8);
        assertThat(book.heldUntilNanos()).isEqualTo(5 + HELD);
    }

    @Test
    void whatIsForgoneDoesNotComeBack() {
        book.onSent(0, 7);
        long asked = book.onAsk(0);
        book.onGranted(1, asked);
        assertThat(book.forgo(8)).isEqualTo(asked + 1);
        book.onGranted(2, asked);
        book.onEcho(2, 7);
        assertThat(book.isHeld(2)).isFalse();
    }

    @Test
    void aPromiseLastsAFullLeaseAndOnlyItsReceiverCanTakeItBack() {
        assertThat(book.hasPromised(0)).isFalse();
        book.promise(0, X);
        book.takeBackPromise(Y);
        assertThat(book.hasPromised(LEASE - 1)).isTrue();
        book.takeBackPromise(X);
        assertThat(book.hasPromised(1)).isFalse();
        book.promise(5, X);
        book.promise(9, Y);
        book.takeBackPromise(Y);
        assertThat(book.hasPromised(10)).isTrue();
        assertThat(book.promisedUntilNanos()).isEqualTo(5 + LEASE);
        assertThat(book.hasPromised(5 + LEASE)).isFalse();
    }

    @Test
    void whatAnEarlierLifeMayHavePromisedIsKept() {
        book.onStart(0);
        book.promise(1, X);
        book.takeBackPromise(X);
        assertThat(book.hasPromised(LEASE - 1)).isTrue();
        assertThat(book.hasPromised(LEASE)).isFalse();
    }
}
