package io.privateer.binarystar;

import io.privateer.core.Settings;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.LoopHandle;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The small third process of {@link StarMode#PAIR_WITH_WITNESS}: promises each pair's lease to one of its servers at a time.
 * It keeps nothing on disk, serves any number of pairs, and belongs on a third machine. After its start it grants nothing for
 * {@link #LEASE_MAX}, because an earlier life may have granted something.
 *
 * <p>Thread-safe; {@link #start} and {@link #close} wait for the event loop.
 */
public final class Witness implements AutoCloseable {

    /** The longest lease that a pair may ask for, and how long a witness waits after its start: 10 s. */
    public static final Duration LEASE_MAX = Duration.ofSeconds(10);

    private static final Logger log = LoggerFactory.getLogger(Witness.class);
    private static final int PAIRS_MAX = 10_000;
    private static final int MESSAGE_BYTES_MAX = 4_096;

    private final LoopHandle handle;
    private final RouterSocket socket;
    private final Grants grants;

    private Witness(LoopHandle handle, RouterSocket socket, Grants grants) {
        this.handle = handle;
        this.socket = socket;
        this.grants = grants;
    }

    /**
     * Starts a witness; returns once its endpoint is bound.
     *
     * @param endpoint {@code tcp://host:port}; {@code *} as the port takes any free one
     * @throws IllegalArgumentException if it is no such endpoint
     * @throws io.privateer.core.EndpointException if it cannot be bound
     */
    public static Witness start(String endpoint) {
        return start(endpoint, LEASE_MAX);
    }

    /**
     * As {@link #start(String)}, for pairs with shorter leases, so that it need not wait so long after its start.
     *
     * @throws IllegalArgumentException if {@code leaseMax} is below 10 ms or above {@link #LEASE_MAX}
     */
    public static Witness start(String endpoint, Duration leaseMax) {
        return start(null, endpoint, leaseMax);
    }

    /** As {@link #start(String, Duration)}, on a loop that others share unless that is {@code null}. */
    static Witness start(@Nullable EventLoop loop, String endpoint, Duration leaseMax) {
        Settings.bindEndpoint("endpoint", endpoint);
        Settings.atLeast("leaseMax", leaseMax, Duration.ofMillis(10));
        Settings.check(leaseMax.compareTo(LEASE_MAX) <= 0, "leaseMax", "<= " + Settings.text(LEASE_MAX), leaseMax);
        LoopHandle handle = LoopHandle.of(loop, "witness");
        return handle.make(() -> {
            Grants grants = new Grants(handle.loop(), leaseMax);
            SocketSettings settings = SocketSettings.defaults().withMessageBytesMax(MESSAGE_BYTES_MAX);
            grants.socket = handle.loop().bindRouter("endpoint", endpoint, settings, grants);
            handle.loop().join(grants);
            log.info("witness started endpoint={} leaseMaxMillis={}", grants.socket.endpoint(), leaseMax.toMillis());
            return new Witness(handle, grants.socket, grants);
        });
    }

    /** Returns where servers find it, with the real port. */
    public String endpoint() {
        return socket.endpoint();
    }

    /** Returns how many messages came that were none of a pair's; dropped. */
    public long malformed() {
        return handle.ask(() -> grants.malformed);
    }

    /**
     * Returns what completes when the witness has ended: exceptionally, with {@link TransportFailedException}, if its event
     * loop failed, so that it can grant nothing any more. Then start the process anew.
     */
    public CompletableFuture<Void> stopped() {
        return grants.stopped.thenRun(() -> {
            Throwable failure = handle.loop().failure();
            if (failure != null) {
                throw new TransportFailedException("witness " + endpoint() + " has stopped", List.of(), failure);
            }
        });
    }

    /** Closes the witness. Servers that hold its lease go on for as long as that lasts, and with their peer's promise. */
    @Override
    public void close() {
        handle.runIfAlive(grants::close);
        handle.close();
    }

    /** Loop thread only. */
    private static final class Grants implements RouterSocket.Handler, LoopMember {
        private final CompletableFuture<Boolean> stopped = new CompletableFuture<>();
        private final EventLoop loop;
        private final WitnessMachine machine;
        private RouterSocket socket;
        private long malformed;

        @SuppressWarnings("NullAway.Init") // The socket that hands it messages is made with it.
        Grants(EventLoop loop, Duration leaseMax) {
            this.loop = loop;
            this.machine = new WitnessMachine(
                    loop.clock().nanoTime(),
                    leaseMax.toNanos(),
                    PAIRS_MAX,
                    (pair, leaseMillis) -> log.warn(
                            "lease too long pair={} leaseMillis={} leaseMaxMillis={}",
                            pair,
                            leaseMillis,
                            leaseMax.toMillis()));
        }

        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            LeaseRequest request = frames.length == 1 ? LeaseCodec.decodeRequest(frames[0]) : null;
            if (request == null) {
                malformed++;
                if (malformed == 1) {
                    log.warn("malformed message dropped peer={} (counted, not logged again)", peer);
                }
                return;
            }
            LeaseAnswer answer = machine.onRequest(loop.clock().nanoTime(), request);
            if (answer != null) {
                socket.send(peer, LeaseCodec.encode(answer));
            }
        }

        @Override
        public void onPeerGone(Identity peer) {
            // Its lease goes on until it runs out: the server may only have changed its connection.
        }

        void close() {
            loop.leave(this);
            socket.close();
            if (stopped.complete(true)) {
                log.info("witness closed endpoint={}", socket.endpoint());
            }
        }

        @Override
        public void onLoopStopped(@Nullable Throwable failure) {
            if (failure != null) {
                log.error("witness failed endpoint={}", socket.endpoint(), failure);
            }
            close();
        }
    }
}
