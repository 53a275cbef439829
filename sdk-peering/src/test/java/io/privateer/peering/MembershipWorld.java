package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.pirate.Lending.Credit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** One broker, west, under test: its port and what it told, a line each; the other brokers say what the test wants. */
class MembershipWorld implements MembershipPort, MembershipEvents {

    static final long MILLI = 1_000_000;
    static final long SECOND = 1_000 * MILLI;
    static final PeerId OWN = new PeerId(7, 7);
    static final String WEST = "tcp://west:1";
    static final String WEST_PARTNER = "tcp://west:2";
    static final String EAST = "tcp://east:1";
    static final String NORTH = "tcp://north:1";

    PeeringSettings settings =
            PeeringSettings.of("west", List.of(WEST, WEST_PARTNER), List.of("tcp://west:10", "tcp://west:20"));
    final Broker east = new Broker("east", 100, EAST);
    final Broker north = new Broker("north", 200, NORTH);
    final List<CapacityMessage> said = new ArrayList<>();
    final Set<String> listens = new HashSet<>();
    final Set<String> unknownHosts = new HashSet<>();
    long now;
    Membership machine = new Membership(settings, 0, this, this);

    private final List<String> lines = new ArrayList<>();

    void begin() {
        begin(0);
    }

    void begin(long origin) {
        now = origin;
        machine = new Membership(settings, now, this, this);
        machine.onStart(now, OWN);
    }

    /** Begins, and hears east, which the user has named. */
    void beginWithEast(long origin) {
        begin(origin);
        add(EAST);
        hear(east.says());
        take();
    }

    /** Lets time pass as a loop would: never later than the machine asks for. */
    void pass(long nanos) {
        long end = now + nanos;
        while (now - end < 0) {
            long due = machine.nextDeadlineNanos();
            now = due - end < 0 && due - now > 0 ? due : due - end < 0 ? now + 1 : end;
            machine.onTick(now);
        }
    }

    /** Lets time pass in which {@code speakers} say how they stand, four times a second. */
    void passWith(long nanos, Broker... speakers) {
        for (long left = nanos; left > 0; left -= SECOND / 4) {
            pass(Math.min(left, SECOND / 4));
            for (Broker speaker : speakers) {
                hear(speaker.says());
            }
        }
    }

    /** Hears {@code message} where its sender has bound. */
    void hear(CapacityMessage message) {
        hear(message.ownStateEndpoint(), message);
    }

    void hear(String endpoint, CapacityMessage message) {
        machine.onMessage(now, endpoint, message);
    }

    void add(String... endpoints) {
        machine.onAddPeer(now, List.of(endpoints));
    }

    void introduce(Broker broker) {
        machine.onIntroduced(now, broker.contact());
    }

    void local(LocalCapacity.Builder capacity) {
        machine.onLocal(now, capacity.build());
    }

    CapacityMessage lastSaid() {
        return said.get(said.size() - 1);
    }

    /** Returns what was told since the last call. */
    List<String> take() {
        List<String> taken = List.copyOf(lines);
        lines.clear();
        return taken;
    }

    @Override
    public boolean subscribe(String endpoint) {
        if (unknownHosts.contains(endpoint)) {
            lines.add("cannot listen " + endpoint);
            return false;
        }
        if (!listens.add(endpoint)) {
            throw new AssertionError("listens already at " + endpoint);
        }
        lines.add("listen " + endpoint);
        return true;
    }

    @Override
    public void introduce(String endpoint) {
        if (!listens.contains(endpoint)) {
            throw new AssertionError("does not listen at " + endpoint);
        }
        lines.add("introduce " + endpoint);
    }

    @Override
    public void unsubscribe(String endpoint) {
        listens.remove(endpoint);
        lines.add("deaf " + endpoint);
    }

    @Override
    public void publish(CapacityMessage message) {
        if (!message.equals(CapacityCodec.decode(CapacityCodec.encode(message)))) {
            throw new AssertionError("peers cannot read " + message);
        }
        said.add(message);
    }

    @Override
    public void lenderOpen(String name, PeerId incarnation, String cloudEndpoint) {
        lines.add("open " + name + " " + incarnation.low() + " " + cloudEndpoint);
    }

    /** Returns credit as {@code {a=3, b=1 of 2}}: so many at once, of so many in all. */
    static String text(Map<String, Credit> credit) {
        Map<String, String> texts = new TreeMap<>();
        credit.forEach((service, it) ->
                texts.put(service, it.atOnce() == it.inAll() ? "" + it.inAll() : it.atOnce() + " of " + it.inAll()));
        return texts.toString();
    }

    @Override
    public void lenderCredit(String name, Map<String, Credit> credit) {
        lines.add("credit " + name + " " + text(credit));
    }

    @Override
    public void lenderClose(String name, boolean drain) {
        lines.add("close " + name + (drain ? " drain" : ""));
    }

    @Override
    public void vote(String cloudEndpoint) {
        lines.add("vote " + cloudEndpoint);
    }

    @Override
    public void onEntered(Peer peer, PeerId incarnation) {
        lines.add("enter " + peer.name() + " " + incarnation.low());
    }

    @Override
    public void onLiveness(Peer peer, PeerLiveness from, PeerLiveness to, long silentNanos) {
        lines.add(peer.name() + " " + from + " to " + to);
    }

    @Override
    public void onExited(Peer peer, PeerLiveness from, ExitCause cause) {
        lines.add("exit " + peer.name() + " from " + from + " " + cause);
    }

    @Override
    public void onMisconfigured(PeeringMisconfiguration what, String name, String endpoint) {
        lines.add("misconfigured " + what + " " + name + " " + endpoint);
    }

    @Override
    public void onUnknownVersion(String endpoint, int version) {
        lines.add("version " + version + " at " + endpoint);
    }

    static List<Contact> contacts(Broker... brokers) {
        return List.of(brokers).stream().map(Broker::contact).toList();
    }
}
