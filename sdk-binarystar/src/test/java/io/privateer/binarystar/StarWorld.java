package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One server under test: its port and what it told, a line each, and a peer that says what the test wants. */
class StarWorld implements BinaryStarPort {

    /** What a service that stands by was told. */
    final List<String> informed = new ArrayList<>();

    static final long MILLI = 1_000_000;
    static final long HEARTBEAT = 1_000 * MILLI;
    static final long FAILOVER = 2 * HEARTBEAT;
    static final long LEASE = 2_500 * MILLI;
    static final PeerId OWN = new PeerId(1, 400);
    static final PeerId PEER = new PeerId(2, 800);

    final StarEventsLog log = new StarEventsLog();
    long now;
    StarSettings settings = settings(Role.PRIMARY, StarMode.PAIR);
    BinaryStarMachine machine = new BinaryStarMachine(settings, 0, this, log);
    boolean stores = true;
    boolean peerCanServe = true;
    long peerSequence = 10;
    long lastStored = -1;

    @Nullable
    PeerState said;

    @Nullable
    LeaseRequest asked;

    boolean standsBy = true;
    private final List<Long> toConfirm = new ArrayList<>();
    private final List<Long> toStore = new ArrayList<>();

    static StarSettings settings(Role role, StarMode mode) {
        return new StarSettings("pair", role, mode, OWN, HEARTBEAT, FAILOVER, LEASE, 10_000, -1, 1, "tcp://own:1", "");
    }

    void begin(Role role, StarMode mode, long origin, long epoch) {
        begin(settings(role, mode), origin);
        machine.onStart(now, epoch);
        settle();
    }

    void begin(StarSettings chosen, long origin) {
        settings = chosen;
        now = origin;
        machine = new BinaryStarMachine(settings, now, this, log);
    }

    /** Lets time pass as a loop would: never later than the machine asks for. */
    void pass(long nanos) {
        long end = now + nanos;
        while (now - end < 0) {
            long due = machine.nextDeadlineNanos(now);
            now = due - end < 0 && due - now > 0 ? due : due - end < 0 ? now + MILLI : end;
            machine.onTick(now);
            settle();
        }
    }

    /** Lets time pass while the peer says the same at every half heartbeat. */
    void passWithPeer(long nanos, StarState state, long epoch) {
        for (long left = nanos; left > 0; left -= HEARTBEAT / 2) {
            pass(Math.min(left, HEARTBEAT / 2));
            hear(state, epoch);
        }
    }

    void hear(StarState state, long epoch) {
        hear(0, state, epoch);
    }

    void hear(int link, StarState state, long epoch) {
        peerSequence++;
        machine.onPeerState(now, link, peer(state, epoch));
        settle();
    }

    PeerState peer(StarState state, long epoch) {
        return new PeerState(
                settings.role().other(),
                state,
                epoch,
                PEER,
                settings.mode(),
                settings.heartbeatMillis(),
                settings.failoverMillis(),
                settings.leaseMillis(),
                peerCanServe,
                peerSequence,
                said == null ? 0 : said.sequence(),
                "tcp://peer:1",
                settings.pair(),
                settings.witness());
    }

    void vote() {
        machine.onVote(now);
        settle();
    }

    /** The witness grants what was asked last. */
    void grant() {
        LeaseRequest request = asked();
        machine.onGrant(now, new LeaseAnswer("pair", OWN, true, request.request(), request.epoch(), 0));
        settle();
    }

    LeaseRequest asked() {
        if (asked == null) {
            throw new AssertionError("nothing asked");
        }
        return asked;
    }

    PeerState said() {
        if (said == null) {
            throw new AssertionError("nothing said");
        }
        return said;
    }

    /** The disk and the service do what they have to do. */
    void settle() {
        while (standsBy && !toConfirm.isEmpty()) {
            machine.onStandsBy(now, toConfirm.remove(0));
        }
        while (stores && !toStore.isEmpty()) {
            lastStored = toStore.remove(0);
            machine.onEpochStored(now, lastStored);
        }
    }

    void failToStore() {
        toStore.clear();
        machine.onEpochFailed(now, "disk full");
    }

    List<String> take() {
        return log.take();
    }

    @Override
    public void sendState(PeerState state) {
        if (!state.equals(StateCodec.decode(StateCodec.encode(state)))) {
            throw new AssertionError("the peer cannot read " + state);
        }
        said = state;
    }

    @Override
    public void storeEpoch(long epoch) {
        toStore.add(epoch);
    }

    @Override
    public void activate(long epoch) {
        log.add("activate " + epoch);
    }

    @Override
    public void deactivate(long newestEpoch, String activeFrontend) {
        log.add("deactivate " + newestEpoch + " " + activeFrontend);
        toConfirm.add(newestEpoch);
    }

    @Override
    public void inform(long newestEpoch, String activeFrontend) {
        informed.add(newestEpoch + " " + activeFrontend);
    }

    @Override
    public void probe(int link) {
        log.add("probe " + link);
    }

    @Override
    public void askLease(LeaseRequest request) {
        asked = request;
    }

    @Override
    public void releaseLease(LeaseRequest release) {
        asked = null;
        log.add("release");
    }
}
