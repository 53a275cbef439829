package io.privateer.pirate;

import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import org.jspecify.annotations.Nullable;

/** Reads what lenders say, and tells {@link Lenders}. Not thread-safe: confine to the loop's thread. */
final class LenderReader {

    private final Lenders lenders;
    private final LenderPort port;
    private final RecordReader reader = new RecordReader();

    LenderReader(Lenders lenders, LenderPort port) {
        this.lenders = lenders;
        this.port = port;
    }

    /** Takes a message of a lender, on the connection that it has now. */
    void onMessage(long nowNanos, Lender lender, byte[][] frames) {
        if (!reader.open(frames)) {
            malformed(lender, reader.problem());
            return;
        }
        PrvLink link = lender.link;
        lenders.onHeard(nowNanos, lender);
        while (lender.link == link && reader.next()) {
            onRecord(nowNanos, lender);
        }
        if (reader.problem() != null) {
            malformed(lender, reader.problem());
        }
        lenders.onTurnEnds(nowNanos, lender);
    }

    private void onRecord(long nowNanos, Lender lender) {
        switch (reader.type()) {
            case Prv.REPLY -> lenders.onReply(nowNanos, lender, reader);
            case Prv.WELCOME -> lenders.onWelcome(nowNanos, lender, reader);
            case Prv.DRAIN -> lenders.onDrain(lender);
            case Prv.GOODBYE -> lenders.onDisconnected(nowNanos, lender);
            case Prv.HEARTBEAT -> {
                // That it came is all there is to it.
            }
            default -> malformed(lender, "record type " + reader.type() + " is not for borrowers");
        }
    }

    private void malformed(Lender lender, @Nullable String problem) {
        port.malformed(lender, problem == null ? "" : problem);
    }
}
