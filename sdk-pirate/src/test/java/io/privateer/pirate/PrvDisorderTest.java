package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.Status;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever peers of all dialects say, in whatever order, every accepted request is somewhere, and ends. */
class PrvDisorderTest {

    private static final int SEEDS = 300;
    private static final int STEPS = 400;
    private static final List<String> CLIENTS = List.of("c1", "c1-again", "c2", "c3");
    private static final List<String> WORKERS = List.of("p1", "p1-again", "p2", "p3");
    private static final List<String> SERVICES = List.of("", "", "print");

    private final PrvWorld world = new PrvWorld();

    static LongStream seeds() {
        return LongStream.range(0, SEEDS);
    }

    @ParameterizedTest
    @MethodSource("seeds")
    void losesNothing(long seed) {
        // given
        SplittableRandom random = new SplittableRandom(seed);
        // when
        for (int i = 0; i < STEPS; i++) {
            step(random);
            world.endTurn();
            // then
            world.queue.assertNothingIsLost();
            QueueStats stats = world.stats();
            assertThat(stats.workersIdle()).isBetween(0, stats.workers());
            assertThat(stats.repliesKept()).isBetween(0, QueueWorld.DEDUPE.countMax());
        }
        // and when all is quiet for long
        world.stuck.clear();
        world.pass(QueueWorld.TTL.plus(QueueWorld.LEASE).multipliedBy(4));
        // then nothing is left
        QueueStats stats = world.stats();
        assertThat(stats.pending()).isZero();
        assertThat(stats.inFlight()).isZero();
        assertThat(stats.pendingBytes()).isZero();
        assertThat(stats.repliesKept()).isZero();
        assertThat(stats.repliesKeptBytes()).isZero();
    }

    private void step(SplittableRandom random) {
        String client = CLIENTS.get(random.nextInt(CLIENTS.size()));
        String worker = WORKERS.get(random.nextInt(WORKERS.size()));
        long requestId = 1L + random.nextInt(12);
        long delivery = Math.max(1, world.deliveriesSeen() - random.nextInt(5));
        switch (random.nextInt(20)) {
            case 0, 1 -> world.hello(client);
            case 2, 3, 4, 5 -> ask(random, client, requestId);
            case 6 -> world.fromClient(client, it -> it.acknowledge(requestId));
            case 7 -> world.fromClient(client, it -> it.cancel(requestId));
            case 8 ->
                world.fromClient(client, random.nextInt(4) == 0 ? it -> it.goodbye(Status.OK) : Outbox::heartbeat);
            case 9, 10 ->
                world.readyFor(
                        SERVICES.get(random.nextInt(SERVICES.size())),
                        worker,
                        random.nextInt(4),
                        delivery,
                        delivery + 1);
            case 11, 12, 13 ->
                world.reply(worker, delivery, random.nextInt(3) == 0 ? Status.HANDLER_FAILED : Status.OK, "a");
            case 14 -> world.fromWorker(worker, workerSays(random, delivery));
            case 15 -> world.workerGone(worker);
            case 16 -> world.clientGone(client);
            case 17 -> world.queue.request("anon-c" + random.nextInt(3), "plain");
            case 18 -> plainWorker(random, delivery);
            default -> pass(random, client, worker);
        }
    }

    private void ask(SplittableRandom random, String client, long requestId) {
        long ttlMicros = random.nextInt(3) == 0 ? random.nextInt(3_000_000) : Prv.NO_TTL;
        int flags = random.nextInt(3) == 0 ? Prv.ONCE : 0;
        String service = SERVICES.get(random.nextInt(SERVICES.size()));
        world.request(client, requestId, 1 + random.nextInt(3), flags, ttlMicros, service, "ask");
    }

    private Consumer<Outbox> workerSays(SplittableRandom random, long delivery) {
        return switch (random.nextInt(5)) {
            case 0 -> Outbox::drain;
            case 1 -> it -> it.goodbye(Status.OK);
            case 2 -> it -> it.credit(random.nextInt(4));
            case 3 -> it -> it.progress(world.deliveryId(delivery));
            default -> Outbox::heartbeat;
        };
    }

    private void plainWorker(SplittableRandom random, long delivery) {
        switch (random.nextInt(5)) {
            case 0, 1 -> world.queue.ready("w1");
            case 2 -> world.queue.workerGone("w1");
            case 3 -> world.queue.clientGone("anon-c" + random.nextInt(3));
            default -> world.queue.reply("w1", delivery, "a");
        }
    }

    private void pass(SplittableRandom random, String client, String worker) {
        if (random.nextInt(4) == 0) {
            world.stuck.clear();
        } else if (random.nextInt(4) == 0) {
            world.stuck.add(random.nextBoolean() ? client : worker);
        }
        world.pass(Duration.ofMillis(random.nextInt(random.nextInt(8) == 0 ? 20_000 : 400)));
    }
}
