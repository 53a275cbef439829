package io.privateer.peering;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.core.EndpointException;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending.Credit;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How the hosts of peers are found, and what their lenders do until then. */
class HostWatchTest {

    private static final Duration SOON = Duration.ofSeconds(20);
    private static final PeerId FIRST = new PeerId(0, 1);
    private static final PeerId SECOND = new PeerId(0, 2);
    private static final String EAST = "tcp://east.example:1";

    private final EventLoop loop = EventLoop.open("hosts");
    private final Map<String, List<String>> known = new ConcurrentHashMap<>();
    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<String> answered = new CopyOnWriteArrayList<>();
    private final Semaphore answers = new Semaphore(0);
    private final HostWatch hosts = loop.call(() -> new HostWatch(loop, this::addressesOf, 5_000_000));
    private final LocatedLenders lenders =
            new LocatedLenders(hosts, new PeeringObserver(loop, "west", new PeeringListener() {}), new Lenders());

    @AfterEach
    void close() {
        loop.call(() -> {
            hosts.close();
            return true;
        });
        loop.close();
    }

    /** Never on the loop's thread, which waits for nobody. */
    private List<String> addressesOf(String host) throws UnknownHostException {
        asked.add(host + (loop.isLoopThread() ? " on the loop" : ""));
        answers.acquireUninterruptibly();
        List<String> addresses = known.get(host);
        answered.add(host);
        if (addresses == null) {
            throw new UnknownHostException(host);
        }
        if (addresses.isEmpty()) {
            throw new IllegalStateException(host);
        }
        return addresses;
    }

    private void answerAlways() {
        answers.release(1_000_000);
    }

    private void order(Runnable order) {
        loop.call(() -> {
            order.run();
            return true;
        });
    }

    private void awaitTold(String... lines) {
        await().atMost(SOON).untilAsserted(() -> assertThat(told).containsExactly(lines));
    }

    /** Waits until everybody who is looked for has been looked for again, and more than once. */
    private void awaitAskedAgain() {
        int before = asked.size();
        await().atMost(SOON).until(() -> asked.size() > before + 4);
    }

    private final class Seeker implements HostWatch.Seeker {
        @Override
        public boolean onFound(String at) {
            told.add("found " + at);
            return true;
        }

        @Override
        public void onUnknown(EndpointException why) {
            told.add(String.valueOf(why.getMessage()));
        }
    }

    private final class Lenders implements LenderPort {
        @Override
        public void lenderOpen(String name, PeerId incarnation, String cloudEndpoint) {
            told.add("open " + incarnation.low() + " " + cloudEndpoint);
        }

        @Override
        public void lenderCredit(String name, Map<String, Credit> credit) {
            told.add("credit " + credit.values().stream().map(Credit::inAll).toList());
        }

        @Override
        public void lenderClose(String name, boolean drain) {
            told.add("close" + (drain ? " drain" : ""));
        }

        @Override
        public void vote(String cloudEndpoint) {
            told.add("vote " + cloudEndpoint);
        }
    }

    @Test
    void whoHasAnAddressIsFoundAtOnceAndNobodyIsAsked() {
        order(() -> {
            hosts.look("tcp://127.0.0.1:7", new Seeker());
            hosts.look("tcp://[::1]:8", new Seeker());
            hosts.look("tcp://[2001:DB8::ffff:10.0.0.255]:9", new Seeker());
        });
        assertThat(told)
                .containsExactly(
                        "found tcp://127.0.0.1:7", "found tcp://[::1]:8", "found tcp://[2001:DB8::ffff:10.0.0.255]:9");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "999.9.9.9",
                "1.2.3.256",
                "1.2.3.4.5",
                "010.0.0.1",
                "[east.example]",
                "[dead.beef]",
                "[.:1]",
                "[fe80::1%east]",
                "[]"
            })
    void whatOnlyLooksLikeAnAddressIsLookedForOffTheLoop(String host) {
        order(() -> hosts.look("tcp://" + host + ":1", new Seeker()));
        await().atMost(SOON).until(() -> !asked.isEmpty());
        assertThat(asked).containsOnly(host);
        assertThat(told).isEmpty();
        answerAlways();
    }

    @Test
    void theLoopGoesOnWhileTheNameServerDoesNot() {
        known.put("east.example", List.of("10.0.0.1", "10.0.0.2"));
        order(() -> hosts.look(EAST, new Seeker()));
        order(() -> told.add("goes on"));
        answerAlways();
        awaitTold("goes on", "found tcp://10.0.0.1:1");
        assertThat(asked).containsOnly("east.example");
    }

    @Test
    void aHostHasMovedWhenItHasItsAddressNoMore() {
        answerAlways();
        known.put("east.example", List.of("10.0.0.1"));
        order(() -> hosts.look(EAST, new Seeker()));
        awaitTold("found tcp://10.0.0.1:1");
        known.put("east.example", List.of("10.0.0.2", "10.0.0.1"));
        awaitAskedAgain();
        known.remove("east.example");
        awaitAskedAgain();
        assertThat(told).hasSize(1);
        known.put("east.example", List.of("10.0.0.2"));
        awaitTold("found tcp://10.0.0.1:1", "found tcp://10.0.0.2:1");
    }

    @Test
    void aHostThatIsNotKnownIsLookedForUntilItIs() {
        answerAlways();
        order(() -> hosts.look(EAST, new Seeker()));
        await().atMost(SOON).until(() -> told.size() > 2);
        assertThat(told).containsOnly("host is not known: east.example");
        known.put("east.example", List.of("10.0.0.1"));
        await().atMost(SOON).until(() -> told.contains("found tcp://10.0.0.1:1"));
    }

    @Test
    void aLookupThatFailsIsAnUnknownHostAndIsDoneAgain() {
        answerAlways();
        known.put("east.example", List.of()); // Which the lookup here cannot bear.
        order(() -> hosts.look(EAST, new Seeker()));
        await().atMost(SOON).until(() -> told.size() > 2);
        assertThat(told).containsOnly("host is not known: east.example");
        known.put("east.example", List.of("10.0.0.1"));
        await().atMost(SOON).until(() -> told.contains("found tcp://10.0.0.1:1"));
    }

    @Test
    void aVoteIsCastOnceWhereItsHostIsKnown() {
        answerAlways();
        known.put("east.example", List.of("10.0.0.1"));
        known.put("west.example", List.of("10.0.0.8"));
        order(() -> {
            lenders.vote("tcp://10.0.0.9:1");
            lenders.vote("tcp://nobody.example:1");
            lenders.vote(EAST);
        });
        awaitTold("vote tcp://10.0.0.9:1", "vote tcp://10.0.0.1:1");
        await().atMost(SOON).until(() -> answered.contains("nobody.example"));
        // when they become known, or move, then they are not looked for any more
        order(() -> hosts.look("tcp://west.example:1", new Seeker()));
        known.put("nobody.example", List.of("10.0.0.3"));
        known.put("east.example", List.of("10.0.0.2"));
        awaitAskedAgain();
        awaitTold("vote tcp://10.0.0.9:1", "vote tcp://10.0.0.1:1", "found tcp://10.0.0.8:1");
    }

    @Test
    void aLenderIsGivenWhatItMayHaveWhenItIsFound() {
        known.put("east.example", List.of("10.0.0.1"));
        order(() -> {
            lenders.lenderOpen("east", FIRST, EAST);
            lenders.lenderCredit("east", Map.of("", new Credit(2, 3)));
            lenders.lenderCredit("nobody", Map.of("", new Credit(2, 3)));
        });
        assertThat(told).isEmpty();
        answerAlways();
        awaitTold("open 1 tcp://10.0.0.1:1", "credit [3]");
        order(() -> lenders.lenderCredit("east", Map.of()));
        known.put("east.example", List.of("10.0.0.2"));
        awaitTold("open 1 tcp://10.0.0.1:1", "credit [3]", "credit []", "open 1 tcp://10.0.0.2:1");
    }

    @Test
    void aLenderThatIsStartedAgainIsNotLookedForWhereItWas() {
        known.put("east.example", List.of("10.0.0.1"));
        answers.release();
        order(() -> lenders.lenderOpen("east", FIRST, EAST));
        awaitTold("open 1 tcp://10.0.0.1:1");
        order(() -> lenders.lenderOpen("east", SECOND, EAST));
        assertThat(told).containsExactly("open 1 tcp://10.0.0.1:1", "open 2 tcp://10.0.0.1:1");
        order(() -> lenders.lenderClose("east", true));
        assertThat(told).endsWith("close drain");
        answerAlways();
    }

    @Test
    void aLenderThatIsStartedAgainElsewhereLosesWhatItHadBeforeItIsFound() {
        known.put("east.example", List.of("10.0.0.1"));
        answers.release();
        order(() -> lenders.lenderOpen("east", FIRST, EAST));
        awaitTold("open 1 tcp://10.0.0.1:1");
        order(() -> lenders.lenderOpen("east", SECOND, "tcp://other.example:1"));
        order(() -> lenders.lenderClose("east", false));
        assertThat(told).containsExactly("open 1 tcp://10.0.0.1:1", "close");
        answerAlways();
    }
}
