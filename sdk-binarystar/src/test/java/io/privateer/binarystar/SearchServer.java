package io.privateer.binarystar;

import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/** One server of a small world: the production machine, or the Guide's, with a disk and a slot for what it says last. */
interface SearchServer {

    void start(long now);

    void tick(long now);

    void hear(long now, PeerState message);

    /** A client that has seen {@code seen} asks; an active server answers in its epoch, others take it as a vote. */
    void ask(long now, long seen);

    void peerRefused(long now);

    boolean serves(long now);

    /** The number under which it serves, by which clients tell a newer server from an older one. */
    long epoch();

    boolean isAborted();

    /** What it has said last and the peer has not heard yet. */
    @Nullable
    PeerState said();

    void forgetSaid();

    /** What it guards does what it has been told to. */
    default void settle(long now) {}

    void hash(Fingerprint fingerprint, long now);

    /** {@link BinaryStarMachine}, unchanged, as the world outside it. */
    final class Ours implements SearchServer, BinaryStarPort {

        final StarSettings settings;
        final BinaryStarMachine machine;
        final SearchWorld world;
        final Deque<Long> stores = new ArrayDeque<>();
        final Deque<LeaseRequest> requests = new ArrayDeque<>();
        final Deque<LeaseAnswer> answers = new ArrayDeque<>();
        private final long disk;
        private final Deque<Long> orders = new ArrayDeque<>();
        private @Nullable PeerState said;

        Ours(SearchWorld world, StarSettings settings, long now, long disk) {
            this.world = world;
            this.settings = settings;
            this.disk = disk;
            this.machine = new BinaryStarMachine(settings, now, this, new StarEventsLog());
        }

        @Override
        public void start(long now) {
            machine.onStart(now, disk);
        }

        @Override
        public void tick(long now) {
            machine.onTick(now);
        }

        @Override
        public void hear(long now, PeerState message) {
            machine.onPeerState(now, 0, message);
        }

        @Override
        public void ask(long now, long seen) {
            machine.onNewerEpoch(now, seen);
            machine.onVote(now);
        }

        @Override
        public void peerRefused(long now) {
            machine.onPeerLinkLost(now, 0);
            machine.onPeerRefused(now, 0);
        }

        @Override
        public boolean serves(long now) {
            return machine.mayServe(now);
        }

        @Override
        public long epoch() {
            return machine.newestEpoch();
        }

        @Override
        public boolean isAborted() {
            return false;
        }

        @Override
        public @Nullable PeerState said() {
            return said;
        }

        @Override
        public void forgetSaid() {
            said = null;
        }

        @Override
        public void settle(long now) {
            while (!orders.isEmpty()) {
                machine.onStandsBy(now, orders.remove());
            }
        }

        @Override
        public void hash(Fingerprint fingerprint, long now) {
            fingerprint.machine(machine, now);
            stores.forEach(fingerprint::epoch);
            requests.forEach(request -> fingerprint.request(machine, request, now));
            fingerprint.add(requests.size());
            answers.forEach(answer -> fingerprint.answer(machine, answer, now));
            fingerprint.add(answers.size());
        }

        @Override
        public void sendState(PeerState state) {
            said = state;
        }

        @Override
        public void storeEpoch(long epoch) {
            if (stores.isEmpty() || stores.getLast() != epoch) { // To keep the same twice is to keep it once.
                stores.add(epoch);
            }
        }

        @Override
        public void activate(long epoch) {
            world.onActivated(settings.role(), epoch);
        }

        @Override
        public void deactivate(long newestEpoch, String activeFrontend) {
            orders.add(newestEpoch);
        }

        @Override
        public void inform(long newestEpoch, String activeFrontend) {
            // Nobody decides anything by it.
        }

        @Override
        public void probe(int link) {
            // The world refuses when it likes.
        }

        /** Whether it has something to say to the witness, and no epoch above {@code epochMax} in it. */
        boolean asksUpTo(long epochMax) {
            LeaseRequest request = requests.peek();
            return request != null && (request.release() || request.epoch() <= epochMax);
        }

        @Override
        public void askLease(LeaseRequest request) {
            requests.clear(); // The older one is lost.
            requests.add(request);
        }

        @Override
        public void releaseLease(LeaseRequest release) {
            askLease(release);
        }
    }

    /** The Guide's table, as in its {@code bstar.c}. */
    final class Guide implements SearchServer {

        private final Role role;
        private final SearchWorld world;
        private final long failover;
        private StarState state;
        private boolean aborted;
        private long peerExpiry;
        private long activation;
        private @Nullable PeerState said;

        Guide(SearchWorld world, StarSettings settings) {
            this.world = world;
            this.role = settings.role();
            this.failover = settings.failoverNanos();
            this.state = StarState.initial(role);
        }

        @Override
        public void start(long now) {
            peerExpiry = now + failover;
            say();
        }

        @Override
        public void tick(long now) {
            if (!aborted) {
                say();
            }
        }

        @Override
        public void hear(long now, PeerState message) {
            peerExpiry = now + failover;
            StarState peer = message.state();
            switch (state) {
                case PRIMARY -> {
                    if (peer == StarState.BACKUP) {
                        activate();
                    } else if (peer == StarState.ACTIVE) {
                        state = StarState.PASSIVE;
                    }
                }
                case BACKUP -> {
                    if (peer == StarState.ACTIVE) {
                        state = StarState.PASSIVE;
                    }
                }
                case ACTIVE -> aborted |= peer == StarState.ACTIVE;
                case PASSIVE -> {
                    if (peer == StarState.PASSIVE) {
                        aborted = true;
                    } else if (peer != StarState.ACTIVE) {
                        activate();
                    }
                }
            }
        }

        @Override
        public void ask(long now, long seen) {
            boolean waits = state == StarState.PRIMARY || state == StarState.PASSIVE;
            if (waits && now - peerExpiry >= 0) {
                activate();
            }
        }

        private void activate() {
            state = StarState.ACTIVE;
            activation = world.onActivated(role, Epochs.NONE);
        }

        private void say() {
            said = new PeerState(role, state, 0, PeerState.GUIDE, StarMode.PAIR, 1, 1, 0, true, 1, 0, "", "pair", "");
        }

        @Override
        public void peerRefused(long now) {
            // The Guide's servers do not look.
        }

        @Override
        public boolean serves(long now) {
            return state == StarState.ACTIVE && !aborted;
        }

        @Override
        public long epoch() {
            return activation;
        }

        @Override
        public boolean isAborted() {
            return aborted;
        }

        @Override
        public @Nullable PeerState said() {
            return said;
        }

        @Override
        public void forgetSaid() {
            said = null;
        }

        @Override
        public void hash(Fingerprint fingerprint, long now) {
            fingerprint.add(state.number());
            fingerprint.add(aborted ? 1 : 0);
            fingerprint.add(Math.max(0, peerExpiry - now));
            fingerprint.add(activation);
        }
    }
}
