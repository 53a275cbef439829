package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import io.privateer.pirate.Lending;
import io.privateer.pirate.Lending.Credit;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * One life of a broker, for the simulation in another package: the production machine and codecs, joined as {@link StateFlow}
 * joins them to its sockets, and {@link BrokerShell} to the queue.
 */
public final class PeerLife {

    private final Port port;
    private final PeeringSettings settings;
    private final byte[] introduction;
    private final Membership membership;
    private final CapacityWatch watch;
    private PeerId self = Membership.NOBODY;
    private long nowNanos;

    /** What lies around the broker. None of it calls back before the input that led to it has returned. */
    public interface Port {

        /** Returns whether the host is known; {@code topics} are subscribed to there on every new connection. */
        boolean subscribe(String endpoint, List<byte[]> topics);

        /** Says this again where it was said already. */
        void introduce(String endpoint, byte[] topic);

        void unsubscribe(String endpoint);

        void publish(byte[] frame);

        Lending lending();

        /** Returns who the broker is from here on. */
        PeerId newLife();

        /** Is told before the machine is. */
        void heard(Heard heard);

        void happened(Event event, String peer);
    }

    /** What a user would hear of. */
    public enum Event {
        ENTERED,
        EVASIVE,
        SILENT,
        RETURNED,
        LEFT,
        RESTARTED,
        EXPIRED,
        REMOVED,
        MISCONFIGURED
    }

    /**
     * What a broker is set up with.
     *
     * @param seeds where it listens from the start
     */
    public record Setup(
            String name,
            String state,
            String cloud,
            List<String> seeds,
            long stateMinIntervalNanos,
            long stateIntervalNanos,
            long capacityTtlNanos,
            long evasiveAfterNanos,
            long silentAfterNanos,
            long expireAfterNanos) {}

    /**
     * What another broker says.
     *
     * @param credit how much it lends to who hears it, by service, and only where that is more than none
     */
    public record Heard(String name, PeerId life, long sequence, boolean leaving, Map<String, Credit> credit) {}

    /** What is known of another broker. */
    public record Known(String name, PeerId life, boolean present, Map<String, Credit> credit) {}

    public PeerLife(Setup setup, long nowNanos, Port port) {
        this.port = port;
        this.settings = new PeeringSettings(
                setup.name,
                List.of(setup.state),
                List.of(setup.cloud),
                setup.stateMinIntervalNanos,
                setup.stateIntervalNanos,
                setup.capacityTtlNanos,
                setup.evasiveAfterNanos,
                setup.silentAfterNanos,
                setup.expireAfterNanos);
        this.introduction = IntroductionCodec.encode(new Contact(setup.name, settings.stateEndpoints()));
        this.nowNanos = nowNanos;
        this.membership = new Membership(settings, nowNanos, new Outward(), new Told());
        this.watch = new CapacityWatch(port.lending(), setup.stateMinIntervalNanos, port::newLife, new Peers());
        setup.seeds.forEach(seed -> membership.onAddPeer(nowNanos, List.of(seed)));
    }

    /** Somebody subscribes; returns whether that is to what is published. */
    public boolean onSubscribed(long nowNanos, byte[] topic) {
        Contact contact = IntroductionCodec.decode(topic);
        if (contact != null) {
            membership.onIntroduced(nowNanos, contact);
        }
        return Arrays.equals(topic, CapacityCodec.topic());
    }

    public void onMessage(long nowNanos, String endpoint, byte[] frame) {
        port.heard(read(frame));
        membership.onMessage(nowNanos, endpoint, decode(frame));
    }

    /** Returns what a message says to this broker. */
    public Heard read(byte[] frame) {
        CapacityMessage message = decode(frame);
        return new Heard(
                message.name(), message.incarnation(), message.sequence(), message.leaving(), creditIn(message));
    }

    private static CapacityMessage decode(byte[] frame) {
        return Objects.requireNonNull(CapacityCodec.decode(frame), "a broker speaks well");
    }

    private Map<String, Credit> creditIn(CapacityMessage message) {
        Map<String, Credit> credit = new HashMap<>();
        for (Service service : message.services()) {
            merge(credit, service.name(), service.credit());
        }
        for (Held held : message.held()) {
            if (held.borrower().equals(self)) {
                merge(credit, held.service(), new Credit(held.count(), held.count()));
            }
        }
        return credit;
    }

    private static void merge(Map<String, Credit> credit, String service, Credit more) {
        if (more.inAll() > 0) {
            credit.merge(service, more, Credit::plus);
        }
    }

    public boolean addPeer(long nowNanos, String stateEndpoint) {
        return membership.onAddPeer(nowNanos, List.of(stateEndpoint));
    }

    public boolean removePeer(long nowNanos, String name) {
        return membership.onRemovePeer(nowNanos, name);
    }

    public void onTick(long nowNanos) {
        membership.onTick(nowNanos);
        if (watch.isDue() && nowNanos - watch.dueNanos() >= 0) {
            read(nowNanos);
        }
    }

    public long nextDeadlineNanos() {
        long nextNanos = membership.nextDeadlineNanos();
        return watch.isDue() && watch.dueNanos() - nextNanos < 0 ? watch.dueNanos() : nextNanos;
    }

    /** What the queue could do may have changed. */
    public void onTouched() {
        watch.becomesDue();
    }

    /** Looks at what the queue could do, for the first time or because it is due. */
    public void read(long atNanos) {
        nowNanos = atNanos;
        watch.read(atNanos);
    }

    public void leave(long atNanos) {
        nowNanos = atNanos;
        watch.leave();
    }

    public List<Known> peers(long nowNanos) {
        return membership.peers(nowNanos).stream()
                .map(view -> new Known(
                        view.peer().name(), view.incarnation(), view.liveness() == PeerLiveness.PRESENT, view.credit()))
                .toList();
    }

    /** Returns how many messages said nothing new. */
    public long stale() {
        return membership.stats().stale();
    }

    /** Tells the machine what is said of the queue, when it is said. */
    private final class Peers implements CapacityWatch.Port {
        @Override
        public void start(PeerId life) {
            self = life;
            membership.onStart(nowNanos, life);
        }

        @Override
        public void standBy() {
            membership.onStandBy(nowNanos);
        }

        @Override
        public void leave() {
            membership.onLeave(nowNanos);
        }

        @Override
        public void local(LocalCapacity capacity) {
            membership.onLocal(nowNanos, capacity);
        }
    }

    /** What the machine wants done. */
    private final class Outward implements MembershipPort {
        @Override
        public boolean subscribe(String endpoint) {
            return port.subscribe(endpoint, List.of(CapacityCodec.topic(), introduction));
        }

        @Override
        public void introduce(String endpoint) {
            port.introduce(endpoint, introduction);
        }

        @Override
        public void unsubscribe(String endpoint) {
            port.unsubscribe(endpoint);
        }

        @Override
        public void publish(CapacityMessage message) {
            port.publish(CapacityCodec.encode(message));
        }

        @Override
        public void lenderOpen(String name, PeerId incarnation, String cloudEndpoint) {
            port.lending().open(name, incarnation.uuid(), cloudEndpoint);
        }

        @Override
        public void lenderCredit(String name, Map<String, Credit> credit) {
            port.lending().credit(name, credit);
        }

        @Override
        public void lenderClose(String name, boolean drain) {
            port.lending().close(name, drain);
        }

        @Override
        public void vote(String cloudEndpoint) {
            port.lending().vote(cloudEndpoint);
        }
    }

    /** What the machine says, in words that are public. */
    private final class Told implements MembershipEvents {
        @Override
        public void onEntered(Peer peer, PeerId incarnation) {
            port.happened(Event.ENTERED, peer.name());
        }

        @Override
        public void onLiveness(Peer peer, PeerLiveness from, PeerLiveness to, long silentNanos) {
            Event event =
                    switch (to) {
                        case PRESENT -> Event.RETURNED;
                        case EVASIVE -> Event.EVASIVE;
                        case SILENT -> Event.SILENT;
                    };
            port.happened(event, peer.name());
        }

        @Override
        public void onExited(Peer peer, PeerLiveness from, ExitCause cause) {
            port.happened(Event.valueOf(cause.name()), peer.name());
        }

        @Override
        public void onMisconfigured(PeeringMisconfiguration what, String name, String endpoint) {
            port.happened(Event.MISCONFIGURED, what + " " + name + " " + endpoint);
        }

        @Override
        public void onUnknownVersion(String endpoint, int version) {
            port.happened(Event.MISCONFIGURED, "version " + version + " at " + endpoint);
        }
    }
}
