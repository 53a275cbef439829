package io.privateer.pirate;

import io.privateer.core.FairClock;
import io.privateer.core.wire.PeerId;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What one queue of a pair does so that the other can go on with its requests: while it serves it tells the other, through
 * its {@link LedgerLog}; while it stands by it takes down what the other tells, in its {@link LedgerMirror}; and when it
 * takes over there is an {@link Inheritance}. Belongs to {@link QueueMachine}, whose rules for inputs hold here too.
 */
final class QueueReplication {

    final Inheritance inheritance;
    private final Handover handover;
    private final FairClock clock;
    private final RequestLedger ledger;
    private final Clientele clientele;
    private final LedgerMirror mirror;
    private final LongConsumer observe;
    private final LongConsumer afterChange;
    private boolean serves = true;

    QueueReplication(
            QueueSettings settings,
            QueuePort port,
            QueueCounters counters,
            FairClock clock,
            RequestLedger ledger,
            Clientele clientele,
            WorkerTable workers,
            LongConsumer observe,
            LongConsumer afterChange) {
        this.clock = clock;
        this.ledger = ledger;
        this.clientele = clientele;
        this.observe = observe;
        this.afterChange = afterChange;
        this.mirror = new LedgerMirror(ledger, clientele);
        this.handover = new Handover(ledger, mirror, port, counters);
        this.inheritance = new Inheritance(settings, clock, handover, mirror, workers);
    }

    /** Whenever the other queue follows, it is told through {@code port} what this one does. */
    void open(LedgerPort port) {
        ledger.log.open(port);
    }

    /** The other queue follows from now on. */
    void onFollowed(long nowNanos, long session, PeerId incarnation) {
        clock.observe(nowNanos);
        handover.replicate(session, incarnation, clientele.prv(), nowNanos);
    }

    /** The other queue has the first {@code chunks} of the stream. */
    void onStored(long nowNanos, long session, long chunks) {
        observe.accept(nowNanos);
        ledger.log.onStored(session, chunks);
        afterChange.accept(nowNanos);
    }

    /** The other queue follows no more. */
    void onEnded(long nowNanos, long session) {
        observe.accept(nowNanos);
        ledger.log.onEnded(session);
        afterChange.accept(nowNanos);
    }

    /** Sends what was said in this turn. */
    void flush() {
        ledger.log.flush();
    }

    /** The queue that serves begins to tell what it does, or ceases to: what it told before is out of date. */
    void forget() {
        if (!serves) {
            mirror.clear();
        }
    }

    /** Returns what is wrong with what the queue that serves tells, or {@code null}. */
    @Nullable
    String follow(long nowNanos, byte[] chunk) {
        if (serves) {
            return null; // It was on its way when this queue took over.
        }
        clock.observe(nowNanos);
        String problem = mirror.follow(chunk, nowNanos, clock.fair(nowNanos));
        if (problem != null) {
            mirror.clear();
        }
        return problem;
    }

    /** Returns the incarnation to go on as, or {@code null} if too little is known of the queue that served. */
    @Nullable
    PeerId takeOver(long nowNanos) {
        serves = true;
        PeerId followed = mirror.incarnation();
        if (followed == null) {
            mirror.clear();
        } else {
            inheritance.begin(nowNanos);
        }
        return followed;
    }

    /** The queue serves no more: its clients are to turn to the other one. */
    void standDown(String activeAddress) {
        serves = false;
        inheritance.end();
        handover.standDown(activeAddress);
    }
}
