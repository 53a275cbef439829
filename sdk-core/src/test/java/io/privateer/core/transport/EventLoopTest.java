package io.privateer.core.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.TransportFailedException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class EventLoopTest {

    private final EventLoop loop = EventLoop.open("test");

    @AfterEach
    void closeLoop() {
        loop.close();
    }

    @Test
    void runsTasksOfOneThreadInOrderOnItsOwnThread() {
        // given many tasks
        List<Integer> ran = new CopyOnWriteArrayList<>();
        for (int i = 0; i < 5_000; i++) {
            int number = i;
            loop.execute(() -> {
                assertThat(loop.isLoopThread()).isTrue();
                if (number % 100 == 0) {
                    ran.add(number);
                }
            });
        }
        // when the last has run
        loop.call(() -> true);
        // then they ran in order
        assertThat(ran).hasSize(50).isSorted();
    }

    @Test
    void firesATimerAfterItsDeadline() {
        long[] times = new long[2];
        CountDownLatch fired = new CountDownLatch(1);
        loop.execute(() -> {
            LoopTimer timer = loop.timer(() -> {
                times[1] = loop.clock().nanoTime();
                fired.countDown();
            });
            times[0] = loop.clock().nanoTime() + 20_000_000;
            timer.arm(times[0]);
        });
        await().until(() -> fired.getCount() == 0);
        assertThat(times[1] - times[0]).isNotNegative();
    }

    @Test
    void losesNoTaskToInterruptsOfItsThread() {
        AtomicInteger ran = new AtomicInteger();
        Thread[] loopThread = new Thread[1];
        loop.call(() -> loopThread[0] = Thread.currentThread());
        for (int i = 0; i < 2_000; i++) {
            loop.execute(ran::incrementAndGet);
            if (i % 10 == 0) {
                loopThread[0].interrupt();
            }
        }
        await().until(() -> ran.get() == 2_000);
        assertThat(loop.failure()).isNull();
    }

    @Test
    void tellsItsMembersOnceThatItIsClosedAndTakesNoTaskAfterwards() {
        // given a member
        AtomicInteger told = new AtomicInteger();
        loop.call(() -> {
            loop.join(failure -> {
                assertThat(failure).isNull();
                told.incrementAndGet();
            });
            return true;
        });
        // when the loop is closed, twice
        loop.close();
        loop.close();
        // then the member heard of it and the loop is over
        assertThat(told).hasValue(1);
        assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(ClosedException.class);
        assertThatThrownBy(() -> loop.call(() -> true)).isInstanceOf(ClosedException.class);
    }

    @Test
    void endsLoudlyWhenATaskThrows() {
        // given a member
        AtomicReference<Throwable> told = new AtomicReference<>();
        loop.call(() -> {
            loop.join(told::set);
            return true;
        });
        // when a bug shows on the loop
        IllegalStateException bug = new IllegalStateException("bug");
        loop.execute(() -> {
            throw bug;
        });
        // then the member is told, and everybody else on the next call
        await().untilAsserted(() -> assertThat(told).hasValue(bug));
        await().untilAsserted(() -> assertThatThrownBy(() -> loop.execute(() -> {}))
                .isInstanceOf(TransportFailedException.class)
                .hasCause(bug));
        assertThat(loop.failure()).isSameAs(bug);
    }

    @Test
    void handsWhatACallThrowsToTheCallerAndGoesOn() {
        assertThatThrownBy(() -> loop.call(() -> {
                    throw new IllegalArgumentException("mine");
                }))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("mine");
        assertThat(loop.call(() -> 42)).isEqualTo(42);
    }

    @Test
    void canBeClosedFromItsOwnThread() {
        loop.execute(loop::close);
        await().untilAsserted(
                        () -> assertThatThrownBy(() -> loop.execute(() -> {})).isInstanceOf(ClosedException.class));
    }

    @Test
    void namesTheSettingAndTheEndpointThatCannotBeBound() {
        RouterSocket first = loop.call(() -> router("tcp://127.0.0.1:*"));
        assertThatThrownBy(() -> loop.call(() -> router(first.endpoint())))
                .isInstanceOf(EndpointException.class)
                .hasMessage("frontend cannot be bound: " + first.endpoint()
                        + " (in use already, or no address of this machine)");
        assertThat(loop.failure()).isNull();
    }

    @Test
    void namesTheHostThatDoesNotResolve() {
        assertThatThrownBy(() -> loop.call(() -> loop.connectDealer(
                        "tcp://no-such-host.invalid:5555", null, SocketSettings.defaults(), new NoHandler())))
                .isInstanceOf(EndpointException.class)
                .hasMessage("endpoint cannot be connected: tcp://no-such-host.invalid:5555 (no such host)");
        assertThat(loop.failure()).isNull();
    }

    @Test
    void keepsSocketsToItsOwnThread() {
        assertThatThrownBy(() -> router("tcp://127.0.0.1:*")).isInstanceOf(IllegalStateException.class);
    }

    @Test
    void closesQuicklyWithPeersThatAreNotThere() {
        // given sockets with unsent messages for nobody
        loop.call(() -> {
            for (int i = 0; i < 10; i++) {
                DealerSocket socket =
                        loop.connectDealer("tcp://127.0.0.1:1", null, SocketSettings.defaults(), new NoHandler());
                socket.send(new byte[] {1});
            }
            return true;
        });
        // when the loop is closed, then it does not wait for them
        await().atMost(Duration.ofSeconds(4)).until(() -> {
            loop.close();
            return true;
        });
    }

    private RouterSocket router(String endpoint) {
        return loop.bindRouter("frontend", endpoint, SocketSettings.defaults(), new NoHandler());
    }

    private static final class NoHandler implements RouterSocket.Handler, DealerSocket.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {}

        @Override
        public void onPeerGone(Identity peer) {}

        @Override
        public void onMessage(byte[][] frames) {}

        @Override
        public void onDisconnected() {}
    }
}
