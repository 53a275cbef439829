package io.privateer.chaos.process;

import io.privateer.peering.PeeringBroker;
import io.privateer.peering.PeeringConfig;
import io.privateer.peering.PeeringStats;
import io.privateer.pirate.PirateListener;
import io.privateer.pirate.PirateQueueConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * The main class of processes that are the broker of a cluster. Its output is its log, in which it also says when each delivery came
 * back, and ten times a second what it counted.
 */
final class BrokerProcess {

    private static final String RETURNED = "returned nanos=";
    private static final String STATS = "stats ";
    private static final Duration STATS_INTERVAL = Duration.ofMillis(100);
    private static final Duration MILLI = Duration.ofMillis(1);

    private BrokerProcess() {}

    /**
     * Where one broker is found, in all its lives.
     *
     * @param host by which others find {@code cloud} and {@code state}; empty for that of the endpoints
     */
    record Place(String name, String frontend, String backend, String cloud, String state, String host) {

        /** Returns where others hear its state. */
        String advertisedState() {
            return host.isEmpty() ? state : "tcp://" + host + state.substring(state.lastIndexOf(':'));
        }
    }

    /**
     * How brokers find out who is gone. Immutable.
     *
     * @param heartbeat of the queues inside, four of which make a silence
     * @param silent after which silence a peer counts as silent; after half of it as evasive
     */
    record Pace(Duration heartbeat, Duration silent) {

        /** Gives a broker this pace, and the queue inside it {@code more}. */
        PeeringConfig.Builder of(PeeringConfig.Builder settings, UnaryOperator<PirateQueueConfig.Builder> more) {
            return settings.stateEvery(MILLI.multipliedBy(20), silent.dividedBy(8))
                    .capacityTtl(silent.dividedBy(2))
                    .silence(silent.dividedBy(2), silent, silent.multipliedBy(20))
                    .queue(queue -> more.apply(queue.heartbeat(heartbeat).liveness(4)));
        }
    }

    /** What one broker counted up to a moment. Immutable. */
    record Counts(long accepted, long lent, long returned, long refusedByLenders, int pending, int inFlight) {}

    static ChildJvm launch(List<String> jvmOptions, Place place, Pace pace, String... seeds) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(
                place.name(),
                place.frontend(),
                place.backend(),
                place.cloud(),
                place.state(),
                place.host(),
                Long.toString(pace.heartbeat().toMillis()),
                Long.toString(pace.silent().toMillis())));
        arguments.addAll(List.of(seeds));
        return ChildJvm.start(jvmOptions, BrokerProcess.class, arguments.toArray(String[]::new));
    }

    /** Runs until it is killed, or terminated. */
    public static void main(String[] arguments) {
        ChildJvm.dieWithParent();
        PrintStream out = System.out;
        Pace pace = new Pace(
                Duration.ofMillis(Long.parseLong(arguments[6])), Duration.ofMillis(Long.parseLong(arguments[7])));
        PirateListener returns = new PirateListener() {
            @Override
            public void onDeliveryReturned(DeliveryReturned event) {
                out.println(RETURNED + System.nanoTime());
            }
        };
        PeeringConfig.Builder settings = pace.of(PeeringBroker.builder(arguments[0]), queue -> queue.listener(returns))
                .localFrontend(arguments[1])
                .localBackend(arguments[2])
                .cloud(arguments[3])
                .state(arguments[4])
                .peers(List.of(arguments).subList(8, arguments.length).toArray(String[]::new));
        PeeringBroker broker = (arguments[5].isEmpty() ? settings : settings.advertisedHost(arguments[5])).start();
        ScheduledExecutorService reporter = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "reporter");
            thread.setDaemon(true);
            return thread;
        });
        var unused = reporter.scheduleAtFixedRate(
                () -> out.println(line(broker.stats())), 0, STATS_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        broker.run();
    }

    private static String line(PeeringStats stats) {
        return STATS + stats.queue().accepted() + " " + stats.queue().lent() + " "
                + stats.queue().returned() + " " + stats.queue().refusedByLenders() + " "
                + stats.queue().pending() + " " + stats.queue().inFlight() + " .";
    }

    /** Returns what the process said last of its counts; zeros if it has not yet. */
    static Counts counts(ChildJvm broker) throws IOException {
        Counts last = new Counts(0, 0, 0, 0, 0, 0);
        for (String line : lines(broker)) {
            if (line.startsWith(STATS) && line.endsWith(" .")) {
                String[] words = line.split(" ", -1);
                last = new Counts(
                        Long.parseLong(words[1]),
                        Long.parseLong(words[2]),
                        Long.parseLong(words[3]),
                        Long.parseLong(words[4]),
                        Integer.parseInt(words[5]),
                        Integer.parseInt(words[6]));
            }
        }
        return last;
    }

    /** Returns when deliveries of this process came back. */
    static List<Long> returnedNanos(ChildJvm broker) throws IOException {
        return lines(broker).stream()
                .filter(line -> line.startsWith(RETURNED))
                .map(line -> Long.valueOf(line.substring(RETURNED.length())))
                .toList();
    }

    /** Returns how often the process has said {@code words}. */
    static long said(ChildJvm broker, String words) throws IOException {
        return lines(broker).stream().filter(line -> line.contains(words)).count();
    }

    private static List<String> lines(ChildJvm broker) throws IOException {
        return Files.readAllLines(Objects.requireNonNull(broker).output().toPath());
    }
}
