package io.privateer.chaos.process;

import io.privateer.chaos.process.Operation.Kind;
import io.privateer.core.Backoff;
import io.privateer.core.PirateException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.LazyPirateListener;
import io.privateer.pirate.RequestOptions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Clients that ask one request after the other, each from a thread of its own, until they are told to stop. */
final class Load implements AutoCloseable {

    private static final Duration STOP_MAX = Duration.ofSeconds(40);
    private static final int NEVER = 10_000;

    private final History history = new History();
    private final List<Long> retriesNanos = new CopyOnWriteArrayList<>();
    private final EventLoop loop = EventLoop.open("load");
    private final List<LazyPirateClient> clients = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopping;

    private Load() {}

    static Load start(String frontend, int clients, RequestOptions options) {
        Load load = new Load();
        for (int i = 0; i < clients; i++) {
            load.add(frontend, options);
        }
        load.threads.forEach(Thread::start);
        return load;
    }

    private void add(String frontend, RequestOptions options) {
        LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(frontend)
                .options(options)
                .backoff(Backoff.exponential(Duration.ofMillis(20), Duration.ofMillis(200), 0.5))
                .circuitBreaker(NEVER, Duration.ofMillis(1))
                .listener(new LazyPirateListener() {
                    @Override
                    public void onRetry(Retry event) {
                        retriesNanos.add(System.nanoTime());
                    }
                })
                .loop(loop)
                .open();
        clients.add(client);
        Thread thread = new Thread(() -> ask(client), "load-" + clients.size());
        thread.setDaemon(true);
        threads.add(thread);
    }

    private void ask(LazyPirateClient client) {
        while (!stopping) {
            long requestId = history.invoke();
            try {
                history.end(Kind.OK, requestId, client.request(Long.toString(requestId)));
            } catch (PirateException e) {
                history.end(e.attempts().isEmpty() ? Kind.FAIL : Kind.INFO, requestId, e.toString());
            }
        }
    }

    History history() {
        return history;
    }

    /** Returns when clients began another attempt: the one before may yet be executed, so each is a kind of loss. */
    List<Long> retriesNanos() {
        return List.copyOf(retriesNanos);
    }

    /** Lets every client finish its request, and waits for that. */
    void stop() {
        stopping = true;
        long deadlineNanos = System.nanoTime() + STOP_MAX.toNanos();
        for (Thread thread : threads) {
            try {
                thread.join(Math.max(1, (deadlineNanos - System.nanoTime()) / 1_000_000));
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            if (thread.isAlive()) {
                throw new IllegalStateException("a call hangs in " + thread.getName());
            }
        }
    }

    @Override
    public void close() {
        stopping = true;
        clients.forEach(LazyPirateClient::close);
        loop.close();
    }
}
