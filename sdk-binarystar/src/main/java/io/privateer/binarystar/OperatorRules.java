package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/** Why a server does not do what the operator wants. Belongs to {@link BinaryStarMachine}. */
final class OperatorRules {

    private final StarSettings settings;
    private final PeerWatch peer;
    private final LeaseBook leases;
    private final EpochKeeper epoch;
    private final Takeover takeover;

    OperatorRules(StarSettings settings, PeerWatch peer, LeaseBook leases, EpochKeeper epoch, Takeover takeover) {
        this.settings = settings;
        this.peer = peer;
        this.leases = leases;
        this.epoch = epoch;
        this.takeover = takeover;
    }

    /** Returns what to answer to a server at {@code state} that is to become active, or {@code null} if it may. */
    @Nullable
    OperatorAnswer refusalToPromote(long nowNanos, StarState state) {
        if (state == StarState.ACTIVE) {
            return OperatorAnswer.ALREADY_ACTIVE;
        }
        if (!epoch.isGood()) {
            return OperatorAnswer.CANNOT_SERVE;
        }
        if (peer.misconfiguration() != null) {
            return OperatorAnswer.MISCONFIGURED;
        }
        if (takeover.isUnderWay()) {
            return OperatorAnswer.UNDER_WAY;
        }
        boolean bound = settings.hasWitness() && leases.hasPromised(nowNanos);
        return bound ? OperatorAnswer.PEER_MAY_BE_ACTIVE : null;
    }

    /** Returns what to answer to one that is to hand over, or {@code null} if it may. */
    @Nullable
    OperatorAnswer refusalToStepDown(long nowNanos, StarState state) {
        if (state != StarState.ACTIVE) {
            return OperatorAnswer.NOT_ACTIVE;
        }
        boolean ready = settings.mode() == StarMode.MANUAL || peer.isReady(nowNanos);
        return ready ? null : OperatorAnswer.PEER_NOT_READY;
    }

    /** Returns what to answer to one that is to hand over to the primary, or {@code null} if the rest allows it. */
    @Nullable
    OperatorAnswer refusalToFailBack(StarState state) {
        if (settings.mode() == StarMode.MANUAL) {
            return OperatorAnswer.NOT_IN_THIS_MODE;
        }
        if (settings.role() == Role.PRIMARY) {
            return state == StarState.ACTIVE ? OperatorAnswer.ALREADY_ACTIVE : OperatorAnswer.NOT_ACTIVE;
        }
        return null;
    }
}
