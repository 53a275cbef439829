package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.EndpointException;
import io.privateer.core.Randomness;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.PubSocket;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.transport.SubSocket;
import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending.Credit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Brokers with real sockets in one process, each on a loop of its own. */
class StateFlowTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String ANY = "tcp://127.0.0.1:*";
    private static final long MILLI = 1_000_000;

    private final List<Running> brokers = new ArrayList<>();

    /** Lets the slow name server answer. */
    private final Semaphore slow = new Semaphore(0);

    @AfterEach
    void close() {
        brokers.forEach(Running::end);
    }

    private Running broker(String name) {
        return broker(name, ANY);
    }

    private Running broker(String name, String bind) {
        Running broker = new Running(name, bind, PeerId.random(Randomness.system()), this::addressesOf);
        brokers.add(broker);
        return broker;
    }

    /** All names are this machine's. */
    private List<String> addressesOf(String host) {
        if (host.startsWith("slow")) {
            slow.acquireUninterruptibly();
        }
        return List.of("127.0.0.1");
    }

    /** One broker, its lenders and its listener. */
    private static final class Running implements LenderPort, PeeringListener {
        final List<String> log = new CopyOnWriteArrayList<>();
        final PeerId life;
        private final EventLoop loop;
        final StateFlow flow;

        Running(String name, String bind, PeerId life, HostWatch.Lookup names) {
            this.life = life;
            loop = EventLoop.open(name);
            PeeringSettings settings = new PeeringSettings(
                    name,
                    List.of(bind),
                    List.of("tcp://" + name + ":2"),
                    20 * MILLI,
                    200 * MILLI,
                    600 * MILLI,
                    600 * MILLI,
                    1_200 * MILLI,
                    2_400 * MILLI);
            flow = await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> loop.call(() -> new StateFlow(loop, bind, settings, this, this, names)), it -> true);
            order(it -> {
                it.start(life);
                return true;
            });
        }

        <T> T order(Function<StateFlow, T> order) {
            return loop.call(() -> order.apply(flow));
        }

        long introductions() {
            return order(StateFlow::stats).membership().introductions();
        }

        boolean ask(Predicate<StateFlow> question) {
            return order(question::test);
        }

        String endpoint() {
            return flow.endpoint();
        }

        Running joins(Running seed) {
            assertThat(ask(it -> it.addPeer(List.of(seed.endpoint())))).isTrue();
            return this;
        }

        boolean knows(Running... others) {
            List<PeerView> views = order(StateFlow::peers);
            return views.size() == others.length
                    && List.of(others).stream().allMatch(other -> views.stream()
                            .anyMatch(view ->
                                    view.incarnation().equals(other.life) && view.liveness() == PeerLiveness.PRESENT));
        }

        /** As if it were killed: nobody is told. */
        void vanish() {
            standBy();
            end();
        }

        void standBy() {
            order(it -> {
                it.standBy();
                return true;
            });
        }

        void end() {
            loop.close();
        }

        @Override
        public void lenderOpen(String name, PeerId incarnation, String cloudEndpoint) {
            log.add("open " + name + " " + cloudEndpoint);
        }

        @Override
        public void lenderCredit(String name, Map<String, Credit> credit) {
            log.add("credit " + name + " " + MembershipWorld.text(credit));
        }

        @Override
        public void lenderClose(String name, boolean drain) {
            log.add("close " + name + (drain ? " drain" : ""));
        }

        @Override
        public void vote(String cloudEndpoint) {
            log.add("vote " + cloudEndpoint);
        }

        @Override
        public void onEnter(Peer peer) {
            log.add("enter " + peer.name());
        }

        @Override
        public void onEvasive(Peer peer, Duration silentFor) {
            log.add("evasive " + peer.name());
        }

        @Override
        public void onSilent(Peer peer, Duration silentFor) {
            log.add("silent " + peer.name());
        }

        @Override
        public void onReturned(Peer peer) {
            log.add("returned " + peer.name());
            throw new IllegalStateException("a listener that fails");
        }

        @Override
        public void onExit(Peer peer, ExitCause cause) {
            log.add("exit " + peer.name() + " " + cause);
        }

        @Override
        public void onFailed(Throwable cause) {
            log.add("failed");
        }

        @Override
        public void onMisconfigured(Misconfigured event) {
            log.add(event.what() + " " + event.name());
        }
    }

    @Test
    void threeThatKnowOneAddressKnowEachOtherAndWhatTheyCanDo() {
        Running seed = broker("seed");
        Running west = broker("west").joins(seed);
        Running east = broker("east").joins(seed);
        await().atMost(SOON).until(() -> seed.knows(west, east) && west.knows(seed, east) && east.knows(seed, west));
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(east.log).contains("open west tcp://127.0.0.1:2", "enter west"));
        west.order(it -> {
            it.local(new LocalCapacity.Builder()
                    .service("default", 7, 0, 0)
                    .held(east.life, "default", 2)
                    .build());
            return true;
        });
        await().atMost(SOON)
                .until(() ->
                        east.log.contains("credit west {default=9}") && seed.log.contains("credit west {default=7}"));
        StateFlowStats stats = east.order(StateFlow::stats);
        assertThat(stats.published()).isPositive();
        assertThat(stats.publishedBytes()).isGreaterThan(stats.published());
        assertThat(stats.receivedBytes()).isGreaterThan(stats.received());
        assertThat(stats.malformed()).isZero();
        assertThat(stats.membership().introductions()).isGreaterThan(1);
    }

    @Test
    void oneThatIsStartedAgainAtItsAddressTakesItsPlaceAndOneThatLeavesIsForgotten() {
        Running seed = broker("seed");
        Running west = broker("west").joins(seed);
        Running east = broker("east").joins(seed);
        await().atMost(SOON).until(() -> seed.knows(west, east) && west.knows(seed, east) && east.knows(seed, west));
        // when the one that all know vanishes and comes back
        String endpoint = seed.endpoint();
        seed.vanish();
        Running again = broker("seed", endpoint);
        await().atMost(SOON).until(() -> again.knows(west, east) && west.knows(again, east) && east.knows(again, west));
        assertThat(west.log).containsAnyOf("exit seed RESTARTED", "exit seed EXPIRED");
        // when it leaves in good order
        again.order(it -> {
            it.leave();
            return true;
        });
        again.end();
        await().atMost(SOON).until(() -> west.knows(east) && east.knows(west));
        await().atMost(SOON).untilAsserted(() -> assertThat(west.log).contains("close seed drain", "exit seed LEFT"));
        assertThat(west.ask(it -> it.removePeer("east"))).isTrue();
        assertThat(west.ask(it -> it.removePeer("east"))).isFalse();
        await().atMost(SOON).untilAsserted(() -> assertThat(west.log).contains("exit east REMOVED"));
        // then that one finds itself missing, and introduces itself, to no avail
        long before = west.introductions();
        await().atMost(SOON).until(() -> west.introductions() > before + 1);
        assertThat(west.knows()).isTrue();
    }

    @Test
    void oneWhoseLoopFailsSaysSo() {
        Running seed = broker("seed");
        seed.loop.execute(() -> {
            throw new IllegalStateException("a task that fails");
        });
        await().atMost(SOON).until(() -> seed.log.contains("failed"));
    }

    @Test
    void oneThatIsClosedSaysGoodbye() {
        Running seed = broker("seed");
        Running west = broker("west").joins(seed);
        await().atMost(SOON).until(() -> seed.knows(west));
        west.end();
        await().atMost(SOON).untilAsserted(() -> assertThat(seed.log).contains("exit west LEFT"));
    }

    @Test
    void oneThatStandsByIsEvasiveAndServesAgainAsAnotherLife() {
        Running seed = broker("seed");
        Running west = broker("west").joins(seed);
        await().atMost(SOON).until(() -> seed.knows(west) && west.knows(seed));
        west.standBy();
        await().atMost(SOON).until(() -> seed.log.contains("evasive west"));
        west.order(it -> {
            it.start(PeerId.random(Randomness.system()));
            return true;
        });
        await().atMost(SOON)
                .until(() -> seed.log.contains("exit west RESTARTED") || seed.log.contains("exit west EXPIRED"));
    }

    @Test
    void misconfigurationsAreTold() {
        Running seed = broker("seed");
        seed.joins(seed);
        await().atMost(SOON).until(() -> seed.log.contains("SELF seed"));
        Running first = broker("west").joins(seed);
        await().atMost(SOON).until(() -> seed.knows(first) && first.knows(seed));
        Running second = broker("west").joins(seed);
        await().atMost(SOON)
                .until(() -> seed.log.contains("NAME_TAKEN west") && second.log.contains("NAME_TAKEN west"));
        assertThat(seed.knows(first)).isTrue();
    }

    @Test
    void strangersAreCountedAndDoNoHarm() {
        Running seed = broker("seed");
        EventLoop loop = EventLoop.open("stranger");
        try {
            SocketSettings settings = SocketSettings.defaults();
            PubSocket stranger = loop.call(() -> loop.bindPub("state", ANY, settings));
            seed.ask(it -> it.addPeer(List.of(stranger.endpoint())));
            byte[] rubbish = {'P', 'R', 'C', 1, 0, 0, 0, 0};
            byte[] future = {'P', 'R', 'C', 2};
            await().atMost(SOON)
                    .until(() -> loop.call(() -> {
                                stranger.send(rubbish);
                                stranger.send(future, rubbish);
                                stranger.send(future);
                                return true;
                            })
                            && seed.log.contains("UNKNOWN_VERSION "));
            assertThat(seed.order(StateFlow::stats).malformed()).isPositive();
            // and one that subscribes to rubbish
            long before = seed.order(StateFlow::stats).malformed();
            SubSocket sub = loop.call(() -> loop.connectSub(seed.endpoint(), settings, new Deaf()));
            loop.execute(() -> sub.subscribe(new byte[] {'P', 'R', 'I', 1, 'x'}));
            await().atMost(SOON).until(() -> seed.order(StateFlow::stats).malformed() > before);
        } finally {
            loop.close();
        }
        assertThat(seed.log).containsOnlyOnce("UNKNOWN_VERSION ");
        Running west = broker("west").joins(seed);
        await().atMost(SOON).until(() -> seed.knows(west) && west.knows(seed));
    }

    private static final class Deaf implements SubSocket.Handler {
        @Override
        public void onMessage(byte[][] frames) {}

        @Override
        public void onDisconnected() {}
    }

    @Test
    void aPeerIsFoundByItsNameWhileTheNameServerIsSlowToAnswerForAnother() {
        // given a broker that is to listen to a host of which its name server says nothing
        Running seed = broker("seed");
        Running west = broker("west");
        assertThat(west.ask(it -> it.addPeer(List.of("tcp://slow.example:1")))).isTrue();
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(slow.hasQueuedThreads()).isTrue());
        // when it is told of another by name
        String port = seed.endpoint().substring(seed.endpoint().lastIndexOf(':'));
        assertThat(west.ask(it -> it.addPeer(List.of("tcp://seed.example" + port))))
                .isTrue();
        // then they come to know each other
        await().atMost(SOON).until(() -> west.knows(seed) && seed.knows(west));
        slow.release();
    }

    @Test
    void aHostThatNobodyKnowsIsNoReasonToFail() {
        Running seed = broker("seed");
        assertThat(seed.ask(it -> it.addPeer(List.of("tcp://no-such-host.invalid:1"))))
                .isTrue();
        assertThat(seed.order(StateFlow::stats).membership().links()).isEqualTo(1);
        assertThat(seed.ask(it -> it.removePeer("nobody"))).isFalse();
    }

    @Test
    void anAddressThatIsTakenIsAnError() {
        Running seed = broker("seed");
        PeeringSettings settings = PeeringSettings.of("west", List.of(seed.endpoint()), List.of("tcp://west:2"));
        assertThatThrownBy(() -> seed.order(it -> new StateFlow(seed.loop, seed.endpoint(), settings, seed, seed)))
                .isInstanceOf(EndpointException.class)
                .hasMessageContaining("state cannot be bound");
    }
}
