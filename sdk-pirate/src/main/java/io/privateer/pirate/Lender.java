package io.privateer.pirate;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a queue knows of one lender: a cluster whose workers take requests of this one. There is a {@link QueueWorker} for
 * each service that it offers, and one connection for all. Mutable; belongs to {@link Lenders}.
 */
final class Lender {

    final String name;
    final String endpoint;
    final Loans loans;
    final List<QueueWorker> workers = new ArrayList<>(1);

    /** The connection, from when it is dialled. */
    @Nullable
    PrvLink link;

    /** The queue there has answered on this connection; it takes requests unless it stands by. */
    boolean welcomed;

    boolean standby;

    /** The queue that answered last: another one knows nothing of the loans. */
    @Nullable
    PeerId incarnation;

    /** Which life of it there is, as others say; and whether another queue has answered since that was said. */
    private PeerId life;

    private boolean answeredAnew;

    /** Its connection is gone while it had loans, since then; it may come back for them. */
    boolean inGrace;

    long goneAtNanos;

    /** In the machine's fair time. */
    final WorkerPulse pulse;

    /** When to connect again, and how often in a row that has failed. */
    long redialAtNanos;

    int failures;

    /** It finishes what it has. */
    boolean draining;

    /** Up to where it was told that it need keep nothing. */
    long acknowledgedBelow = 1;

    Lender(String name, PeerId life, String endpoint, long firstLoanId, QueueSettings settings) {
        this.name = name;
        this.life = life;
        this.endpoint = endpoint;
        this.loans = new Loans(firstLoanId);
        this.pulse = new WorkerPulse(settings.heartbeatNanos(), settings.liveness());
    }

    /** Returns the worker that stands for its service. */
    QueueWorker worker(Service service) {
        for (QueueWorker worker : workers) {
            if (worker.service == service) {
                return worker;
            }
        }
        Identity identity = Identity.wrap(("lender " + name).getBytes(StandardCharsets.UTF_8));
        QueueWorker worker = new QueueWorker(identity, Dialect.PRV, service, 0);
        worker.lender = this;
        worker.link = link;
        worker.takes(0, 0);
        workers.add(worker);
        service.lenders.add(worker);
        return worker;
    }

    /**
     * Notes which life there is now, and returns whether what is known of the connection, and of the loans, is of that: a broker
     * that was started again may answer before anybody hears how it stands.
     */
    boolean livesOn(PeerId newLife) {
        boolean livesOn = life.equals(newLife) || answeredAnew;
        if (!life.equals(newLife)) {
            life = newLife;
            answeredAnew = false;
        }
        return livesOn;
    }

    /** Notes which queue answers, and returns whether it knows nothing of the loans. */
    boolean answersAnew(PeerId queue) {
        boolean anew = incarnation != null && !incarnation.equals(queue);
        incarnation = queue;
        answeredAnew |= anew;
        return anew;
    }

    /** Forgets the services of which it takes nothing and has nothing. */
    void forgetUnused() {
        workers.removeIf(worker -> {
            boolean unused = worker.held == 0 && worker.credit == 0;
            if (unused) {
                worker.service.lenders.remove(worker);
            }
            return unused;
        });
    }

    boolean takesLoans() {
        return welcomed && !standby && !draining;
    }

    void linked(@Nullable PrvLink newLink) {
        link = newLink;
        welcomed = false;
        workers.forEach(worker -> worker.link = newLink);
    }
}
