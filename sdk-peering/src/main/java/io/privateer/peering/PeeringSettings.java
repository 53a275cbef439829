package io.privateer.peering;

import java.util.ArrayList;
import java.util.List;

/**
 * What {@link Membership} has to know of its configuration; whoever makes one has checked it. Immutable.
 *
 * @param name the name of the cluster, see {@link Names#isName}
 * @param stateEndpoints where peers find this broker's state: its own, then that of the other server of its pair, if any
 * @param cloudEndpoints where peers send requests, in the same order
 * @param stateMinIntervalNanos the state is said at most once in this time
 * @param stateIntervalNanos everything, the list of peers too, is said at least once in this time, and the rest of it four times
 * @param capacityTtlNanos so long counts what a peer has said that it could do
 * @param evasiveAfterNanos after which silence a peer is evasive
 * @param silentAfterNanos after which silence what was sent to a peer is taken back
 * @param expireAfterNanos after which silence a peer is forgotten
 */
record PeeringSettings(
        String name,
        List<String> stateEndpoints,
        List<String> cloudEndpoints,
        long stateMinIntervalNanos,
        long stateIntervalNanos,
        long capacityTtlNanos,
        long evasiveAfterNanos,
        long silentAfterNanos,
        long expireAfterNanos) {

    private static final long MILLI = 1_000_000;
    private static final long SECOND = 1_000 * MILLI;
    private static final int BEATS = 4;

    PeeringSettings {
        stateEndpoints = List.copyOf(stateEndpoints);
        cloudEndpoints = List.copyOf(cloudEndpoints);
    }

    /** Returns settings with the default times. */
    static PeeringSettings of(String name, List<String> stateEndpoints, List<String> cloudEndpoints) {
        return new PeeringSettings(
                name,
                stateEndpoints,
                cloudEndpoints,
                20 * MILLI,
                SECOND,
                3 * SECOND,
                3 * SECOND,
                10 * SECOND,
                30 * SECOND);
    }

    /** Returns these settings as they are once {@code bind} has turned out to be {@code bound}: they may name a free port. */
    PeeringSettings boundAt(String bind, String bound) {
        List<String> real = new ArrayList<>(stateEndpoints);
        real.replaceAll(endpoint -> endpoint.equals(bind) ? bound : endpoint);
        return new PeeringSettings(
                name,
                real,
                cloudEndpoints,
                stateMinIntervalNanos,
                stateIntervalNanos,
                capacityTtlNanos,
                evasiveAfterNanos,
                silentAfterNanos,
                expireAfterNanos);
    }

    /**
     * Returns in which time a broker speaks at least once, and looks after its peers. Of the messages of {@code evasiveAfter},
     * twelve by default, one is enough: where each is lost with 5 %, all of them are once in 10^15 times.
     */
    long beatNanos() {
        return Math.max(stateMinIntervalNanos, stateIntervalNanos / BEATS);
    }

    /** Returns the most messages that a broker says in a second to each of its peers, however much changes. */
    long stateRateMax() {
        return (SECOND + stateMinIntervalNanos - 1) / stateMinIntervalNanos;
    }
}
