package io.privateer.pirate;

import java.util.Collection;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Which of several lenders gets a request, and what none of them takes. Belongs to {@link Lenders}. */
final class LenderChoice {

    private final Collection<Lender> all;
    private @Nullable RandomGenerator random;

    /** Makes a choice among {@code all}, whoever that is at the moment. */
    LenderChoice(Collection<Lender> all) {
        this.all = all;
    }

    /** Equals are drawn by lot from here on. */
    void begin(RandomGenerator randomness) {
        random = randomness;
    }

    /**
     * Returns who stands for the lender with most credit left, of that for what it begins {@code atOnce} or of all; {@code null} if
     * none has any.
     */
    @Nullable
    QueueWorker mostSpare(QueuedRequest request, boolean atOnce) {
        QueueWorker best = null;
        int most = 0;
        int equals = 0;
        for (QueueWorker worker : request.service().lenders) {
            int spare = (atOnce ? worker.atOnce() : worker.credit) - worker.held;
            PrvLink link = openLink(worker);
            if (spare < Math.max(1, most) || link == null || !link.takes(request)) {
                continue;
            }
            equals = spare > most ? 1 : equals + 1;
            most = spare;
            if (equals == 1 || Objects.requireNonNull(random).nextInt(equals) == 0) {
                best = worker;
            }
        }
        return best;
    }

    /** Returns how many bytes per frame the lender takes that takes most of those with credit left; 0 if none has any. */
    int frameBytesMaxNow(Service service) {
        int most = 0;
        for (QueueWorker worker : service.lenders) {
            PrvLink link = openLink(worker);
            if (worker.held < worker.credit && link != null) {
                most = Math.max(most, link.messageBytesMax());
            }
        }
        return most;
    }

    /** Whether the service is done by lenders alone, and none will ever take the request: all that stay have said that they take less. */
    boolean isTooLargeForAll(QueuedRequest request) {
        Service service = request.service();
        if (request.borrowed || service.workers > 0 || service.lenders.isEmpty()) {
            return false;
        }
        boolean tooLarge = false;
        for (Lender lender : all) {
            if (!lender.draining) {
                PrvLink link = openLink(lender);
                if (link == null || link.takes(request)) {
                    return false;
                }
                tooLarge = true;
            }
        }
        return tooLarge;
    }

    private static @Nullable PrvLink openLink(QueueWorker worker) {
        return openLink(Objects.requireNonNull(worker.lender));
    }

    /** Returns the connection over which a lender takes loans, or {@code null} if there is none now. */
    private static @Nullable PrvLink openLink(Lender lender) {
        PrvLink link = lender.link;
        return link == null || link.cut || !lender.takesLoans() ? null : link;
    }
}
