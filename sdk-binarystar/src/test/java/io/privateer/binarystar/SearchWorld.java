package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Two servers, a few clients, perhaps a witness. Each message may arrive at any later time, or be replaced by the next one,
 * which is how it gets lost; servers crash, start again and stand still, as often as the world allows. What happens next is
 * a move, told by a small number; {@link #enabled} says which ones there are.
 */
final class SearchWorld {

    static final long MILLI = 1_000_000;

    /** One beat, half a heartbeat; the peer is gone after two. */
    static final long STEP = 2 * MILLI;

    private static final long HEARTBEAT = 2 * STEP;
    static final long FAILOVER = 2 * STEP;
    private static final long LEASE = 3 * STEP;
    private static final Role[] ROLES = {Role.PRIMARY, Role.BACKUP};
    private static final int KINDS = 16;

    private enum Move {
        TIME,
        TIME_WHILE_ONE_STANDS_STILL,
        HEAR,
        STORED,
        ASK,
        CRASH,
        START,
        REFUSED,
        WITNESS_HEARS,
        ANSWERED,
        WITNESS_CRASHES,
        WITNESS_STARTS
    }

    private static final Move[] MOVES = Move.values();

    private final SearchLimits limits;
    private final @Nullable SearchServer[] servers = new @Nullable SearchServer[2];
    private final @Nullable PeerState[] wire = new @Nullable PeerState[2];
    private final long[] disks = new long[2];
    private final int[] lives = new int[2];
    private final long[] seen;

    /** The last epoch that each of the two was active in; with the Guide's, the number of the last activation. */
    private final long[] activated = new long[2];

    private long activations;
    private @Nullable WitnessMachine witness;
    private long witnessOpenAt;
    private long now;
    private int asks;
    private int crashes;
    private int pauses;
    private long epochMax = Long.MAX_VALUE;
    private @Nullable String violation;

    SearchWorld(SearchLimits limits, long origin) {
        this.limits = limits;
        this.now = origin;
        this.seen = new long[limits.clients()];
        for (int who = 0; who < 2; who++) {
            start(who);
        }
        if (limits.mode() == StarMode.PAIR_WITH_WITNESS) {
            startWitness(LEASE); // It has been there for a while.
        }
        collect();
        for (int round = 0; limits.paired() && round < 4; round++) {
            settle();
            pass(-1);
            collect();
        }
        epochMax = Math.max(server(0).epoch(), server(1).epoch()) + limits.epochs();
    }

    @Nullable
    String violation() {
        return violation;
    }

    /** Returns the moves that are possible now. */
    List<Integer> enabled() {
        List<Integer> moves = new ArrayList<>();
        moves.add(move(Move.TIME, 0));
        for (int who = 0; who < 2; who++) {
            SearchServer server = servers[who];
            if (server == null) {
                moves.add(move(Move.START, who));
                continue;
            }
            if (server.isAborted()) {
                continue;
            }
            add(moves, pauses < limits.pauses(), Move.TIME_WHILE_ONE_STANDS_STILL, who);
            add(moves, wire[1 - who] != null, Move.HEAR, who);
            add(moves, crashes < limits.crashes(), Move.CRASH, who);
            add(moves, servers[1 - who] == null && wire[1 - who] == null && lastOf(who) != null, Move.REFUSED, who);
            if (server instanceof SearchServer.Ours ours) {
                add(moves, !ours.stores.isEmpty() && ours.stores.element() <= epochMax, Move.STORED, who);
                add(moves, ours.asksUpTo(epochMax) && witness != null && limits.cut() != who, Move.WITNESS_HEARS, who);
                add(moves, !ours.answers.isEmpty(), Move.ANSWERED, who);
            }
            for (int client = 0; client < seen.length && asks < limits.asks(); client++) {
                moves.add(move(Move.ASK, who + 2 * client));
            }
        }
        if (limits.mode() == StarMode.PAIR_WITH_WITNESS) {
            add(moves, witness != null && crashes < limits.crashes(), Move.WITNESS_CRASHES, 0);
            add(moves, witness == null, Move.WITNESS_STARTS, 0);
        }
        return moves;
    }

    private static void add(List<Integer> moves, boolean possible, Move kind, int who) {
        if (possible) {
            moves.add(move(kind, who));
        }
    }

    private static int move(Move kind, int who) {
        return who * KINDS + Arrays.asList(MOVES).indexOf(kind);
    }

    static String describe(int move) {
        return MOVES[move % KINDS] + " " + move / KINDS;
    }

    void apply(int move) {
        int who = move / KINDS;
        switch (MOVES[move % KINDS]) {
            case TIME -> pass(-1);
            case TIME_WHILE_ONE_STANDS_STILL -> {
                pauses++;
                pass(who);
            }
            case HEAR -> {
                PeerState message = wire[1 - who];
                wire[1 - who] = null;
                if (message != null) {
                    server(who).hear(now, message);
                }
            }
            case STORED -> {
                SearchServer.Ours ours = (SearchServer.Ours) server(who);
                disks[who] = ours.stores.remove();
                ours.machine.onEpochStored(now, disks[who]);
            }
            case ASK -> ask(who / 2, who % 2);
            case CRASH -> {
                crashes++;
                servers[who] = null;
            }
            case START -> start(who);
            case REFUSED -> server(who).peerRefused(now);
            case WITNESS_HEARS -> {
                SearchServer.Ours ours = (SearchServer.Ours) server(who);
                LeaseAnswer answer = witness().onRequest(now, ours.requests.remove());
                if (answer != null) {
                    ours.answers.clear();
                    ours.answers.add(answer);
                }
            }
            case ANSWERED -> {
                SearchServer.Ours ours = (SearchServer.Ours) server(who);
                ours.machine.onGrant(now, ours.answers.remove());
            }
            case WITNESS_CRASHES -> {
                crashes++;
                witness = null;
            }
            case WITNESS_STARTS -> startWitness(0);
        }
        collect();
        check();
    }

    /** All is well from here on, and a client asks again and again: does it end with one server that answers it? */
    boolean heals() {
        epochMax = Long.MAX_VALUE;
        for (int round = 0; round < 24; round++) {
            for (int who = 0; who < 2; who++) {
                if (servers[who] == null) {
                    start(who);
                }
            }
            if (limits.mode() == StarMode.PAIR_WITH_WITNESS && witness == null) {
                startWitness(0);
            }
            settle();
            ask(0, 0);
            ask(0, 1);
            settle();
            pass(-1);
            collect();
        }
        settle();
        boolean first = server(0).serves(now);
        boolean second = server(1).serves(now);
        long epoch = server(first ? 0 : 1).epoch();
        return first != second && epoch >= seen[0] && violation == null;
    }

    /** Delivers all there is. */
    private void settle() {
        for (int round = 0; round < 8; round++) {
            for (int move : enabled()) {
                switch (MOVES[move % KINDS]) {
                    case HEAR, STORED, WITNESS_HEARS, ANSWERED -> apply(move);
                    default -> {}
                }
            }
        }
    }

    /** Called by a server that becomes active; returns the number of that. */
    long onActivated(Role role, long epoch) {
        int who = role == Role.PRIMARY ? 0 : 1;
        activations++;
        if (limits.guide()) {
            return activations;
        }
        if (epoch <= activated[who] || epoch == activated[1 - who]) {
            violation = "epoch " + epoch + " is used again";
        }
        if (disks[who] < epoch) {
            violation = "epoch " + epoch + " is used before it is stored";
        }
        activated[who] = epoch;
        return activations;
    }

    long fingerprint() {
        return Fingerprint.of(this::hash);
    }

    private void hash(Fingerprint fingerprint) {
        fingerprint.add(asks * 64L + crashes * 8L + pauses);
        fingerprint.add(limits.guide() ? activations : 0);
        fingerprint.epoch(limits.isBounded() ? epochMax : Epochs.NONE);
        for (int who = 0; who < 2; who++) {
            SearchServer server = servers[who];
            fingerprint.epoch(disks[who]);
            fingerprint.epoch(activated[who]);
            fingerprint.message(wire[who]);
            if (server == null) {
                fingerprint.add(5);
            } else {
                server.hash(fingerprint, now);
            }
            if (limits.mode() == StarMode.PAIR_WITH_WITNESS) {
                fingerprint.add(lives[who]);
                hashSequences(fingerprint, who);
            }
        }
        hashClients(fingerprint);
        hashWitness(fingerprint);
    }

    /** Clients differ by what they have seen, and by nothing else. */
    private void hashClients(Fingerprint fingerprint) {
        long[] alike = seen.clone();
        Arrays.sort(alike);
        for (long epoch : alike) {
            if (limits.guide()) {
                fingerprint.add(epoch);
            } else {
                fingerprint.epoch(epoch);
            }
        }
    }

    private void hashSequences(Fingerprint fingerprint, int who) {
        if (!(servers[who] instanceof SearchServer.Ours ours)) {
            return;
        }
        PeerState said = wire[who];
        PeerState coming = wire[1 - who];
        PeerState known = lastOf(1 - who);
        fingerprint.echo(ours.machine, said == null ? 0 : said.sequence(), now);
        fingerprint.echo(ours.machine, coming == null ? 0 : coming.echo(), now);
        fingerprint.echo(ours.machine, known == null ? 0 : known.sequence(), now);
    }

    private void hashWitness(Fingerprint fingerprint) {
        if (witness == null) {
            fingerprint.add(6);
            return;
        }
        fingerprint.add(Math.max(0, witnessOpenAt - now));
        for (Object pair : ((Map<?, ?>) Fingerprint.get(witness, "pairs")).values()) {
            PeerId holder = (PeerId) Fingerprint.field(pair, "holder");
            boolean held = (boolean) Fingerprint.get(pair, "held");
            fingerprint.add(held ? Math.max(0, (long) Fingerprint.get(pair, "untilNanos") - now) : 0);
            fingerprint.epoch((long) Fingerprint.get(pair, "epoch"));
            fingerprint.add(holder == null ? 0 : holder.high() * 64 + holder.low());
        }
    }

    private void pass(int standsStill) {
        now += STEP;
        for (int who = 0; who < 2; who++) {
            SearchServer server = servers[who];
            if (server != null && who != standsStill) {
                server.tick(now);
            }
        }
    }

    private void ask(int client, int who) {
        asks++;
        SearchServer server = server(who);
        if (!server.serves(now)) {
            server.ask(now, seen[client]);
        } else if (limits.guide() && server.epoch() < seen[client]) {
            violation = "a client that has an answer of a newer server takes one of an older";
        } else if (server.epoch() < seen[client]) {
            server.ask(now, seen[client]); // It refuses the answer and says what it has seen.
        } else {
            seen[client] = server.epoch();
        }
    }

    private void start(int who) {
        lives[who]++;
        PeerId nodeId = new PeerId(who + 1, (long) lives[who] << 12);
        StarSettings settings = new StarSettings(
                "pair", ROLES[who], limits.mode(), nodeId, HEARTBEAT, FAILOVER, LEASE, 0, -1, 1, "", "");
        SearchServer server = limits.guide()
                ? new SearchServer.Guide(this, settings)
                : new SearchServer.Ours(this, settings, now, disks[who]);
        servers[who] = server;
        server.start(now);
    }

    private void startWitness(long ago) {
        witnessOpenAt = now - ago + LEASE;
        witness = new WitnessMachine(now - ago, LEASE, 2, (pair, leaseMillis) -> {});
    }

    /** What was said goes on the wire, and replaces what was still there. */
    private void collect() {
        for (int who = 0; who < 2; who++) {
            SearchServer server = servers[who];
            if (server != null) {
                server.settle(now);
            }
            PeerState said = server == null ? null : server.said();
            if (server != null && said != null) {
                wire[who] = said;
                server.forgetSaid();
            }
        }
    }

    private void check() {
        SearchServer first = servers[0];
        SearchServer second = servers[1];
        boolean both = first != null && second != null;
        if (both && limits.mode() == StarMode.PAIR_WITH_WITNESS && first.serves(now) && second.serves(now)) {
            violation = "two valid leases";
        }
        if (both && limits.guide() && first.isAborted() && second.isAborted()) {
            violation = "both servers have aborted";
        }
        if (both && !limits.guide() && first.serves(now) && second.serves(now) && first.epoch() == second.epoch()) {
            violation = "two servers are active in epoch " + first.epoch();
        }
    }

    private @Nullable PeerState lastOf(int who) {
        return servers[who] instanceof SearchServer.Ours ours
                ? ours.machine.peer().last()
                : null;
    }

    private SearchServer server(int who) {
        SearchServer server = servers[who];
        if (server == null) {
            throw new AssertionError("no server " + who);
        }
        return server;
    }

    private WitnessMachine witness() {
        if (witness == null) {
            throw new AssertionError("no witness");
        }
        return witness;
    }
}
