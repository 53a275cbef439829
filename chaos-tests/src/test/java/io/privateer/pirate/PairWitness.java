package io.privateer.pirate;

import io.privateer.binarystar.WitnessLife;
import io.privateer.core.transport.Identity;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The witness's process. */
final class PairWitness extends SimProcess implements SimRouter.Handler {

    final SimRouter router;
    private final long leaseNanosMax;
    private @Nullable WitnessLife current;

    PairWitness(PairSim sim, long leaseNanosMax) {
        super(sim, "witness");
        this.router = new SimRouter(sim, this, this);
        this.leaseNanosMax = leaseNanosMax;
    }

    @Override
    void onStart() {
        current = new WitnessLife(now(), leaseNanosMax);
    }

    @Override
    void onCrash() {
        router.close(true);
    }

    @Override
    boolean hasDeadline() {
        return false;
    }

    @Override
    long nextDeadlineNanos() {
        throw new IllegalStateException("a witness has no deadline");
    }

    @Override
    void onTick() {}

    @Override
    public void onMessage(Identity peer, byte[][] frames) {
        byte[] answer = Objects.requireNonNull(current).onMessage(now(), frames[0]);
        if (answer != null) {
            router.send(peer, new byte[][] {answer});
        }
    }

    @Override
    public void onPeerGone(Identity peer) {
        // Its lease goes on until it runs out.
    }
}
