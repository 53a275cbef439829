package io.privateer.chaos.pubsub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.ChildJvm;
import io.privateer.chaos.pubsub.PubSubProcess.Place;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A publisher and a forwarder, each a process, killed under load again and again, and subscribers that know what they missed. */
@Timeout(900)
class PubSubFailuresTest {

    private static final int ROUNDS = Boolean.getBoolean("chaos.nightly") ? 20 : 2;
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> NAMES = List.of("direct", "behind");

    @TempDir
    Path folder;

    private final long seed = Long.getLong("kills.seed", System.nanoTime());
    private final SplittableRandom random = new SplittableRandom(seed);
    private final List<ChildJvm> children = new ArrayList<>();
    private Place place;
    private ChildJvm forwarder;

    @BeforeEach
    void start() throws IOException {
        System.err.println("-Dkills.seed=" + seed);
        place = new Place(FreeEndpoint.get(), FreeEndpoint.get(), FreeEndpoint.get(), folder.resolve("log"));
        forwarder = child(place.forwarder());
        child(place.subscriber("direct", false));
        child(place.subscriber("behind", true));
    }

    @AfterEach
    void killAll() {
        children.forEach(ChildJvm::close);
    }

    private ChildJvm child(ChildJvm started) {
        children.add(started);
        return started;
    }

    private PubSubAccounts accounts() throws IOException {
        return PubSubAccounts.read(place.log());
    }

    /** Waits until each subscriber has received so many messages more, and something of its {@code count}th life of the publisher. */
    private void awaitLoad(int count, long messages) throws IOException {
        PubSubAccounts before = accounts();
        await().atMost(SOON).pollInterval(Duration.ofMillis(20)).until(() -> {
            PubSubAccounts now = accounts();
            return NAMES.stream()
                    .allMatch(name ->
                            now.lives(name).size() == count && now.received(name) >= before.received(name) + messages);
        });
    }

    @Test
    void subscribersOfAKilledPublisherGoOnWithTheNextAndKnowWhatTheyMissed() throws Exception {
        for (int round = 1; round <= ROUNDS; round++) {
            // given a load
            ChildJvm publisher = child(place.publisher());
            awaitLoad(round, random.nextInt(1, 3_000));
            // when its publisher is killed
            publisher.kill();
        }
        // and the last one ends in order
        child(place.publisher());
        awaitLoad(ROUNDS + 1, 1_000);
        PubSubAccounts accounts = endPublisher(ROUNDS + 1);
        // then nothing is missing without a word, of no life
        for (String name : NAMES) {
            List<String> lives = List.copyOf(accounts.lives(name).values());
            for (int i = 0; i < ROUNDS; i++) {
                assertThat(accounts.isEndTold(name, lives.get(i), false)).isTrue();
                assertThat(accounts.check(name, lives.get(i), i == 0)).isNotEmpty();
            }
            assertThat(accounts.check(name, lives.get(ROUNDS), false)).isEqualTo(accounts.published(accounts.ended()));
        }
    }

    @Test
    void subscribersBehindAKilledForwarderLoseNothingThatHistoryHas() throws Exception {
        child(place.publisher());
        for (int round = 1; round <= ROUNDS; round++) {
            // given a load
            awaitLoad(1, random.nextInt(1, 3_000));
            // when the forwarder is killed, and started again a while later
            forwarder.kill();
            int before = accounts().syncs("behind");
            forwarder = child(place.forwarder());
            await().atMost(SOON).until(() -> accounts().syncs("behind") > before);
        }
        // then everything has come in the end
        PubSubAccounts accounts = endPublisher(1);
        for (String name : NAMES) {
            assertThat(accounts.missed(name)).isZero();
            assertThat(accounts.check(name, accounts.lives(name).get(accounts.ended()), true))
                    .isEqualTo(accounts.published(accounts.ended()));
        }
    }

    /** Ends the publisher's {@code count}th life in order, and waits until each subscriber accounts for all that it has published. */
    private PubSubAccounts endPublisher(int count) throws IOException {
        place.endPublisher();
        await().atMost(SOON.multipliedBy(2)).until(() -> {
            PubSubAccounts accounts = accounts();
            String pid = accounts.ended();
            return NAMES.stream().allMatch(name -> {
                Map<String, String> lives = accounts.lives(name);
                return lives.size() == count
                        && lives.containsKey(pid)
                        && accounts.isEndTold(name, lives.get(pid), true)
                        && accounts.check(name, lives.get(pid), count == 1).equals(accounts.published(pid));
            });
        });
        return accounts();
    }
}
