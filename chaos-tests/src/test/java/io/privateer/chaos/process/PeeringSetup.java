package io.privateer.chaos.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.privateer.chaos.FreeEndpoint;
import io.privateer.chaos.process.BrokerProcess.Counts;
import io.privateer.chaos.process.BrokerProcess.Pace;
import io.privateer.chaos.process.BrokerProcess.Place;
import io.privateer.chaos.process.HistoryChecker.Report;
import io.privateer.core.Message;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.CallOptions;
import io.privateer.pirate.PirateClient;
import io.privateer.pirate.PirateClientListener;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.WorkerHandler;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Three clusters, whose brokers are processes of their own, and a client under load that knows two of them. No cluster has workers
 * enough for the load, and the one that it enters first has one only. A fourth broker has a place, and is not there yet.
 */
abstract class PeeringSetup {

    static final int WEST = 0;
    static final int EAST = 1;
    static final int NORTH = 2;
    static final int SOUTH = 3;
    static final Duration SOON = Duration.ofSeconds(30);
    static final Pace PACE = new Pace(Duration.ofMillis(300), Duration.ofSeconds(2));

    /** Where nobody is to be missed however busy the machine is. */
    static final Pace SLOW_PACE = new Pace(Duration.ofMillis(800), Duration.ofSeconds(4));

    static final int IN_FLIGHT = 24;
    private static final String[] NAMES = {"west", "east", "north", "south"};

    /** How much the workers of each do at a time. */
    private static final int[] CONCURRENCY = {1, 4, 4, 4};

    private static final long WORK_NANOS = 20_000_000L;
    private static final int SERVED_MIN = 8;

    /** Listeners are told between turns: what came back may run again before that. */
    private static final long TOLD_AFTER_NANOS = 200_000_000L;

    private static final Logger log = LoggerFactory.getLogger(PeeringSetup.class);

    @TempDir
    Path directory;

    final ChildJvm[] brokers = new ChildJvm[NAMES.length];
    final Place[] places = new Place[NAMES.length];
    private final List<ChildJvm> everyBroker = new ArrayList<>();
    private final List<PirateWorker> workers = new ArrayList<>();
    private final List<long[]> outagesNanos = new ArrayList<>();
    private final AtomicLongArray executed = new AtomicLongArray(NAMES.length);
    private volatile int entrance = WEST;
    private ExecutionLog executions;
    private FileChannel executionLog;
    private EventLoop loop;

    @BeforeEach
    void start() throws IOException {
        for (int cluster = 0; cluster < NAMES.length; cluster++) {
            places[cluster] = new Place(
                    NAMES[cluster],
                    FreeEndpoint.get(),
                    FreeEndpoint.get(),
                    FreeEndpoint.get(),
                    FreeEndpoint.get(),
                    host(NAMES[cluster]));
        }
        executions = new ExecutionLog(directory.resolve("executions.log"));
        executionLog = executions.open();
        loop = EventLoop.open("workers");
        for (int cluster : new int[] {WEST, EAST, NORTH}) {
            launch(cluster);
            hire(cluster);
        }
    }

    @AfterEach
    void stop() throws IOException {
        workers.forEach(PirateWorker::close);
        loop.close();
        everyBroker.forEach(ChildJvm::close);
        executionLog.close();
    }

    /** By which host others find a broker; empty for the loopback interface. */
    String host(String name) {
        return "";
    }

    /** What the JVM of a broker is started with. */
    List<String> jvmOptions(int cluster) throws IOException {
        return List.of();
    }

    /** How fast brokers and their peers and workers miss each other. */
    Pace pace() {
        return PACE;
    }

    /** The first knows nobody, and the others know one that was there before. */
    final void launch(int cluster) throws IOException {
        String[] seeds = cluster == WEST
                ? new String[] {}
                : new String[] {places[cluster == SOUTH ? NORTH : WEST].advertisedState()};
        brokers[cluster] = BrokerProcess.launch(jvmOptions(cluster), places[cluster], pace(), seeds);
        everyBroker.add(brokers[cluster]);
    }

    /** Gives a cluster the workers that it has. */
    final void hire(int cluster) {
        workers.add(PirateWorker.builder(WorkerHandler.of(request -> Message.of(execute(request.text(), cluster))))
                .queue(places[cluster].backend())
                .concurrency(CONCURRENCY[cluster])
                .loop(loop)
                .start());
    }

    private String execute(String request, int cluster) throws IOException {
        ExecutionLog.append(executionLog, false, request, 0, cluster);
        executed.incrementAndGet(cluster);
        long endNanos = System.nanoTime() + WORK_NANOS;
        for (long leftNanos = WORK_NANOS; leftNanos > 0; leftNanos = endNanos - System.nanoTime()) {
            LockSupport.parkNanos(leftNanos);
        }
        ExecutionLog.append(executionLog, true, request, 0, cluster);
        return HistoryChecker.replyTo(request);
    }

    /** A client that has more under way than any one cluster could do, once brokers know each other. */
    final PipelinedLoad load() {
        for (int cluster : new int[] {WEST, EAST, NORTH}) {
            awaitSaid(cluster, "from=NONE to=PRESENT", 1);
        }
        PirateClientListener watch = new PirateClientListener() {
            @Override
            public void onConnected(Connected event) {
                entrance = event.endpoint().equals(places[WEST].frontend()) ? WEST : NORTH;
            }
        };
        return PipelinedLoad.start(
                PirateClient.builder()
                        .endpoints(places[WEST].frontend(), places[NORTH].frontend())
                        .listener(watch),
                IN_FLIGHT,
                CallOptions.defaults());
    }

    /** Returns which cluster the load enters now: the one that borrows. */
    final int entrance() {
        return entrance;
    }

    /** Until every cluster has done something. */
    final void awaitFlow() {
        for (int cluster : new int[] {WEST, EAST, NORTH}) {
            awaitServed(cluster);
        }
    }

    /** Until a cluster has done more than it may have had in hand; where the load does not enter it, that was lent to it. */
    final void awaitServed(int cluster) {
        long before = executed.get(cluster);
        await().atMost(SOON).until(() -> executed.get(cluster) > before + SERVED_MIN);
    }

    final void awaitSaid(int cluster, String words, long timesBefore) {
        await().atMost(SOON).until(() -> BrokerProcess.said(brokers[cluster], words) > timesBefore);
    }

    final long said(int cluster, String words) throws IOException {
        return BrokerProcess.said(brokers[cluster], words);
    }

    /** Until no broker has anything more to do. */
    final void awaitNothingLeft() {
        for (int cluster : new int[] {WEST, EAST, NORTH}) {
            await().atMost(SOON).until(() -> {
                Counts counts = counts(cluster);
                return counts.pending() == 0 && counts.inFlight() == 0;
            });
        }
    }

    final Counts counts(int cluster) throws IOException {
        return BrokerProcess.counts(brokers[cluster]);
    }

    /** Until more has been lent by the cluster than by now. */
    final void awaitLending(int cluster) throws IOException {
        long before = counts(cluster).lent();
        await().atMost(SOON).until(() -> counts(cluster).lent() > before + SERVED_MIN);
    }

    /** Until what others had of a cluster has come back there. */
    final void awaitReturned(int cluster, int returnedBefore) {
        await().atMost(SOON).until(() -> returned(cluster) > returnedBefore);
    }

    final int returned(int cluster) throws IOException {
        return BrokerProcess.returnedNanos(brokers[cluster]).size();
    }

    /** Until answers flow. */
    final void awaitAnswers(PipelinedLoad load) {
        long answeredBefore = load.history().answered();
        await().atMost(SOON).until(() -> load.history().answered() > answeredBefore + 2 * IN_FLIGHT);
    }

    /** Until answers flow as before; what runs since {@code sinceNanos} may run twice. */
    final void awaitAnswers(PipelinedLoad load, long sinceNanos) {
        awaitAnswers(load);
        outagesNanos.add(new long[] {sinceNanos, System.nanoTime()});
    }

    /**
     * Every call has ended with its answer, and nothing ran again unless it had come back to a broker, or to the client when it
     * lost its broker.
     */
    final Report stopAndCheck(PipelinedLoad load) throws InterruptedException, IOException {
        load.stop();
        Report report = check(load.operations(), outagesNanos);
        log.info("stats {}", load.stats());
        return report;
    }

    /** Every request has ended with its answer, and nothing ran again unless it had come back to a broker, or in an outage. */
    final Report check(List<Operation> operations, List<long[]> outagesNanos) throws IOException {
        List<long[]> lossesNanos = new ArrayList<>(outagesNanos);
        for (ChildJvm broker : everyBroker) {
            BrokerProcess.returnedNanos(broker)
                    .forEach(atNanos -> lossesNanos.add(new long[] {atNanos - TOLD_AFTER_NANOS, atNanos}));
        }
        Report report = HistoryChecker.checkAround(operations, executions.read(), lossesNanos);
        log.info("history {}", report);
        assertThat(report.violations())
                .as(() -> evidence(report, operations, lossesNanos))
                .isEmpty();
        assertThat(report.unanswered()).isZero();
        return report;
    }

    /** What is known of the requests that violations are about, in the order in which it happened. */
    private String evidence(Report report, List<Operation> operations, List<long[]> lossesNanos) {
        TreeMap<Long, String> events = new TreeMap<>();
        for (String violation : report.violations()) {
            long requestId = Long.parseLong(violation.split(" ", -1)[1]);
            executions.read().stream()
                    .filter(execution -> execution.requestId() == requestId)
                    .forEach(execution -> events.put(execution.atNanos(), execution.toString()));
            operations.stream()
                    .filter(operation -> operation.requestId() == requestId)
                    .forEach(operation -> events.put(operation.atNanos(), operation.toString()));
        }
        if (!events.isEmpty()) {
            long fromNanos = events.firstKey();
            long toNanos = events.lastKey();
            lossesNanos.stream()
                    .filter(loss -> loss[1] >= fromNanos && loss[0] <= toNanos)
                    .forEach(loss -> events.merge(loss[0], "loss until " + loss[1], (one, other) -> one + " " + other));
        }
        StringBuilder text = new StringBuilder();
        events.forEach(
                (atNanos, what) -> text.append(atNanos).append(' ').append(what).append('\n'));
        return text.toString();
    }
}
