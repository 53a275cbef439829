package io.privateer.binarystar;

import java.util.ArrayList;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * The epochs that clients have told a server's service of before the server knew its own. Each may be as far ahead of the one
 * before as is believed of a client, so that the last alone would not be. Not thread-safe: confine to the loop's thread.
 */
final class EarlyEpochs {

    /** More than come while a file is read, unless somebody wants to fill the memory. */
    static final int HEARD_MAX = 4_096;

    private final List<Long> heard = new ArrayList<>();
    private long newest;

    void hear(long epoch) {
        if (epoch > newest && heard.size() < HEARD_MAX) {
            newest = epoch;
            heard.add(epoch);
        }
    }

    /** Tells them in their order, for the only time. */
    void tell(LongConsumer to) {
        heard.forEach(to::accept);
        heard.clear();
    }
}
