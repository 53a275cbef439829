package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EpochsTest {

    @Test
    void thePrimaryDrawsTheNextEvenAndTheBackupTheNextOddNumber() {
        for (long seen = 0; seen < 100; seen++) {
            long primary = Epochs.next(Role.PRIMARY, seen);
            long backup = Epochs.next(Role.BACKUP, seen);
            assertThat(primary).isEven().isBetween(seen + 1, seen + 2);
            assertThat(backup).isOdd().isBetween(seen + 1, seen + 2);
            assertThat(Epochs.wasLastActive(Role.PRIMARY, primary)).isTrue();
            assertThat(Epochs.wasLastActive(Role.BACKUP, primary)).isFalse();
            assertThat(Epochs.wasLastActive(Role.BACKUP, backup)).isTrue();
            assertThat(Epochs.wasLastActive(Role.PRIMARY, backup)).isFalse();
        }
    }

    @Test
    void withoutAnyEpochItIsThePrimarysTurn() {
        assertThat(Epochs.wasLastActive(Role.PRIMARY, Epochs.NONE)).isFalse();
        assertThat(Epochs.wasLastActive(Role.BACKUP, Epochs.NONE)).isTrue();
    }

    @Test
    void whatNoServerCanHaveDrawnIsNotValid() {
        assertThat(Epochs.isValid(-1)).isFalse();
        assertThat(Epochs.isValid(0)).isTrue();
        assertThat(Epochs.isValid(Epochs.MAX)).isTrue();
        assertThat(Epochs.isValid(Epochs.MAX + 1)).isFalse();
    }

    @Test
    void aNumberFarAheadIsNotBelieved() {
        assertThat(Epochs.isCredible(7, 7 + (1L << 20))).isTrue();
        assertThat(Epochs.isCredible(7, 8 + (1L << 20))).isFalse();
        assertThat(Epochs.isCredible(7, -1)).isFalse();
    }
}
