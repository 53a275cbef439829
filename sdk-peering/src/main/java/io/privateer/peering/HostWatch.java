package io.privateer.peering;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopTimer;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Looks up where hosts are, on threads of its own: JeroMQ would do it on the loop's, again for every attempt to connect, and the
 * broker stand still for as long as a name server does not answer, which any peer could bring about. Looks again from time to
 * time, for hosts move. Not thread-safe: confine to the loop's thread.
 */
final class HostWatch {

    private static final String OCTET = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";

    /**
     * What no JVM asks a name server for: four numbers below 256, or in brackets what has a colon and begins like an address, whose
     * errors it finds itself. All else may be a name.
     */
    private static final Pattern ADDRESS =
            Pattern.compile(OCTET + "(\\." + OCTET + "){3}|\\[[0-9A-Fa-f]*:[0-9A-Fa-f:.]*]");

    private static final int THREADS_MAX = 4;
    private static final long IDLE_SECONDS = 10;

    private final EventLoop loop;
    private final Lookup lookup;
    private final long everyNanos;
    private final LoopTimer timer;
    private final ExecutorService threads;
    private final Set<Watch> watches = new LinkedHashSet<>();
    private final Set<String> inHand = new HashSet<>();
    private boolean closed;

    /** Asks a name server, for as long as that takes. */
    interface Lookup {

        /** Returns the addresses of {@code host} as text, one at least; what it throws else counts as an unknown host, too. */
        List<String> addressesOf(String host) throws UnknownHostException;
    }

    /** Hears where an endpoint is, on the loop's thread. */
    interface Seeker {

        /**
         * The endpoint is found, or has moved.
         *
         * @param at the same with an address for the host
         * @return false if that cannot be used now, and is to be told again later
         */
        boolean onFound(String at);

        /** The host is not known now; it is looked for again. */
        void onUnknown(EndpointException why);
    }

    /** @param everyNanos how often to look again; the JVM keeps what it has found, for 30 s unless it is told otherwise */
    HostWatch(EventLoop loop, Lookup lookup, long everyNanos) {
        this.loop = loop;
        this.lookup = lookup;
        this.everyNanos = everyNanos;
        this.timer = loop.timer(this::lookAgain);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                THREADS_MAX, THREADS_MAX, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, loop.name() + "-names");
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        this.threads = pool;
    }

    /** Asks as the JVM does. IPv4 comes first: JeroMQ connects to IPv6 only where it is told to. */
    static List<String> system(String host) throws UnknownHostException {
        List<String> addresses = new ArrayList<>();
        InetAddress[] found = InetAddress.getAllByName(host);
        Arrays.stream(found)
                .filter(Inet4Address.class::isInstance)
                .map(InetAddress::getHostAddress)
                .forEach(addresses::add);
        Arrays.stream(found)
                .filter(it -> !(it instanceof Inet4Address))
                .map(it -> "[" + it.getHostAddress() + "]")
                .forEach(addresses::add);
        return addresses;
    }

    /** What somebody looks for. */
    final class Watch {
        private final String host;
        private final String port;
        private final Seeker seeker;
        private @Nullable String address;

        private Watch(String endpoint, Seeker seeker) {
            this.host = endpoint.substring("tcp://".length(), endpoint.lastIndexOf(':'));
            this.port = endpoint.substring(endpoint.lastIndexOf(':'));
            this.seeker = seeker;
        }

        /** A host with several addresses has not moved while it has the one that was found first. */
        private void found(List<String> addresses) {
            if (watches.contains(this) && (address == null || !addresses.contains(address))) {
                String first = addresses.get(0);
                address = seeker.onFound("tcp://" + first + port) ? first : null;
            }
        }

        private void unknown(EndpointException why) {
            if (watches.contains(this) && address == null) {
                seeker.onUnknown(why);
            }
        }

        /** Lets the seeker hear of nothing any more. */
        void end() {
            watches.remove(this);
        }
    }

    /**
     * Looks for {@code endpoint} until the watch is ended. The seeker hears at once of what has an address for a host, and then
     * never again; and of a host that somebody else has found.
     */
    Watch look(String endpoint, Seeker seeker) {
        Watch watch = new Watch(endpoint, seeker);
        if (ADDRESS.matcher(watch.host).matches()) {
            seeker.onFound(endpoint);
        } else {
            if (watches.isEmpty()) {
                timer.arm(loop.clock().nanoTime() + everyNanos);
            }
            watches.add(watch);
            watchesOf(watch.host).stream()
                    .flatMap(other -> Optional.ofNullable(other.address).stream())
                    .findFirst()
                    .ifPresent(address -> watch.found(List.of(address)));
            ask(watch.host);
        }
        return watch;
    }

    /** Looks for nothing any more. */
    void close() {
        closed = true;
        watches.clear();
        timer.cancel();
        threads.shutdownNow();
    }

    private void lookAgain() {
        watches.forEach(watch -> ask(watch.host));
        if (!watches.isEmpty()) {
            timer.arm(loop.clock().nanoTime() + everyNanos);
        }
    }

    private void ask(String host) {
        if (!closed && inHand.add(host)) {
            threads.execute(() -> answer(host));
        }
    }

    /** On a thread for names. */
    private void answer(String host) {
        Consumer<Watch> answer = watch -> {}; // Of an error, which ends the thread.
        try {
            List<String> addresses = lookup.addressesOf(host);
            answer = watch -> watch.found(addresses);
        } catch (UnknownHostException | RuntimeException e) {
            EndpointException why = new EndpointException("host is not known: " + host, e);
            answer = watch -> watch.unknown(why);
        } finally {
            tell(host, answer);
        }
    }

    /** Lets the host be asked for again, whatever came of it. */
    private void tell(String host, Consumer<Watch> answer) {
        try {
            loop.execute(() -> {
                inHand.remove(host);
                watchesOf(host).forEach(answer);
            });
        } catch (ClosedException | TransportFailedException e) {
            // Nobody wants to know any more.
        }
    }

    private List<Watch> watchesOf(String host) {
        return watches.stream().filter(watch -> watch.host.equals(host)).toList();
    }
}
