package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.pirate.PirateClient;
import java.nio.file.Files;
import java.time.Duration;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The servers of a pair do not hear each other, and both live. A client that reaches only the one that stands by has it take
 * over; the old one goes on for those that reach it, as long as nothing of what they say arrives: one worker knows it alone,
 * and answers for it what the client of both has asked it before.
 */
class StarSplitTest extends PipedStarSetup {

    private static final int SPLITS = Boolean.getBoolean("chaos.nightly") ? 20 : 4;
    private static final Duration FAILOVER = BEAT.multipliedBy(2);

    /** How long the old server's last answers may take: as long as a long request. */
    private static final Duration LAST_ANSWERS = BEAT.multipliedBy(5);

    /** Beyond all requests of the load, and none of them is a long one. */
    private static final long FIRST_OF_VOTERS = 1_000_000_001L;

    private static final Pattern DIVERGED =
            Pattern.compile("two were active .*ownEpoch=(\\d+) newerEpoch=(\\d+) aloneMillis=(\\d+)");

    @Test
    @Timeout(120)
    void whatAServerSaysThatWasReplacedWithoutKnowingItIsRefused() throws Exception {
        awaitPassive(1 - active());
        int standsBy = 1 - active();
        // The server that stands by is asked first, so that the client is connected to both.
        try (PipelinedLoad load = load(standsBy)) {
            awaitFlow(load);
            for (int split = 0; split < SPLITS; split++) {
                split(load, FIRST_OF_VOTERS + split);
            }
            assertThat(load.stats().staleReplies()).isPositive();
            stopAndCheck(load);
        }
    }

    private void split(PipelinedLoad load, long voteId) throws Exception {
        int old = active();
        int other = 1 - old;
        awaitPassive(other);
        long splitAtNanos = System.nanoTime();
        // when the two do not hear each other
        pipe(places[old].state()).hold();
        pipe(places[other].state()).hold();
        await().atMost(SOON).until(() -> status(other).contains("peerGone=true"));
        // and the old one does not hear those either that will know better
        pipe(places[old].frontend()).holdThere();
        pipe(places[old].backend()).holdThere();
        // and a client asks the other one
        askOnly(other, Long.toString(voteId));
        // then both serve, and the client that knows it refuses what the old one says
        await().atMost(SOON).until(() -> isActive(old) && isActive(other));
        long lastAnswersAtNanos = System.nanoTime() + LAST_ANSWERS.toNanos();
        long staleBefore = load.stats().staleReplies();
        await().until(() -> load.stats().staleReplies() > staleBefore || System.nanoTime() - lastAnswersAtNanos > 0);
        // when they hear each other again
        release();
        // then one serves, and the other says since when it was alone
        awaitPassive(old);
        assertThat(active()).isEqualTo(other);
        long passedMillis = Duration.ofNanos(System.nanoTime() - splitAtNanos).toMillis();
        awaitAnswers(load, splitAtNanos);
        String output = Files.readString(servers[old].output().toPath());
        MatchResult said =
                DIVERGED.matcher(output).results().reduce((first, last) -> last).orElseThrow();
        assertThat(Long.parseLong(said.group(2))).isGreaterThan(Long.parseLong(said.group(1)));
        assertThat(Long.parseLong(said.group(3)))
                .isBetween(FAILOVER.minus(BEAT).toMillis(), passedMillis + BEAT.toMillis());
        assertThat(output).contains("done while two were active");
    }

    private void askOnly(int server, String request) {
        try (PirateClient client = PirateClient.connect(places[server].frontend())) {
            assertThat(StaleAnswers.withoutRun(client.request(request))).isEqualTo(HistoryChecker.replyTo(request));
        }
    }
}
