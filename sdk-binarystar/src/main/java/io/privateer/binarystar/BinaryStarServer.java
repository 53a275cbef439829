package io.privateer.binarystar;

import io.privateer.core.Guarded;
import io.privateer.core.Replicated;
import io.privateer.core.Settings;
import io.privateer.core.internal.LoopHandle;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One server of a pair (Guide chapter 4, Binary Star): decides with its peer which of the two copies of a service serves,
 * and lets the other take over when that one is gone and clients ask for it.
 *
 * <pre>{@code
 * PirateQueue queue = PirateQueue.paranoid().standby().frontend("tcp://*:5555").backend("tcp://*:5556").start();
 * BinaryStarServer star = BinaryStarServer.primary().state("tcp://*:5557").peerState("tcp://backup:5557").guard(queue);
 * }</pre>
 *
 * <p>What is promised, and what is not, depends on the {@link StarMode}; {@code docs/guarantees.md} has it.
 *
 * <p>Thread-safe. Methods that ask or command wait for the event loop, not for the network.
 */
public final class BinaryStarServer implements AutoCloseable {

    private final LoopHandle handle;
    private final BinaryStarShell shell;
    private final Guarded service;
    private final AtomicBoolean guards = new AtomicBoolean(true);

    private BinaryStarServer(LoopHandle handle, BinaryStarShell shell, Guarded service) {
        this.handle = handle;
        this.shell = shell;
        this.service = service;
    }

    /** Returns settings for the server that serves if both are there from the start. */
    public static BinaryStarConfig.Builder primary() {
        return new BinaryStarConfig.Builder(Role.PRIMARY);
    }

    /** Returns settings for the server that serves when the primary cannot. */
    public static BinaryStarConfig.Builder backup() {
        return new BinaryStarConfig.Builder(Role.BACKUP);
    }

    /**
     * Starts a server that guards {@code service}; returns once its endpoints are bound.
     *
     * @throws IllegalArgumentException if {@code service} is to be replicated and is not {@link Replicated}
     * @throws IllegalStateException if another server guards {@code service}, and is not closed
     * @throws io.privateer.core.ClosedException if {@code service} is closed
     * @throws io.privateer.core.EndpointException if an endpoint cannot be bound, or a peer's or witness's host is not known;
     *     names the setting
     */
    public static BinaryStarServer start(BinaryStarConfig config, Guarded service) {
        Settings.check(
                !config.replicates() || service instanceof Replicated,
                "replication",
                "off where the service is not Replicated",
                service.getClass().getName());
        GuardedServices.add(service, config.name());
        try {
            return startAlone(config, service);
        } catch (RuntimeException e) {
            GuardedServices.remove(service);
            throw e;
        }
    }

    private static BinaryStarServer startAlone(BinaryStarConfig config, Guarded service) {
        LoopHandle handle = LoopHandle.of(config.loop(), "star-" + config.name());
        BinaryStarShell shell = handle.make(() -> new BinaryStarShell(handle.loop(), config, service));
        BinaryStarServer server = new BinaryStarServer(handle, shell, service);
        try {
            shell.guard();
        } catch (RuntimeException e) {
            server.close();
            throw e;
        }
        handle.runIfAlive(shell::start);
        return server;
    }

    /** Returns where the peer finds this server, with the real ports. */
    public List<String> state() {
        return shell.endpoints();
    }

    /** Returns how the server stands, and what it has counted. */
    public BinaryStarStats stats() {
        return handle.ask(shell::stats);
    }

    /**
     * Makes this server the active one, whatever its peer does; that steps down when it hears of it. The listener hears of
     * the end of what this begins.
     */
    public OperatorAnswer promote() {
        return handle.ask(() -> shell.obey(AdminCodec.Command.PROMOTE));
    }

    /** Hands over to the peer, which must be there and ready. In manual mode the operator promotes it afterwards. */
    public OperatorAnswer stepDown() {
        return handle.ask(() -> shell.obey(AdminCodec.Command.STEP_DOWN));
    }

    /** Hands over from the backup to the primary, which must be there and ready. */
    public OperatorAnswer failBack() {
        return handle.ask(() -> shell.obey(AdminCodec.Command.FAIL_BACK));
    }

    /**
     * Closes the server; its service stands by, and the peer is told to take over. With a witness it waits with that for the
     * service's word, at most for the lease, unless it is closed on its own loop. Closing twice is harmless.
     */
    @Override
    public void close() {
        handle.runIfAlive(shell::leave);
        if (!handle.loop().isLoopThread()) {
            shell.awaitLeft();
        }
        handle.runIfAlive(shell::close);
        handle.close();
        if (!handle.loop().isLoopThread()) {
            shell.awaitStored();
        }
        if (guards.getAndSet(false)) {
            GuardedServices.remove(service);
        }
    }
}
