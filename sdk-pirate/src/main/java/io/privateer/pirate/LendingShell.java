package io.privateer.pirate;

import io.privateer.core.Randomness;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.RouterSocket;
import io.privateer.core.transport.RouterSocket.SendResult;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.transport.SocketStats;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.pirate.PirateListener.LossCause;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets over which a queue lends and borrows: a ROUTER for borrowers, and a DEALER to each lender. Not thread-safe:
 * confine to the loop's thread, except {@link #endpoint()}.
 */
final class LendingShell implements Lending, LenderPort {

    private static final Logger log = LoggerFactory.getLogger(PirateQueue.class);

    /** How many messages a lender may leave unread: one for each request that it holds, in the worst case, and some more. */
    private static final int UNREAD_MAX = 32_768;

    private final QueueShell shell;
    private final QueueMachine machine;
    private PeerId self;
    private final Runnable onTouched;
    private final RouterSocket cloudFrontend;
    private final PrvLinks borrowers;
    private final LenderReader reader;
    private final Map<Lender, LenderLink> links = new HashMap<>();
    private final ArrayDeque<LenderLink> unsent = new ArrayDeque<>();
    private boolean touched;

    /**
     * Binds the socket for borrowers.
     *
     * @param self what lenders know the queue by
     * @param onTouched called at the end of every turn in which {@link #capacity()} may have changed
     */
    LendingShell(QueueShell shell, QueueMachine machine, PeerId self, String endpoint, Runnable onTouched) {
        this.shell = shell;
        this.machine = machine;
        this.self = self;
        this.onTouched = onTouched;
        this.cloudFrontend =
                shell.loop.bindRouter("cloud", endpoint, shell.setup.socketSettings(), new CloudFrontend());
        this.borrowers = new PrvLinks(machine, new BorrowerPort(), true);
        this.reader = new LenderReader(machine.lenders, this);
        machine.lenders.begin(this, Randomness.system());
    }

    /** Thread-safe. */
    @Override
    public String endpoint() {
        return cloudFrontend.endpoint();
    }

    SocketStats stats() {
        return cloudFrontend.stats();
    }

    @Override
    public void open(String lender, UUID life, String endpoint) {
        machine.lenders.open(now(), lender, PeerId.of(life), endpoint);
        shell.armTimer();
    }

    @Override
    public void credit(String lender, Map<String, Credit> creditByService) {
        machine.lenders.credit(now(), lender, creditByService);
        shell.armTimer();
    }

    @Override
    public void close(String lender, boolean drain) {
        machine.lenders.close(now(), lender, drain);
        shell.armTimer();
    }

    @Override
    public void vote(String endpoint) {
        Vote.cast(shell.loop, shell.setup.name(), endpoint, shell.setup.socketSettings());
    }

    @Override
    public void rename(UUID newSelf) {
        self = PeerId.of(newSelf);
        machine.lenders.forgetAll(now());
        shell.armTimer();
    }

    @Override
    public int lent(String lender) {
        Lender known = machine.lenders.get(lender);
        return known == null ? 0 : known.loans.count();
    }

    @Override
    public Capacity capacity() {
        return machine.capacity.now();
    }

    /** The machine had an input. */
    void touch() {
        if (!touched) {
            touched = true;
            shell.loop.atEndOfTurn(this::tellTouched);
        }
    }

    private void tellTouched() {
        touched = false;
        onTouched.run();
    }

    void flush(long nowNanos) {
        borrowers.flush(nowNanos);
        for (LenderLink link = unsent.poll(); link != null; link = unsent.poll()) {
            link.flush();
        }
    }

    void close() {
        machine.lenders.closeAll();
        cloudFrontend.close();
    }

    @Override
    public PrvLink dial(Lender lender) {
        SocketSettings settings = shell.setup.socketSettings();
        LenderLink link = new LenderLink(this, lender, settings.withHighWaterMark(UNREAD_MAX));
        links.put(lender, link);
        link.prv.hello(self, settings.messageBytesMax());
        return link.prv;
    }

    @Override
    public void hangUp(Lender lender, boolean inOrder) {
        LenderLink link = links.remove(lender);
        if (link != null && inOrder) {
            link.close();
        } else if (link != null) {
            link.abandon();
        }
    }

    @Override
    public void welcomed(Lender lender) {
        log.info("lender connected queue={} lender={} endpoint={}", shell.setup.name(), lender.name, lender.endpoint);
    }

    @Override
    public void lost(Lender lender, LossCause cause) {
        if (lender.welcomed) {
            log.info("lender lost queue={} lender={} cause={}", shell.setup.name(), lender.name, cause);
        } else {
            log.debug(
                    "lender not reached queue={} lender={} endpoint={}",
                    shell.setup.name(),
                    lender.name,
                    lender.endpoint);
        }
    }

    void announce(LenderLink link) {
        if (unsent.isEmpty()) {
            shell.flushLater();
        }
        unsent.add(link);
    }

    @Override
    public void malformed(Lender lender, String problem) {
        shell.dropMalformed("lender " + lender.name, LenderLink.IDENTITY, problem);
    }

    EventLoop loop() {
        return shell.loop;
    }

    void onMessage(Lender lender, byte[][] frames) {
        reader.onMessage(now(), lender, frames);
        shell.armTimer();
    }

    void onDisconnected(Lender lender) {
        machine.lenders.onDisconnected(now(), lender);
        shell.armTimer();
    }

    private long now() {
        return shell.loop.clock().nanoTime();
    }

    private final class CloudFrontend implements RouterSocket.Handler {
        @Override
        public void onMessage(Identity peer, byte[][] frames) {
            if (Prv.isPrv(frames)) {
                borrowers.onClientMessage(now(), peer, frames);
            } else {
                shell.dropMalformed("cloud", peer, "no PRV/1, which brokers speak here");
            }
            shell.armTimer();
        }

        @Override
        public void onPeerGone(Identity peer) {
            borrowers.onPeerGone(now(), peer);
            shell.armTimer();
        }
    }

    private final class BorrowerPort implements PrvLinks.Port {
        @Override
        public boolean send(Identity peer, byte[][] frames) {
            SendResult result = cloudFrontend.send(peer, frames);
            if (result == SendResult.DROPPED) {
                shell.slowPeers++;
            }
            return result == SendResult.SENT || result == SendResult.PARKED;
        }

        @Override
        public void flushLater() {
            shell.flushLater();
        }

        @Override
        public void malformed(Identity peer, String problem) {
            shell.dropMalformed("cloud", peer, problem);
        }
    }
}
