package io.privateer.peering;

import io.privateer.core.EndpointException;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.PubSocket;
import io.privateer.core.transport.SocketSettings;
import io.privateer.core.transport.SubSocket;
import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.pirate.Lending.Credit;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The state flow of a broker: a PUB, statebe, on which it says how it stands, and a SUB, statefe, for each peer. Joins them to one
 * {@link Membership}. Not thread-safe: confine to the loop's thread.
 */
final class StateFlow implements LoopMember, CapacityWatch.Port {

    /** What waits for a peer that does not read is old when it comes, so little of it is kept. */
    private static final int HIGH_WATER_MARK = 16;

    /** So long the last words may take to leave. */
    private static final Duration LINGER = Duration.ofMillis(200);

    private final EventLoop loop;
    private final LenderPort lenders;
    private final PeeringObserver observer;
    private final SocketSettings sockets = SocketSettings.defaults()
            .withMessageBytesMax(CapacityCodec.FRAME_BYTES_MAX)
            .withHighWaterMark(HIGH_WATER_MARK)
            .withLinger(LINGER);
    private final PubSocket statebe;
    private final Map<String, Subscription> statefe = new HashMap<>();
    private final HostWatch hosts;
    private final PeeringSettings settings;
    private final byte[] introduction;
    private final Membership membership;
    private final LoopTimer timer;
    private long published;
    private long publishedBytes;
    private long received;
    private long receivedBytes;
    private long malformed;
    private boolean closed;

    /**
     * Opens the flow; it listens, and says nothing yet.
     *
     * @param bind where to bind statebe; where the settings say the same, peers are told what that turns out to be
     * @throws io.privateer.core.EndpointException if {@code bind} cannot be bound
     */
    StateFlow(EventLoop loop, String bind, PeeringSettings settings, LenderPort lenders, PeeringListener listener) {
        this(loop, bind, settings, lenders, listener, HostWatch::system);
    }

    /** @param names where to look up the hosts of peers */
    StateFlow(
            EventLoop loop,
            String bind,
            PeeringSettings settings,
            LenderPort lenders,
            PeeringListener listener,
            HostWatch.Lookup names) {
        this.loop = loop;
        this.observer = new PeeringObserver(loop, settings.name(), listener);
        this.hosts = new HostWatch(loop, names, settings.evasiveAfterNanos());
        this.lenders = new LocatedLenders(hosts, observer, lenders);
        this.statebe = loop.bindPub("state", bind, sockets, this::onSubscribed);
        this.settings = settings.boundAt(bind, statebe.endpoint());
        this.introduction = IntroductionCodec.encode(new Contact(this.settings.name(), this.settings.stateEndpoints()));
        this.membership = new Membership(this.settings, now(), new Port(), observer);
        this.timer = loop.timer(() -> input(() -> membership.onTick(now())));
        loop.join(this);
        timer.arm(membership.nextDeadlineNanos());
    }

    /** Returns where statebe is bound, with its real port. */
    String endpoint() {
        return statebe.endpoint();
    }

    /** Speaks as {@code life}, a new one each time. */
    @Override
    public void start(PeerId life) {
        observer.started(life, settings.stateEndpoints());
        input(() -> membership.onStart(now(), life));
    }

    /** Listens only, from here on. */
    @Override
    public void standBy() {
        observer.stoodBy();
        input(() -> membership.onStandBy(now()));
    }

    /** Tells the peers that this broker leaves; it goes on listening until it is closed. */
    @Override
    public void leave() {
        observer.leaving();
        input(() -> membership.onLeave(now()));
    }

    @Override
    public void local(LocalCapacity capacity) {
        input(() -> membership.onLocal(now(), capacity));
    }

    /** Returns whether there was room for it. */
    boolean addPeer(List<String> endpoints) {
        return ask(() -> membership.onAddPeer(now(), endpoints));
    }

    /** Returns whether a peer was looked for there, and none found. */
    boolean cancelPeer(String endpoint) {
        return ask(() -> membership.onCancelPeer(now(), endpoint));
    }

    /** Returns whether it was a peer. */
    boolean removePeer(String name) {
        return ask(() -> membership.onRemovePeer(now(), name));
    }

    List<PeerView> peers() {
        return membership.peers(now());
    }

    StateFlowStats stats() {
        return new StateFlowStats(
                published,
                publishedBytes,
                received,
                receivedBytes,
                malformed,
                observer.listenerFailures(),
                membership.stats());
    }

    /** Says goodbye, if it spoke, and closes the sockets. The lenders stay as they are. */
    void close() {
        if (!closed) {
            closed = true;
            membership.onLeave(now());
            timer.cancel();
            loop.leave(this);
            hosts.close();
            statefe.values().forEach(Subscription::end);
            statebe.close();
        }
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        close();
        if (failure != null) {
            observer.onFailed(failure);
        }
    }

    private void input(Runnable input) {
        if (!closed) {
            input.run();
            timer.arm(membership.nextDeadlineNanos());
        }
    }

    private boolean ask(Supplier<Boolean> question) {
        boolean answer = !closed && question.get();
        input(() -> {});
        return answer;
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    /** The topic of the messages themselves says nothing of who listens, and comes before that which does. */
    private void onSubscribed(byte[] topic) {
        Contact contact = IntroductionCodec.decode(topic);
        if (contact != null) {
            input(() -> membership.onIntroduced(now(), contact));
        } else if (!Arrays.equals(topic, CapacityCodec.topic())) {
            dropMalformed("statebe");
        }
    }

    private void onMessage(String endpoint, byte[][] frames) {
        received++;
        byte[] frame = frames.length == 1 ? frames[0] : new byte[0];
        receivedBytes += frame.length;
        CapacityMessage message = CapacityCodec.decode(frame);
        if (message != null) {
            input(() -> membership.onMessage(now(), endpoint, message));
        } else if (CapacityCodec.otherVersion(frame) >= 0) {
            input(() -> membership.onUnknownVersion(now(), endpoint, CapacityCodec.otherVersion(frame)));
        } else {
            dropMalformed(endpoint);
        }
    }

    private void dropMalformed(String where) {
        malformed++;
        observer.malformed(where);
    }

    /** What the machine wants done. */
    private final class Port implements MembershipPort {

        @Override
        public boolean subscribe(String endpoint) {
            Subscription subscription = new Subscription(endpoint);
            subscription.look();
            if (subscription.failed) {
                subscription.end();
                return false;
            }
            statefe.put(endpoint, subscription);
            return true;
        }

        @Override
        public void introduce(String endpoint) {
            Subscription subscription = statefe.get(endpoint);
            if (subscription != null) {
                subscription.introduce();
            }
        }

        @Override
        public void unsubscribe(String endpoint) {
            observer.forgetTrouble(endpoint);
            Subscription subscription = statefe.remove(endpoint);
            if (subscription != null) {
                subscription.end();
            }
        }

        @Override
        public void publish(CapacityMessage message) {
            byte[] frame = CapacityCodec.encode(message);
            if (statebe.send(frame)) {
                published++;
                publishedBytes += frame.length;
            }
        }

        @Override
        public void lenderOpen(String name, PeerId incarnation, String cloudEndpoint) {
            lenders.lenderOpen(name, incarnation, cloudEndpoint);
        }

        @Override
        public void lenderCredit(String name, Map<String, Credit> credit) {
            lenders.lenderCredit(name, credit);
        }

        @Override
        public void lenderClose(String name, boolean drain) {
            lenders.lenderClose(name, drain);
        }

        @Override
        public void vote(String cloudEndpoint) {
            lenders.vote(cloudEndpoint);
        }
    }

    /** Where one peer is heard. That its connection is lost, the cloud flow finds out for itself. */
    private final class Subscription implements SubSocket.Handler, HostWatch.Seeker {
        private final String endpoint;
        private HostWatch.@Nullable Watch watch;
        private @Nullable SubSocket socket;
        private boolean failed;

        Subscription(String endpoint) {
            this.endpoint = endpoint;
        }

        void look() {
            watch = hosts.look(endpoint, this);
        }

        @Override
        public boolean onFound(String at) {
            if (socket != null) {
                socket.close();
            }
            failed = false;
            try {
                socket = loop.connectSub(at, sockets, this);
                // Who hears the introduction answers to those who listen already.
                socket.subscribe(CapacityCodec.topic());
                socket.subscribe(introduction);
                observer.forgetTrouble(endpoint);
            } catch (EndpointException e) {
                failed = true;
                observer.cannotBeConnected("state", endpoint, e);
            }
            return !failed;
        }

        @Override
        public void onUnknown(EndpointException why) {
            observer.cannotBeConnected("state", endpoint, why);
        }

        void introduce() {
            if (socket != null) {
                socket.unsubscribe(introduction);
                socket.subscribe(introduction);
            }
        }

        void end() {
            if (watch != null) {
                watch.end();
            }
            if (socket != null) {
                socket.close();
            }
        }

        @Override
        public void onMessage(byte[][] frames) {
            StateFlow.this.onMessage(endpoint, frames);
        }

        @Override
        public void onDisconnected() {
            // It connects again by itself; the machine hears of silence.
        }
    }
}
