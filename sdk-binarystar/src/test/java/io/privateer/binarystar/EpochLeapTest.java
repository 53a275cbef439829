package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What a server does when its peer tells of an epoch that no pair ever comes to: a damaged or forged number. */
class EpochLeapTest extends StarWorld {

    private static final long KNOWN = 2;
    private static final long ABSURD = KNOWN + Epochs.SERVER_LEAP_MAX + 2;

    @Test
    void aPeerMayBeAheadByAsMuchAsAnybodyBelieves() {
        passive();
        hear(StarState.ACTIVE, KNOWN + Epochs.SERVER_LEAP_MAX);
        assertThat(machine.newestEpoch()).isEqualTo(KNOWN + Epochs.SERVER_LEAP_MAX);
        assertThat(take()).isEmpty();
        assertThat(machine.epochsRefused()).isZero();
    }

    @Test
    void aLeapIsRefusedAndCountedAndToldOnce() {
        passive();
        hear(StarState.ACTIVE, ABSURD);
        hear(StarState.ACTIVE, Epochs.MAX);
        assertThat(machine.newestEpoch()).isEqualTo(KNOWN);
        assertThat(take()).containsExactly("epoch refused " + ABSURD + " knows 2");
        assertThat(machine.epochsRefused()).isEqualTo(2);
        assertThat(lastStored).isEqualTo(-1);
    }

    @Test
    void theNextEpisodeIsToldAnew() {
        passive();
        hear(StarState.ACTIVE, ABSURD);
        hear(StarState.ACTIVE, KNOWN);
        take();
        hear(StarState.ACTIVE, ABSURD);
        assertThat(take()).containsExactly("epoch refused " + ABSURD + " knows 2");
    }

    @Test
    void anActiveServerStaysSo() {
        passive();
        pass(FAILOVER);
        vote();
        take();
        hear(StarState.ACTIVE, ABSURD);
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
        assertThat(machine.mayServe(now)).isTrue();
        assertThat(take()).containsExactly("epoch refused " + ABSURD + " knows 3");
    }

    @Test
    void whoSaysNothingElseIsSilentSoThatClientsGetTheOther() {
        passive();
        passWithPeer(FAILOVER, StarState.ACTIVE, ABSURD);
        vote();
        assertThat(take())
                .containsExactly(
                        "epoch refused " + ABSURD + " knows 2",
                        "peer silent",
                        "activate 3",
                        "PASSIVE to ACTIVE epoch 3 by CLIENT_VOTE");
    }

    @Test
    void noPromiseIsMadeUponALeap() {
        begin(Role.BACKUP, StarMode.PAIR_WITH_WITNESS, 0, KNOWN);
        hear(StarState.ACTIVE, KNOWN);
        long echoed = said().echo();
        pass(LEASE);
        hear(StarState.ACTIVE, ABSURD);
        vote();
        assertThat(said().echo()).isEqualTo(echoed);
        grant();
        assertThat(machine.state()).isEqualTo(StarState.ACTIVE);
    }

    private void passive() {
        begin(Role.BACKUP, StarMode.PAIR, 0, 0);
        hear(StarState.ACTIVE, KNOWN);
        take();
        lastStored = -1;
    }
}
