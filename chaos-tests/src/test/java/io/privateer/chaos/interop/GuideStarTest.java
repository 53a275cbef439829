package io.privateer.chaos.interop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.binarystar.BinaryStarConfig;
import io.privateer.binarystar.BinaryStarServer;
import io.privateer.binarystar.OperatorAnswer;
import io.privateer.binarystar.StarState;
import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.ChildJvm;
import io.privateer.core.Message;
import io.privateer.core.PirateException;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerHandler;
import io.privateer.samples.Privateer;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A pair of a server of ours and one that follows the Guide, in Python. */
class GuideStarTest {

    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Duration BEAT = Duration.ofMillis(500);

    private final String ourState = FreeEndpoint.get();
    private final String guideState = FreeEndpoint.get();
    private final String guideFrontend = FreeEndpoint.get();
    private final PirateQueue queue = PirateQueue.paranoid()
            .standby()
            .frontend("tcp://127.0.0.1:*")
            .backend("tcp://127.0.0.1:*")
            .start();
    private final PirateWorker worker = PirateWorker.builder(
                    WorkerHandler.of(request -> Message.of("ours:" + request.text())))
            .queue(queue.backend())
            .start();
    private final LazyPirateClient client = client(guideFrontend, queue.frontend());

    private BinaryStarServer star;
    private PythonPeer guide;

    GuideStarTest() throws IOException {}

    private void startAsBackup() {
        guide = guide("primary");
        star = ours(BinaryStarServer.backup());
        await().atMost(SOON).until(() -> star.stats().state() == StarState.PASSIVE);
        awaitAnswer("guide:ahoy");
    }

    private void startAsPrimary() {
        guide = guide("backup");
        star = ours(BinaryStarServer.primary());
        await().atMost(SOON).until(() -> guide.output().contains("became passive"));
        awaitAnswer("ours:ahoy");
    }

    private BinaryStarServer ours(BinaryStarConfig.Builder builder) {
        return builder.state(ourState)
                .peerState(guideState)
                .guidePeer()
                .heartbeat(BEAT)
                .guard(queue);
    }

    private PythonPeer guide(String role) {
        return PythonPeer.start(
                "guide_star.py",
                "--role",
                role,
                "--frontend",
                guideFrontend,
                "--state",
                guideState,
                "--peer-state",
                ourState,
                "--beat",
                Double.toString(BEAT.toMillis() / 1_000.0),
                "--while-stdin");
    }

    /** Goes on asking, first the Guide's server and then ours, as the Guide's clients do. */
    private void awaitAnswer(String expected) {
        await().atMost(SOON).until(() -> expected.equals(ask(client)));
    }

    private static LazyPirateClient client(String... endpoints) {
        RequestOptions impatient = RequestOptions.defaults()
                .withAttemptTimeout(Duration.ofMillis(300))
                .withAttemptsMax(2);
        return LazyPirateClient.builder()
                .endpoints(endpoints)
                .options(impatient)
                .open();
    }

    private static String ask(LazyPirateClient client) {
        try {
            return client.request("ahoy");
        } catch (PirateException e) {
            return "none";
        }
    }

    @AfterEach
    void stop() {
        client.close();
        worker.close();
        if (star != null) {
            star.close();
        }
        queue.close();
        if (guide != null) {
            guide.close();
        }
    }

    @Test
    void oursTakesOverFromAPrimaryOfTheGuideThatIsKilledAndStandsWhenItIsBack() {
        // given a primary of the Guide's that serves, and ours, which does not take over by votes alone
        startAsBackup();
        try (LazyPirateClient voter = client(queue.frontend())) {
            assertThat(ask(voter)).isEqualTo("none");
        }
        assertThat(star.stats().votes()).isPositive();
        assertThat(star.stats().activations()).isZero();
        // when it is killed
        guide.kill();
        // then ours serves, on a client's vote
        awaitAnswer("ours:ahoy");
        assertThat(star.stats().state()).isEqualTo(StarState.ACTIVE);
        assertThat(star.stats().epoch()).isEqualTo(1);
        // and another primary in its place stands by
        guide = guide("primary");
        await().atMost(SOON).until(() -> guide.output().contains("became passive"));
        awaitAnswer("ours:ahoy");
        await().atMost(SOON).until(() -> star.stats().peerState() == StarState.PASSIVE);
        assertThat(star.stats().malformed()).isZero();
    }

    @Test
    void theGuidesBackupTakesOverFromOursThatIsGoneAndOursStandsByWhenItIsBack() {
        startAsPrimary();
        // when ours is gone, without a word that would end the Guide's
        star.close();
        // then the Guide's serves, on a client's vote
        awaitAnswer("guide:ahoy");
        assertThat(guide.output()).contains("became active").doesNotContain("fatal");
        // and ours stands by when it is back
        star = ours(BinaryStarServer.primary());
        await().atMost(SOON).until(() -> star.stats().state() == StarState.PASSIVE);
        awaitAnswer("guide:ahoy");
        assertThat(guide.output()).doesNotContain("fatal");
    }

    @Test
    void theGuidesBackupTakesOverFromAProcessOfOursThatIsKilled() throws IOException {
        // given the command as primary
        guide = guide("backup");
        String frontend = FreeEndpoint.get();
        String backend = FreeEndpoint.get();
        try (ChildJvm primary = command(frontend, backend);
                PirateWorker handler = PirateWorker.builder(
                                WorkerHandler.of(request -> Message.of("ours:" + request.text())))
                        .queue(backend)
                        .start();
                LazyPirateClient both = client(guideFrontend, frontend)) {
            await().atMost(SOON).until(() -> "ours:ahoy".equals(ask(both)));
            await().atMost(SOON).until(() -> guide.output().contains("became passive"));
            assertThat(guide.output()).doesNotContain("became active");
            // when it is killed
            primary.kill();
            // then the Guide's serves, and goes on when ours is back
            await().atMost(SOON).until(() -> "guide:ahoy".equals(ask(both)));
            long before = handler.stats().handled();
            try (ChildJvm successor = command(frontend, backend);
                    LazyPirateClient voter = client(frontend)) {
                await().atMost(SOON)
                        .until(() ->
                                Files.readString(successor.output().toPath()).contains("to=PASSIVE"));
                assertThat(ask(voter)).isEqualTo("none");
                await().atMost(SOON).until(() -> "guide:ahoy".equals(ask(both)));
            }
            assertThat(handler.stats().handled()).isEqualTo(before);
            assertThat(guide.output()).doesNotContain("fatal");
        }
    }

    private ChildJvm command(String frontend, String backend) throws IOException {
        return ChildJvm.start(
                Privateer.class,
                "star",
                "--guide-peer",
                "--role",
                "primary",
                "--state",
                ourState,
                "--peer-state",
                guideState,
                "--frontend",
                frontend,
                "--backend",
                backend,
                "--star-heartbeat",
                BEAT.toMillis() + "ms",
                "--supervised");
    }

    @Test
    void oursHandsOverOnCommandByItsSilence() {
        startAsPrimary();
        await().atMost(SOON).until(() -> star.stepDown() == OperatorAnswer.DONE);
        awaitAnswer("guide:ahoy");
        await().atMost(SOON).until(() -> star.stats().peerState() == StarState.ACTIVE);
        assertThat(star.stats().state()).isEqualTo(StarState.PASSIVE);
        assertThat(guide.output()).doesNotContain("fatal");
    }

    @Test
    void ofTwoThatAreActiveTheGuidesEndsItself() {
        // given a server of the Guide's that stands still for so long that ours takes over
        startAsBackup();
        guide.freeze();
        awaitAnswer("ours:ahoy");
        // when it goes on
        guide.thaw();
        // then it is the one that ends, and ours serves
        guide.awaitEnd();
        assertThat(guide.output()).contains("fatal dual actives");
        awaitAnswer("ours:ahoy");
        assertThat(star.stats().state()).isEqualTo(StarState.ACTIVE);
    }
}
