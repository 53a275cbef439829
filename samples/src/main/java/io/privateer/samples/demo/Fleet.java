package io.privateer.samples.demo;

import io.privateer.core.NanoClock;
import io.privateer.samples.cli.Durations;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Starts, hurts and ends the demo's processes, and collects their news. Whatever happens to the demo, none of them outlives
 * it: {@link #close()} kills them, and their standard input ends when the demo is killed itself.
 *
 * <p>Thread-safe.
 */
final class Fleet implements AutoCloseable, ChildProcess.Listener {

    /** A process of its own thaws the frozen one, so that it also happens when the demo is gone by then. */
    private static final String FREEZE_AND_THAW = "kill -STOP \"$0\" && sleep \"$1\"; kill -CONT \"$0\"";

    private final String mainClass;
    private final NanoClock clock;
    private final BlockingQueue<News> news = new LinkedBlockingQueue<>();
    private final List<Process> thawers = new ArrayList<>();
    private final List<ChildProcess> children = new ArrayList<>();
    private boolean closed;

    /** Children run {@code mainClass} of this process's class path. */
    Fleet(String mainClass, NanoClock clock) {
        this.mainClass = mainClass;
        this.clock = clock;
    }

    ChildProcess startQueue() throws IOException {
        return start(
                "queue",
                "queue",
                "--frontend",
                "tcp://127.0.0.1:*",
                "--backend",
                "tcp://127.0.0.1:*",
                "--heartbeat",
                Durations.format(DemoSettings.HEARTBEAT),
                "--liveness",
                Integer.toString(DemoSettings.LIVENESS));
    }

    /** Starts one server of a pair. */
    ChildProcess startServer(Pair.Place own, Pair.Place peer) throws IOException {
        return start(
                own.role(),
                "star",
                "--role",
                own.role(),
                "--state",
                own.state(),
                "--peer-state",
                peer.state(),
                "--frontend",
                own.frontend(),
                "--backend",
                own.backend(),
                "--epoch-file",
                own.epochFile().toString(),
                "--star-heartbeat",
                Durations.format(DemoSettings.STAR_HEARTBEAT),
                "--heartbeat",
                Durations.format(DemoSettings.HEARTBEAT),
                "--liveness",
                Integer.toString(DemoSettings.LIVENESS));
    }

    /** Starts the broker of a cluster, which knows those at {@code seeds} from the start. */
    ChildProcess startBroker(Clusters.Place place, List<String> seeds) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "broker",
                "--name",
                place.name(),
                "--localfe",
                place.frontend(),
                "--localbe",
                place.backend(),
                "--cloud",
                place.cloud(),
                "--state",
                place.state(),
                "--heartbeat",
                Durations.format(DemoSettings.HEARTBEAT),
                "--liveness",
                Integer.toString(DemoSettings.LIVENESS)));
        for (String seed : seeds) {
            args.addAll(List.of("--peer", seed));
        }
        return start(place.name(), args.toArray(String[]::new));
    }

    /** Starts a worker of the queue, or of both of a pair. */
    ChildProcess startWorker(Crew.Post post) throws IOException {
        List<String> args = new ArrayList<>(List.of(
                "worker",
                "--handler",
                "sleep:" + Durations.format(DemoSettings.WORK),
                "--heartbeat",
                Durations.format(DemoSettings.HEARTBEAT),
                "--liveness",
                Integer.toString(DemoSettings.LIVENESS)));
        for (String backend : post.backends()) {
            args.addAll(List.of("--queue", backend));
        }
        return start(post.name(), args.toArray(String[]::new));
    }

    /** Starts the clients of the queue, or of two. */
    ChildProcess startLoad(List<String> frontends, int clients) throws IOException {
        List<String> args = new ArrayList<>(List.of("load", "--clients", Integer.toString(clients)));
        for (String frontend : frontends) {
            args.addAll(List.of("--endpoint", frontend));
        }
        return start("load", args.toArray(String[]::new));
    }

    private synchronized ChildProcess start(String name, String... args) throws IOException {
        if (closed) {
            throw new IOException("the demo is being ended");
        }
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // For a quick start on few cores; a demo ends before the optimising compiler would pay.
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx64m",
                "-cp",
                System.getProperty("java.class.path"),
                mainClass));
        command.addAll(List.of(args));
        command.add("--supervised");
        ChildProcess child = ChildProcess.start(name, command, this);
        children.add(child);
        return child;
    }

    /** Stops the child with SIGSTOP; SIGCONT follows by itself. */
    synchronized void freeze(ChildProcess child, Duration howLong) throws IOException {
        if (closed) {
            return;
        }
        String seconds = String.format(Locale.ROOT, "%.3f", howLong.toMillis() / 1_000.0);
        Process thawer = new ProcessBuilder("sh", "-c", FREEZE_AND_THAW, Long.toString(child.pid()), seconds).start();
        thawers.add(thawer);
        var unused = thawer.onExit().thenRun(() -> news.add(new News.Thawed(child)));
    }

    /** Returns the next news, or {@code null} if none comes in time. */
    @Nullable
    News poll(long waitNanos) throws InterruptedException {
        return news.poll(Math.max(0, waitNanos), TimeUnit.NANOSECONDS);
    }

    /** Kills whatever still runs. Calling it twice is harmless. */
    @Override
    public synchronized void close() {
        closed = true;
        // A thawer's own child first: it would be nobody's once the thawer is dead.
        thawers.forEach(thawer -> thawer.descendants().forEach(ProcessHandle::destroyForcibly));
        thawers.forEach(Process::destroyForcibly);
        children.forEach(ChildProcess::kill);
    }

    @Override
    public void onLine(ChildProcess child, String line) {
        news.add(new News.Line(child, line, clock.nanoTime()));
    }

    @Override
    public void onComplaint(ChildProcess child, String line) {
        news.add(new News.Complaint(child, line));
    }

    @Override
    public void onEnd(ChildProcess child, int exitCode) {
        news.add(new News.Ended(child, exitCode));
    }
}
