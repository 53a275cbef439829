package io.privateer.binarystar;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One life of a witness, for the simulation in another package: the production machine and codec. */
public final class WitnessLife {

    private static final int PAIRS_MAX = 4;

    private final WitnessMachine machine;

    public WitnessLife(long nowNanos, long leaseNanosMax) {
        this.machine = new WitnessMachine(nowNanos, leaseNanosMax, PAIRS_MAX, (pair, leaseMillis) -> {});
    }

    /** Returns the answer, or {@code null} if there is none. */
    public byte @Nullable [] onMessage(long nowNanos, byte[] frame) {
        LeaseRequest request = Objects.requireNonNull(LeaseCodec.decodeRequest(frame), "a server speaks well");
        LeaseAnswer answer = machine.onRequest(nowNanos, request);
        return answer == null ? null : LeaseCodec.encode(answer);
    }
}
