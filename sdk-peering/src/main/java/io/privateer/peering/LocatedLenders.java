package io.privateer.peering;

import io.privateer.core.EndpointException;
import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending.Credit;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Opens lenders at the addresses of their hosts, when those are known and again when they change, and keeps meanwhile what they may
 * have. Not thread-safe: confine to the loop's thread.
 */
final class LocatedLenders implements LenderPort {

    private final HostWatch hosts;
    private final PeeringObserver observer;
    private final LenderPort lenders;
    private final Map<String, Wanted> wanted = new HashMap<>();

    LocatedLenders(HostWatch hosts, PeeringObserver observer, LenderPort lenders) {
        this.hosts = hosts;
        this.observer = observer;
        this.lenders = lenders;
    }

    /** One life of a lender, wherever it is. */
    private final class Wanted implements HostWatch.Seeker {
        private final String name;
        private final PeerId incarnation;
        private final String endpoint;
        private Map<String, Credit> credit = Map.of();
        private boolean open;
        private HostWatch.@Nullable Watch watch;

        Wanted(String name, PeerId incarnation, String endpoint) {
            this.name = name;
            this.incarnation = incarnation;
            this.endpoint = endpoint;
        }

        void look() {
            watch = hosts.look(endpoint, this);
        }

        @Override
        public boolean onFound(String at) {
            open = true;
            observer.forgetTrouble(endpoint);
            lenders.lenderOpen(name, incarnation, at);
            if (!credit.isEmpty()) {
                lenders.lenderCredit(name, credit);
            }
            return true;
        }

        @Override
        public void onUnknown(EndpointException why) {
            observer.cannotBeConnected("cloud", endpoint, why);
        }

        void end() {
            observer.forgetTrouble(endpoint);
            if (watch != null) {
                watch.end();
            }
        }
    }

    /** One vote, as soon as it is known where to. */
    private final class Vote implements HostWatch.Seeker {
        private HostWatch.@Nullable Watch watch;
        private boolean done;

        void cast(String endpoint) {
            watch = hosts.look(endpoint, this);
            endIfDone();
        }

        @Override
        public boolean onFound(String at) {
            lenders.vote(at);
            done = true;
            endIfDone();
            return true;
        }

        @Override
        public void onUnknown(EndpointException why) {
            done = true; // Another one follows while the peer is silent.
            endIfDone();
        }

        private void endIfDone() {
            if (done && watch != null) {
                watch.end();
            }
        }
    }

    @Override
    public void vote(String cloudEndpoint) {
        new Vote().cast(cloudEndpoint);
    }

    @Override
    public void lenderOpen(String name, PeerId incarnation, String cloudEndpoint) {
        Wanted former = wanted.remove(name);
        Wanted now = new Wanted(name, incarnation, cloudEndpoint);
        wanted.put(name, now);
        now.look();
        if (former != null) {
            former.end();
            if (former.open && !now.open) {
                lenders.lenderClose(name, false); // It lives anew, and nobody knows where.
            }
        }
    }

    @Override
    public void lenderCredit(String name, Map<String, Credit> credit) {
        Wanted lender = wanted.get(name);
        if (lender != null) {
            lender.credit = Map.copyOf(credit);
            if (lender.open) {
                lenders.lenderCredit(name, credit);
            }
        }
    }

    @Override
    public void lenderClose(String name, boolean drain) {
        Wanted lender = wanted.remove(name);
        if (lender != null) {
            lender.end();
            if (lender.open) {
                lenders.lenderClose(name, drain);
            }
        }
    }
}
