package io.privateer.chaos;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.StarState;
import io.privateer.core.Guarded;
import io.privateer.core.GuardedSwitch;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two servers on two networks, over real sockets: the loss of one of the two means nothing. */
class TwoStateLinksTest {

    private static final Duration BEAT = Duration.ofMillis(300);
    private static final Duration SOON = Duration.ofSeconds(20);

    private final String[] primaryState = {FreeEndpoint.get(), FreeEndpoint.get()};
    private final String[] backupState = {FreeEndpoint.get(), FreeEndpoint.get()};
    private final TcpPipe[] toPrimary = {new TcpPipe(primaryState[0]), new TcpPipe(primaryState[1])};
    private final TcpPipe[] toBackup = {new TcpPipe(backupState[0]), new TcpPipe(backupState[1])};
    private final GuardedSwitch first = Guarded.of(epoch -> {}, () -> {});
    private final GuardedSwitch second = Guarded.of(epoch -> {}, () -> {});
    private final BinaryStarServer primary = start(BinaryStarServer.primary(), primaryState, toBackup, first);
    private final BinaryStarServer backup = start(BinaryStarServer.backup(), backupState, toPrimary, second);

    TwoStateLinksTest() throws IOException {}

    private static BinaryStarServer start(
            BinaryStarConfig.Builder server, String[] state, TcpPipe[] peer, GuardedSwitch service) {
        return server.state(state)
                .peerState(peer[0].endpoint(), peer[1].endpoint())
                .heartbeat(BEAT)
                .guard(service);
    }

    @AfterEach
    void close() throws IOException {
        primary.close();
        backup.close();
        for (int link = 0; link < 2; link++) {
            toPrimary[link].close();
            toBackup[link].close();
        }
    }

    @Test
    void asLongAsOneOfTwoLinksWorksNobodyTakesOver() {
        await().atMost(SOON).until(() -> first.isServing() && backup.stats().state() == StarState.PASSIVE);
        for (int cut = 0; cut < 2; cut++) {
            // when one link goes silent for many failover times, and clients ask the passive server
            hold(cut);
            await().during(BEAT.multipliedBy(10)).atMost(SOON).until(() -> !second.admit());
            // then it stays what it is
            assertThat(backup.stats().peerGone()).isFalse();
            assertThat(backup.stats().state()).isEqualTo(StarState.PASSIVE);
            assertThat(primary.stats().epoch()).isEqualTo(2);
            release(cut);
        }
        // and when both do, it takes over
        hold(0);
        hold(1);
        await().atMost(SOON).until(second::admit);
        assertThat(backup.stats().epoch()).isEqualTo(3);
        release(0);
        release(1);
        await().atMost(SOON).until(() -> !first.isServing() && second.isServing());
    }

    private void hold(int link) {
        toPrimary[link].hold();
        toBackup[link].hold();
    }

    private void release(int link) {
        toPrimary[link].release();
        toBackup[link].release();
    }
}
