package io.privateer.pirate;

import io.privateer.core.EndpointException;
import io.privateer.core.wire.PeerId;
import io.privateer.core.wire.Status;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Writes one line per change of a worker's contact to its queue. Not thread-safe: confine to the loop's thread. */
final class QueueContact {

    private static final Logger log = LoggerFactory.getLogger(PirateWorker.class);

    private final String worker;
    private final PeerId id;
    private final String queue;
    private boolean opened;
    private boolean reached;
    private boolean toldNotReached;
    private long malformed;

    /** @param id what the queue calls the worker in its own log */
    QueueContact(String worker, PeerId id, String queue) {
        this.worker = worker;
        this.id = id;
        this.queue = queue;
    }

    /** Another socket is opened; the queue may not have been reached by the one before. */
    void opening() {
        if (opened && !reached && !toldNotReached) {
            toldNotReached = true;
            log.warn("queue not reached, trying on worker={} queue={}", worker, queue);
        }
        reached = false;
    }

    /** The socket is there. */
    void opened() {
        opened = true;
    }

    boolean wasOpened() {
        return opened;
    }

    void cannotBeConnected(EndpointException why) {
        log.warn("queue cannot be connected worker={} queue={}", worker, queue, why);
    }

    void reached(PeerId incarnation) {
        if (!reached) {
            reached = true;
            toldNotReached = false;
            log.info("queue reached worker={} id={} queue={} incarnation={}", worker, id, queue, incarnation);
        }
    }

    void lost() {
        if (reached) {
            log.info("queue lost worker={} queue={}", worker, queue);
        }
    }

    void goodbye(Status why) {
        log.info("queue says goodbye worker={} queue={} why={}", worker, queue, why);
    }

    /** Counted each time, logged once. */
    void malformed(@Nullable String problem) {
        malformed++;
        if (malformed == 1) {
            log.warn(
                    "malformed message dropped worker={} queue={} problem={} (counted, not logged again;"
                            + " a queue that does not speak PRV needs dialect PPP)",
                    worker,
                    queue,
                    problem);
        }
    }

    long malformedCount() {
        return malformed;
    }
}
