package io.privateer.pirate;

import static io.privateer.pirate.SimViolation.check;

import io.privateer.core.EndpointException;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import io.privateer.pirate.PirateListener.LossCause;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;

/** The flows of requests to and from other brokers, in one life of a broker, joined to the machine as {@link LendingShell} does. */
final class SimLending implements LenderPort, Lending {

    private static final int MESSAGE_BYTES_MAX = SocketSettings.DEFAULT_MESSAGE_BYTES_MAX;

    private final SimBroker broker;
    private final SimQueue queue;
    private final PeeringSim sim;
    private final SimWorld world;
    private final QueueMachine machine;
    private final SimFlows.Host host;
    private final PrvLinks borrowers;
    private final LenderReader reader;
    private final RecordReader heard = new RecordReader();
    private final Map<Lender, Connection> links = new LinkedHashMap<>();
    private final ArrayDeque<Connection> unsent = new ArrayDeque<>();
    private final Map<String, Map<String, Lending.Credit>> creditTold = new HashMap<>();
    private final Map<QueueWorker, Integer> heldBefore = new HashMap<>();
    private final Map<Lender, Long> goneAtNanos = new HashMap<>();
    private PeerId self = new PeerId(0, 0);

    SimLending(SimBroker broker, QueueMachine machine, SimFlows.Host host) {
        this.broker = broker;
        this.queue = broker.queue;
        this.sim = broker.sim;
        this.world = sim.world;
        this.machine = machine;
        this.host = host;
        this.borrowers = new PrvLinks(machine, new BorrowerPort(), true);
        this.reader = new LenderReader(machine.lenders, this);
        machine.lenders.begin(this, world.random());
    }

    PeerId self() {
        return self;
    }

    /** Whether the broker is welcome at the other one. */
    boolean isWelcomeAt(SimBroker other) {
        Lender lender = machine.lenders.get(other.name);
        return lender != null && lender.takesLoans();
    }

    void onBorrowerMessage(Identity peer, byte[][] frames) {
        broker.watch().onBorrowerMessage(peer, frames);
        borrowers.onClientMessage(queue.now(), peer, frames);
        host.settle();
    }

    void onBorrowerGone(Identity peer) {
        broker.watch().onBorrowerGone(peer);
        borrowers.onPeerGone(queue.now(), peer);
        host.settle();
    }

    void leaveAll() {
        machine.lenders.closeAll();
    }

    void flush() {
        borrowers.flush(queue.now());
        for (Connection link = unsent.poll(); link != null; link = unsent.poll()) {
            link.flush();
        }
    }

    /** Whoever has got more since the last input has been credited with that. */
    void checkHeld() {
        for (Lender lender : machine.lenders.all()) {
            int held = 0;
            for (QueueWorker worker : lender.workers) {
                int before = heldBefore.getOrDefault(worker, 0);
                String service = worker.service.name;
                Lending.Credit credit =
                        creditTold.getOrDefault(lender.name, Map.of()).get(service);
                int told = credit == null ? 0 : credit.inAll();
                boolean fair = worker.held <= Math.max(before, told);
                check(fair, "a lender holds no more than it will", broker, lender.name, worker.held, told);
                heldBefore.put(worker, worker.held);
                held += worker.held;
            }
            check(held == lender.loans.count(), "what a lender holds are its loans", broker, lender.name, held);
        }
        machine.lenders.all().forEach(lender -> lender.workers.forEach(worker -> checkWaiting(worker.service)));
        goneAtNanos.keySet().removeIf(lender -> lender.loans.isEmpty());
        if (queue.isRunning()) {
            goneAtNanos.forEach(this::checkGrace);
            links.values().forEach(this::checkHeard);
        }
    }

    /** Whoever stands first waits because nobody takes it, unless the workers of a small queue hold all that they may. */
    private void checkWaiting(Service service) {
        reachIf(!service.tooLargeToLend.isEmpty(), PeeringGoal.TOO_LARGE_FOR_A_LENDER);
        QueuedRequest first = service.first();
        if (first != null && !first.borrowed && !sim.settings.faults.contains(SimFault.OVERLOAD)) {
            boolean taken = PrvLink.frameBytesMax(first) <= machine.lenders.choice.frameBytesMaxNow(service);
            check(!taken, "nothing waits that a lender takes", broker, SimContent.text(first.body));
        }
    }

    private void checkHeard(Connection link) {
        long silentNanos = world.now() - link.heardAtNanos - queue.stoppedNanosSince(link.heardAtNanos);
        QueueSettings settings = sim.settings.queue;
        long limitNanos = settings.silenceNanos() + settings.sweepNanos() + 3 * sim.settings.lagNanosMax();
        check(silentNanos <= limitNanos, "a silent lender is given up", broker, link.other, silentNanos);
    }

    private void checkGrace(Lender lender, long sinceNanos) {
        long goneNanos = world.now() - sinceNanos - queue.stoppedNanosSince(sinceNanos);
        long limitNanos = sim.settings.queue.disconnectGraceNanos() + 3 * sim.settings.lagNanosMax();
        check(goneNanos <= limitNanos, "what a lost lender had comes back", broker, lender.name, goneNanos);
    }

    @Override
    public PrvLink dial(Lender lender) {
        if (sim.faulty(PeeringFault.UNKNOWN_HOST, 0.2)) {
            world.reach(PeeringGoal.HOST_UNKNOWN);
            throw new EndpointException("unknown host " + lender.endpoint, null);
        }
        world.trace(broker.name, "calls", lender.name);
        Connection link = new Connection(lender);
        links.put(lender, link);
        link.prv.hello(self, MESSAGE_BYTES_MAX);
        return link.prv;
    }

    @Override
    public void hangUp(Lender lender, boolean inOrder) {
        Connection link = links.remove(lender);
        if (link != null && inOrder) {
            link.close();
        } else if (link != null) {
            link.abandon();
        }
    }

    @Override
    public void welcomed(Lender lender) {
        world.trace(broker.name, "is welcome at", lender.name, "with loans", lender.loans.count());
        goneAtNanos.remove(lender);
        Connection link = Objects.requireNonNull(links.get(lender));
        link.prv.limit(sim.frameBytesMax(link.other));
        if (!lender.loans.isEmpty()) {
            world.reach(PeeringGoal.LOANS_RESUMED);
        }
    }

    @Override
    public void malformed(Lender lender, String problem) {
        throw new SimViolation("a lender speaks PRV/1 well: " + problem);
    }

    @Override
    public void lost(Lender lender, LossCause cause) {
        world.trace(broker.name, "loses lender", lender.name, cause, "loans", lender.loans.count());
        goneAtNanos.putIfAbsent(lender, world.now());
        if (cause == LossCause.SILENT && lender.welcomed) {
            world.reach(PeeringGoal.LENDER_SILENT);
        }
    }

    @Override
    public String endpoint() {
        return broker.cloudEndpoint();
    }

    @Override
    public void open(String lender, UUID life, String endpoint) {
        creditTold.remove(lender);
        machine.lenders.open(queue.now(), lender, PeerId.of(life), endpoint);
        host.settle();
    }

    @Override
    public void credit(String lender, Map<String, Lending.Credit> creditByService) {
        world.trace(broker.name, "credits", lender, creditByService);
        sim.judge.credits(broker, lender, creditByService);
        creditTold.put(lender, creditByService);
        machine.lenders.credit(queue.now(), lender, creditByService);
        host.settle();
    }

    @Override
    public void close(String lender, boolean drain) {
        world.trace(broker.name, "closes", lender, "drain=" + drain);
        creditTold.remove(lender);
        machine.lenders.close(queue.now(), lender, drain);
        host.settle();
    }

    @Override
    public void rename(UUID life) {
        self = PeerId.of(life);
        machine.lenders.forgetAll(queue.now());
        host.settle();
    }

    @Override
    public void vote(String endpoint) {
        throw new AssertionError("no broker here is one of a pair");
    }

    @Override
    public int lent(String lender) {
        Lender known = machine.lenders.get(lender);
        return known == null ? 0 : known.loans.count();
    }

    @Override
    public Lending.Capacity capacity() {
        return machine.capacity.now();
    }

    /** One connection to a lender, as {@link LenderLink} has it. */
    private final class Connection implements SimDealer.Handler {
        private final Lender lender;
        private final SimBroker other;
        private final PrvLink prv;
        private final SimDealer socket;
        private long heardAtNanos = world.now();
        private boolean sendFailed;
        private boolean closed;

        Connection(Lender lender) {
            this.lender = lender;
            this.other = sim.brokerAt(lender.endpoint);
            this.prv = new PrvLink(LenderLink.IDENTITY, (link, frames) -> send(frames), link -> announce(), () -> 0);
            this.socket = new SimDealer(sim, queue, other.cloudfe, broker.cloudPathTo(other), null, this);
        }

        private void announce() {
            unsent.add(this);
            host.flushLater();
        }

        private void send(byte[][] frames) {
            if (closed) {
                return;
            }
            sim.judge.sentToLender(broker, other, frames);
            if (sim.faulty(SimFault.OVERLOAD, 0.003)) {
                world.trace(broker.name, "finds that a lender does not read", lender.name);
                queue.disturbed();
                sendFailed = true;
                prv.cut = true;
            } else {
                socket.send(frames);
            }
        }

        private void flush() {
            prv.flush();
            if (sendFailed && !closed) {
                onDisconnected();
            }
        }

        private void close() {
            if (!closed) {
                prv.flush();
                closed = true;
                socket.close();
            }
        }

        private void abandon() {
            if (!closed) {
                closed = true;
                socket.closeWithoutLinger();
            }
        }

        @Override
        public void onMessage(byte[][] frames) {
            if (!closed) {
                heardAtNanos = world.now();
                look(frames);
                reader.onMessage(queue.now(), lender, frames);
                host.settle();
            }
        }

        private void look(byte[][] frames) {
            heard.open(frames);
            while (heard.next()) {
                if (heard.type() == Prv.REPLY && heard.status() == Status.OK) {
                    world.reach(PeeringGoal.ANSWERED_FROM_AFAR);
                } else if (heard.type() == Prv.REPLY && heard.status() == Status.WORKER_LOST) {
                    world.reach(PeeringGoal.LOST_ONCE_AT_LENDER);
                } else if (heard.type() == Prv.WELCOME && !heard.peer().equals(lender.incarnation)) {
                    reachIf(!lender.loans.isEmpty(), PeeringGoal.LENDER_HAD_FORGOTTEN);
                }
            }
        }

        @Override
        public void onDisconnected() {
            if (!closed) {
                machine.lenders.onDisconnected(queue.now(), lender);
                host.settle();
            }
        }
    }

    private void reachIf(boolean reached, PeeringGoal goal) {
        if (reached) {
            world.reach(goal);
        }
    }

    private final class BorrowerPort implements PrvLinks.Port {
        @Override
        public boolean send(Identity peer, byte[][] frames) {
            broker.watch().sentToBorrower(peer, frames);
            boolean sent = broker.cloudfe.send(peer, frames);
            if (!sent) {
                broker.watch().onBorrowerGone(peer);
            }
            return sent;
        }

        @Override
        public void flushLater() {
            host.flushLater();
        }

        @Override
        public void malformed(Identity peer, String problem) {
            throw new SimViolation("a borrower speaks PRV/1 well: " + problem);
        }
    }
}
