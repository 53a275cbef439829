package io.privateer.pirate;

import io.privateer.core.Backoff;
import io.privateer.core.EndpointException;
import io.privateer.core.FairClock;
import io.privateer.core.internal.Deadlines;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import io.privateer.pirate.Lending.Credit;
import io.privateer.pirate.PirateListener.DropCause;
import io.privateer.pirate.PirateListener.LossCause;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongConsumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Which clusters lend a queue their workers, which of them gets a request, and what becomes of what a lost one had. To a
 * lender the queue is a client of PRV/1, and a delivery to it a request; so one that is back after a lost connection knows
 * what it has. Belongs to {@link QueueMachine}, whose rules for inputs hold here too.
 */
final class Lenders {

    private static final Backoff REDIAL = Backoff.exponential(Duration.ofMillis(50), Duration.ofSeconds(2), 0.5);

    private final QueueSettings settings;
    private final QueueCounters counters;
    private final FairClock clock;
    private final RequestLedger ledger;
    private final LongConsumer observe;
    private final LongConsumer dispatchAll;
    private final Map<String, Lender> byName = new LinkedHashMap<>();
    final LenderChoice choice = new LenderChoice(byName.values());
    private long nextLoanId = 1;
    private @Nullable LenderPort port;
    private @Nullable RandomGenerator random;

    Lenders(
            QueueSettings settings,
            QueueCounters counters,
            FairClock clock,
            RequestLedger ledger,
            LongConsumer observe,
            LongConsumer dispatchAll) {
        this.settings = settings;
        this.counters = counters;
        this.clock = clock;
        this.ledger = ledger;
        this.observe = observe;
        this.dispatchAll = dispatchAll;
    }

    /** From here on there may be lenders, which are reached through {@code lenderPort}. */
    void begin(LenderPort lenderPort, RandomGenerator randomness) {
        port = lenderPort;
        random = randomness;
        choice.begin(randomness);
    }

    @Nullable
    Lender get(String name) {
        return byName.get(name);
    }

    Collection<Lender> all() {
        return byName.values();
    }

    /** Connects to this life of a lender, unless it is connected to, and under this endpoint. */
    void open(long nowNanos, String name, PeerId life, String endpoint) {
        observe.accept(nowNanos);
        Lender former = byName.get(name);
        if (former != null && former.endpoint.equals(endpoint) && former.livesOn(life)) {
            former.draining = false;
            former.workers.forEach(worker -> worker.takes(0, 0));
            return;
        }
        if (former != null) {
            forsake(nowNanos, former, LossCause.DISCONNECTED);
        }
        Lender lender = new Lender(name, life, endpoint, nextLoanId, settings);
        byName.put(name, lender);
        dial(nowNanos, lender);
        dispatchAll.accept(nowNanos);
    }

    /** A lender will hold so many requests of this queue. */
    void credit(long nowNanos, String name, Map<String, Credit> creditByService) {
        observe.accept(nowNanos);
        Lender lender = byName.get(name);
        if (lender == null || lender.draining) {
            return;
        }
        lender.workers.forEach(worker -> worker.takes(0, 0));
        creditByService.forEach(
                (service, credit) -> lender.worker(ledger.service(service)).takes(credit.atOnce(), credit.inAll()));
        lender.forgetUnused();
        dispatchAll.accept(nowNanos);
    }

    /** A lender gets no more; what it has comes back, unless it is to finish that. */
    void close(long nowNanos, String name, boolean drain) {
        observe.accept(nowNanos);
        Lender lender = byName.get(name);
        if (lender == null) {
            return;
        }
        lender.draining = true;
        if (!drain || lender.loans.isEmpty()) {
            forsake(nowNanos, lender, LossCause.GAVE_BACK);
        }
        dispatchAll.accept(nowNanos);
    }

    /** The queue has another name for its lenders from here on, who know nothing of what they had under the former. */
    void forgetAll(long nowNanos) {
        observe.accept(nowNanos);
        for (Lender lender : byName.values()) {
            if (lender.link != null) {
                lender.link.goodbye(Status.OK);
                lose(nowNanos, lender, LossCause.GAVE_BACK);
            }
            takeBackAll(nowNanos, lender, LossCause.GAVE_BACK);
            lender.incarnation = null;
        }
        dispatchAll.accept(nowNanos);
    }

    /** Every lender is told that this queue leaves; what they have is lost with it. */
    void closeAll() {
        byName.values().forEach(this::leave);
        byName.clear();
    }

    /** Gives the request to the lender with most credit left, of that for what it begins {@code atOnce} or of all; false if none has any. */
    boolean lend(long nowNanos, QueuedRequest request, boolean atOnce) {
        QueueWorker worker = request.borrowed ? null : choice.mostSpare(request, atOnce);
        if (worker == null) {
            return false;
        }
        Lender lender = Objects.requireNonNull(worker.lender);
        ledger.deliver(request, worker, clock.fair(nowNanos));
        lender.loans.add(request, nextLoanId++);
        request.lentAgain = false;
        counters.lent++;
        send(nowNanos, lender, request, 1);
        return true;
    }

    private static void send(long nowNanos, Lender lender, QueuedRequest request, int attempt) {
        PrvLink link = Objects.requireNonNull(lender.link);
        long firstOpen = lender.loans.firstOpenId();
        if (firstOpen > lender.acknowledgedBelow) {
            lender.acknowledgedBelow = firstOpen;
            link.acknowledge(firstOpen);
        }
        link.request(request, request.loanId, attempt, nowNanos);
    }

    /** A lender answers, on a new connection or because it ceases or begins to stand by. */
    void onWelcome(long nowNanos, Lender lender, RecordReader welcome) {
        observe.accept(nowNanos);
        PrvLink link = lender.link;
        if (link == null) {
            return;
        }
        if (lender.answersAnew(welcome.peer())) {
            takeBackAll(nowNanos, lender, LossCause.DISCONNECTED);
        }
        lender.standby = welcome.isStandby();
        lender.pulse.follow(clock.fair(nowNanos), welcome.heartbeatMillis());
        link.limit(welcome.messageBytesMax());
        if (!lender.welcomed) {
            lender.welcomed = true;
            lender.inGrace = false;
            lender.failures = 0;
            Objects.requireNonNull(port).welcomed(lender);
            link.acknowledge(lender.loans.firstOpenId());
            lender.loans.oldestFirst().forEach(request -> sendAgain(nowNanos, lender, request));
        }
        dispatchAll.accept(nowNanos);
    }

    /** What nobody wants any more is not asked for again: the lender may have forgotten it, and would do it once more. */
    private void sendAgain(long nowNanos, Lender lender, QueuedRequest request) {
        if (!request.abandoned) {
            request.lentAgain = true;
            send(nowNanos, lender, request, 2);
            return;
        }
        Objects.requireNonNull(lender.link).cancel(request.loanId);
        ledger.release(request, Objects.requireNonNull(request.worker));
        ledger.end(request, DropCause.ABANDONED, nowNanos);
    }

    /** A lender gives a sign of life. */
    void onHeard(long nowNanos, Lender lender) {
        observe.accept(nowNanos);
        lender.pulse.heard(clock.fair(nowNanos));
    }

    /** A lender says how a request ended, or that it does not take it; {@link #onTurnEnds} follows. */
    void onReply(long nowNanos, Lender lender, RecordReader reply) {
        observe.accept(nowNanos);
        QueuedRequest request = lender.loans.get(reply.id());
        if (request == null) {
            counters.lateReplies++;
            return;
        }
        QueueWorker worker = Objects.requireNonNull(request.worker);
        long fairNanos = clock.fair(nowNanos);
        boolean refused = isRefusal(reply.status());
        boolean mayHaveRun = request.once && request.lentAgain; // Before the lender ceased to serve, and to tell.
        if (refused && reply.attempts() == 0 && !mayHaveRun) {
            refused(nowNanos, request, worker);
        } else if (refused || (reply.status() != Status.OK && request.client().isPlain())) {
            request.deliveries +=
                    Math.max(0, reply.attempts() - 1); // So often it was lost there; poison must not travel.
            ledger.takeBack(request, worker, LossCause.GAVE_BACK, nowNanos, fairNanos);
        } else {
            ledger.answer(request, worker, reply.status(), reply.body(), nowNanos, fairNanos);
        }
    }

    private static boolean isRefusal(Status status) {
        return switch (status) {
            case BUSY, NOT_ACTIVE, STALE_EPOCH, UNKNOWN_PEER -> true;
            case OK, HANDLER_FAILED, EXPIRED, NO_WORKERS, REDELIVERY_EXHAUSTED, TOO_LARGE, UNAUTHORIZED, WORKER_LOST ->
                false;
        };
    }

    /** Its credit was an illusion, until it says again what it has. */
    private void refused(long nowNanos, QueuedRequest request, QueueWorker worker) {
        counters.refusedByLenders++;
        if (request.abandoned) {
            ledger.release(request, worker);
            ledger.end(request, DropCause.ABANDONED, nowNanos);
        } else {
            ledger.undeliver(request, worker);
        }
        worker.credit = Math.min(worker.credit, worker.held);
    }

    /** A lender begins to drain: it finishes what it has. */
    void onDrain(Lender lender) {
        lender.standby = true;
    }

    /** Closes a message of a lender: what it brought about is carried out. */
    void onTurnEnds(long nowNanos, Lender lender) {
        if (lender.draining && lender.loans.isEmpty()) {
            forsake(nowNanos, lender, LossCause.GAVE_BACK);
        }
        dispatchAll.accept(nowNanos);
    }

    /** A lender's connection is gone, or it does not read, or wants none; it may be back soon. */
    void onDisconnected(long nowNanos, Lender lender) {
        observe.accept(nowNanos);
        if (lender.link != null) {
            lose(nowNanos, lender, LossCause.DISCONNECTED);
            dispatchAll.accept(nowNanos);
        }
    }

    private void lose(long nowNanos, Lender lender, LossCause cause) {
        Objects.requireNonNull(port).lost(lender, cause);
        hangUp(lender, cause == LossCause.GAVE_BACK && lender.welcomed);
        lender.redialAtNanos = nowNanos + (lender.failures == 0 ? 0 : redialAfterNanos(lender));
        lender.failures++;
        if (cause == LossCause.SILENT) {
            takeBackAll(nowNanos, lender, cause);
        } else if (!lender.inGrace && !lender.loans.isEmpty()) {
            lender.inGrace = true;
            lender.goneAtNanos = clock.fair(nowNanos);
        }
    }

    private long redialAfterNanos(Lender lender) {
        return REDIAL.delayNanos(lender.failures, Objects.requireNonNull(random));
    }

    /**
     * Only who has answered is told: what was said to another could arrive after the hello of the next connection, and a goodbye
     * then makes the lender forget what it has.
     */
    private void hangUp(Lender lender, boolean inOrder) {
        if (lender.link != null) {
            Objects.requireNonNull(port).hangUp(lender, inOrder);
            lender.linked(null);
        }
    }

    private void dial(long nowNanos, Lender lender) {
        lender.pulse.begin(clock.fair(nowNanos), 0);
        try {
            lender.linked(Objects.requireNonNull(port).dial(lender));
        } catch (EndpointException e) {
            lender.failures++; // A name that is not known now may be known later.
            lender.redialAtNanos = nowNanos + redialAfterNanos(lender);
        }
    }

    private void leave(Lender lender) {
        if (lender.link != null && lender.welcomed) {
            lender.link.goodbye(Status.OK);
        }
        hangUp(lender, lender.welcomed);
    }

    /** Forgets a lender, and takes back what it has. */
    private void forsake(long nowNanos, Lender lender, LossCause cause) {
        takeBackAll(nowNanos, lender, cause);
        leave(lender);
        lender.workers.forEach(worker -> worker.service.lenders.remove(worker));
        byName.remove(lender.name);
    }

    /** The newest first, so that the oldest is again in front. */
    private void takeBackAll(long nowNanos, Lender lender, LossCause cause) {
        lender.inGrace = false;
        List<QueuedRequest> loans = lender.loans.oldestFirst();
        for (int i = loans.size() - 1; i >= 0; i--) {
            QueuedRequest request = loans.get(i);
            QueueWorker worker = Objects.requireNonNull(request.worker);
            ledger.takeBack(request, worker, cause, nowNanos, clock.fair(nowNanos));
        }
    }

    /** Lets deadlines pass. Calling early, late or repeatedly is harmless. */
    void onTick(long nowNanos) {
        long fairNanos = clock.fair(nowNanos);
        for (Lender lender : new ArrayList<>(byName.values())) {
            if (lender.inGrace && fairNanos - lender.goneAtNanos >= settings.disconnectGraceNanos()) {
                takeBackAll(nowNanos, lender, LossCause.DISCONNECTED);
            }
            PrvLink link = lender.link;
            if (link == null) {
                if (nowNanos - lender.redialAtNanos >= 0) {
                    dial(nowNanos, lender);
                }
            } else if (lender.pulse.isSilent(fairNanos)) {
                lose(nowNanos, lender, LossCause.SILENT);
            } else if (lender.pulse.takeBeat(fairNanos) && lender.welcomed) {
                lender.acknowledgedBelow = lender.loans.firstOpenId();
                link.acknowledge(lender.acknowledgedBelow);
                link.beat();
            }
            if (lender.draining && lender.loans.isEmpty()) {
                forsake(nowNanos, lender, LossCause.GAVE_BACK);
            }
        }
    }

    /** Returns when {@link #onTick} is due, if that is before {@code nanos}. */
    long earlierDeadline(long nanos) {
        long next = nanos;
        for (Lender lender : byName.values()) {
            if (lender.inGrace) {
                next = Deadlines.earlier(next, clock.unfair(lender.goneAtNanos + settings.disconnectGraceNanos()));
            }
            next = lender.link == null
                    ? Deadlines.earlier(next, lender.redialAtNanos)
                    : Deadlines.earlier(next, clock.unfair(lender.pulse.nextDeadlineNanos()));
        }
        return next;
    }
}
