package io.privateer.pirate;

import static io.privateer.pirate.PrvWorld.FIRST;
import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.wire.Prv;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * One client that floods a queue, beside one that asks politely, in virtual time.
 *
 * <p>With J the length of the longest job, and workers of H handlers that hold 2 H deliveries, a polite request waits:
 *
 * <ul>
 *   <li>at most 2 J in the queue: some reply comes within J, which makes room for one delivery, and another within J
 *       after it; the first room may go to the flood, whose turn it may be, the second is the polite client's;
 *   <li>at most J at the worker: H jobs are being done there and at most H - 1 stand before it, so that its turn comes
 *       when each handler has finished what it does;
 *   <li>at most J until it is done.
 * </ul>
 *
 * That is 4 J, however many requests the other client has sent, and however many workers and handlers there are.
 */
class FloodingClientTest {

    private static final int FLOOD = 5_000;
    private static final long JOB_NANOS = Duration.ofMillis(1).toNanos();
    private static final long BOUND_NANOS = 4 * JOB_NANOS;
    private static final Pattern DELIVERED = Pattern.compile("p(\\d) REQUEST (\\d+) x1: .*");
    private static final Pattern ANSWERED = Pattern.compile("c2 REPLY (\\d+) OK .*");

    /** Something that is going to happen. */
    private record Event(long atNanos, long number, Runnable action) {}

    private final PrvWorld world = new PrvWorld(new QueueWorld(0, true, QueueWorld.DEDUPE, 2 * FLOOD, 1 << 30));
    private final PriorityQueue<Event> events =
            new PriorityQueue<>(Comparator.comparingLong(Event::atNanos).thenComparingLong(Event::number));
    private final SplittableRandom random = new SplittableRandom(7);
    private final List<Handlers> staff = new ArrayList<>();
    private final List<Long> latencies = new ArrayList<>();
    private long planned;
    private long polite;
    private long politeSinceNanos;
    private long jobsDone;

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 1", "1, 4", "2, 2", "3, 4"})
    void delaysItselfAndNotTheOther(int workers, int handlers) {
        for (int i = 1; i <= workers; i++) {
            staff.add(new Handlers("p" + i, handlers));
            world.ready("p" + i, 2 * handlers);
        }
        // given a client that asks for far more than anybody can do now
        world.hello("c1");
        world.hello("c2");
        world.fromClient("c1", it -> {
            for (int i = 1; i <= FLOOD; i++) {
                PrvWorld.request(it, i, FIRST, 0, Prv.NO_TTL, "", "flood");
            }
        });
        assertThat(world.stats().pending()).isGreaterThan(FLOOD - 100);
        // when another asks, one thing at a time, until the flood is over
        in(random.nextLong(JOB_NANOS), this::askPolitely);
        while (world.stats().pending() > 0) {
            world.takeSent().forEach(this::happened);
            Event next = events.remove();
            world.pass(Duration.ofNanos(next.atNanos() - world.queue.nowNanos));
            next.action().run();
        }
        // then it was served often, and never had to wait for the flood
        assertThat(jobsDone).isGreaterThanOrEqualTo(FLOOD);
        assertThat(latencies).hasSizeGreaterThan(FLOOD / 5 / workers / handlers).allSatisfy(nanos -> assertThat(nanos)
                .isLessThanOrEqualTo(BOUND_NANOS));
        world.queue.assertNothingIsLost();
    }

    private void happened(String what) {
        Matcher delivered = DELIVERED.matcher(what);
        Matcher answered = ANSWERED.matcher(what);
        if (delivered.matches()) {
            staff.get(Integer.parseInt(delivered.group(1)) - 1).take(Long.parseLong(delivered.group(2)));
        } else if (answered.matches()) {
            assertThat(Long.parseLong(answered.group(1))).isEqualTo(polite);
            latencies.add(world.queue.nowNanos - politeSinceNanos);
            in(random.nextLong(JOB_NANOS), this::askPolitely);
        }
    }

    private void askPolitely() {
        polite++;
        politeSinceNanos = world.queue.nowNanos;
        world.request("c2", polite, "polite");
    }

    private void in(long nanos, Runnable action) {
        events.add(new Event(world.queue.nowNanos + nanos, planned++, action));
    }

    /** The handlers of one worker, which take what it holds in the order in which it came. */
    private final class Handlers {
        private final String worker;
        private final ArrayDeque<Long> waiting = new ArrayDeque<>();
        private int idle;

        Handlers(String worker, int count) {
            this.worker = worker;
            this.idle = count;
        }

        void take(long delivery) {
            waiting.add(delivery);
            begin();
        }

        private void begin() {
            if (idle > 0 && !waiting.isEmpty()) {
                idle--;
                long delivery = waiting.remove();
                in(JOB_NANOS / 2 + random.nextLong(JOB_NANOS / 2 + 1), () -> end(delivery));
            }
        }

        private void end(long delivery) {
            idle++;
            jobsDone++;
            begin();
            world.reply(worker, delivery, "done");
        }
    }
}
