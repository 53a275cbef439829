package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * The PRV/1 connections of one socket of a queue: reads what comes on them, tells the machine, and sends what the machine
 * said to them meanwhile when the turn ends. Not thread-safe: confine to the loop's thread.
 */
final class PrvLinks {

    /** The type of no record. */
    private static final int NONE = -1;

    private final QueueMachine machine;
    private final Port port;
    private final boolean borrowers;
    private final RecordReader reader = new RecordReader();
    private final Map<Identity, PrvLink> links = new HashMap<>();
    private final ArrayDeque<PrvLink> unsent = new ArrayDeque<>();

    /** Those whose peer is gone or does not read: they are given up, and the peer has to introduce itself again. */
    private final ArrayDeque<PrvLink> cut = new ArrayDeque<>();

    /** What lies under the links: a ROUTER socket, or a simulated network. */
    interface Port {

        /** Sends one message to a peer; false if the peer is gone or does not read. */
        boolean send(Identity peer, byte[][] frames);

        /** Something waits to be flushed: {@link PrvLinks#flush} is to be called when the turn ends. */
        void flushLater();

        /** A peer said what is no PRV/1. */
        void malformed(Identity peer, String problem);
    }

    PrvLinks(QueueMachine machine, Port port) {
        this(machine, port, false);
    }

    /** @param borrowers whether the peers are other clusters, whose epochs are their own */
    PrvLinks(QueueMachine machine, Port port, boolean borrowers) {
        this.machine = machine;
        this.port = port;
        this.borrowers = borrowers;
    }

    /** Takes a message of a client. */
    void onClientMessage(long nowNanos, Identity peer, byte[][] frames) {
        PrvLink link = linkOf(peer);
        if (!reader.open(frames)) {
            malformed(link);
            return;
        }
        if (!borrowers && !machine.onEpoch(nowNanos, reader.epoch())) {
            port.malformed(peer, "epoch " + Long.toUnsignedString(reader.epoch()) + " leaps ahead");
            return;
        }
        int unknown = NONE;
        while (reader.next()) {
            QueueClient client = link.client;
            if (reader.type() == Prv.HELLO) {
                machine.onHello(nowNanos, link, reader);
            } else if (client != null) {
                onClientRecord(nowNanos, link, client);
            } else if (unknown == NONE) {
                unknown = reader.type();
            }
        }
        if (link.client != null) {
            machine.onClientHeard(nowNanos, link.client);
        } else if (unknown != NONE) {
            askWho(link, unknown);
        }
        if (reader.problem() != null) {
            malformed(link);
        }
    }

    private void onClientRecord(long nowNanos, PrvLink link, QueueClient client) {
        switch (reader.type()) {
            case Prv.REQUEST -> machine.onPrvRequest(nowNanos, client, reader);
            case Prv.ACKNOWLEDGE -> machine.onAcknowledge(nowNanos, client, reader.id());
            case Prv.CANCEL -> machine.onCancel(nowNanos, client, reader.id());
            case Prv.GOODBYE -> machine.onClientGoodbye(nowNanos, client);
            case Prv.HEARTBEAT -> {
                // Any message is a sign of life.
            }
            default -> port.malformed(link.identity, "record of type " + reader.type() + " is not a client's");
        }
    }

    /** Takes a message of a worker. */
    void onWorkerMessage(long nowNanos, Identity peer, byte[][] frames) {
        PrvLink link = linkOf(peer);
        if (!reader.open(frames)) {
            malformed(link);
            return;
        }
        if (!machine.onEpoch(nowNanos, reader.epoch())) {
            port.malformed(peer, "epoch " + Long.toUnsignedString(reader.epoch()) + " leaps ahead");
            return;
        }
        int unknown = NONE;
        while (reader.next()) {
            QueueWorker worker = link.worker;
            if (reader.type() == Prv.READY) {
                machine.onPrvReady(nowNanos, link, reader);
            } else if (worker != null) {
                onWorkerRecord(nowNanos, link, worker);
            } else if (unknown == NONE) {
                unknown = reader.type();
            }
        }
        if (link.worker != null) {
            machine.onWorkerHeard(nowNanos, link.worker);
        } else if (unknown != NONE) {
            askWho(link, unknown);
        }
        if (reader.problem() != null) {
            malformed(link);
        }
    }

    private void onWorkerRecord(long nowNanos, PrvLink link, QueueWorker worker) {
        switch (reader.type()) {
            case Prv.REPLY -> machine.onPrvReply(nowNanos, worker, reader);
            case Prv.PROGRESS -> machine.onProgress(nowNanos, worker, reader.id());
            case Prv.CREDIT -> machine.onCredit(worker, reader.id());
            case Prv.DRAIN -> machine.onWorkerDrain(worker);
            case Prv.GOODBYE -> machine.onWorkerGoodbye(nowNanos, worker);
            case Prv.HEARTBEAT -> {
                // Any message is a sign of life.
            }
            default -> port.malformed(link.identity, "record of type " + reader.type() + " is not a worker's");
        }
    }

    /**
     * Whoever does not know that it is unknown would wait for ever: it has outlived a queue, or its own silence. Not so who
     * introduces itself in the same message, behind what it had said before it heard that it has to.
     */
    private void askWho(PrvLink link, int type) {
        if (type == Prv.HELLO || type == Prv.READY) {
            // It would introduce itself here again and again.
            port.malformed(link.identity, "record of type " + type + " at the wrong socket");
        } else if (type != Prv.GOODBYE) {
            link.goodbye(Status.UNKNOWN_PEER);
        }
    }

    private void malformed(PrvLink link) {
        String problem = reader.problem();
        port.malformed(link.identity, problem == null ? "" : problem);
    }

    /** A connection is gone, whether or not its peer spoke PRV/1. */
    void onPeerGone(long nowNanos, Identity peer) {
        PrvLink link = links.remove(peer);
        if (link != null) {
            machine.onLinkGone(nowNanos, link);
        }
    }

    private PrvLink linkOf(Identity peer) {
        PrvLink link = links.get(peer);
        if (link == null) {
            link = newLink(peer);
            links.put(peer, link);
        }
        return link;
    }

    private PrvLink newLink(Identity peer) {
        LongSupplier epochs = borrowers ? () -> 0 : machine.epochs();
        PrvLink link = new PrvLink(peer, this::send, this::announce, epochs);
        link.borrows = borrowers;
        return link;
    }

    private void announce(PrvLink link) {
        if (unsent.isEmpty()) {
            port.flushLater();
        }
        unsent.add(link);
    }

    private void send(PrvLink link, byte[][] frames) {
        if (!link.cut && !port.send(link.identity, frames)) {
            link.cut = true;
            cut.add(link);
        }
    }

    /** Sends what waits. */
    void flush(long nowNanos) {
        for (PrvLink link = unsent.poll(); link != null; link = unsent.poll()) {
            link.flush();
        }
        for (PrvLink link = cut.poll(); link != null; link = cut.poll()) {
            links.remove(link.identity, link);
            machine.onLinkGone(nowNanos, link);
        }
    }
}
