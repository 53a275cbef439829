package io.privateer.binarystar;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.binarystar.StreamMessage.Kind;
import io.privateer.core.Guard;
import io.privateer.core.Replicated;
import io.privateer.core.Replicator;
import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What the active server's service does reaches the passive one's, in order and without gaps, or is known not to. */
class StreamTest implements StreamPort {

    private static final PeerId ACTIVE = new PeerId(1, 1);
    private static final PeerId PASSIVE = new PeerId(2, 2);
    private static final long EPOCH = 6;
    private static final long SESSION = EPOCH << 20 | 1;
    private static final long PATIENCE = 1_000;

    private final List<String> said = new ArrayList<>();
    private final Follower follower = new Follower();
    private final StreamSource source = new StreamSource(this, PATIENCE, 0);
    private final StreamSink sink = new StreamSink(follower, PASSIVE);
    private boolean reachable = true;

    @Override
    public boolean send(StreamMessage message) {
        said.add(message.kind() + " " + message.session() + " " + message.number());
        return reachable;
    }

    @Override
    public boolean send(StreamMessage message, byte[] chunk) {
        return send(message);
    }

    @Override
    public void replicate(long session) {
        said.add("replicate " + session);
    }

    @Override
    public void followed(long session, long chunks) {
        said.add("followed " + session + " " + chunks);
    }

    @Override
    public void ended(long session, String why) {
        said.add("ended " + session + ": " + why);
    }

    @Override
    public PeerId self() {
        return ACTIVE;
    }

    private List<String> take() {
        List<String> taken = List.copyOf(said);
        said.clear();
        return taken;
    }

    private void has(long nowNanos, long chunks) {
        source.onMessage(nowNanos, new StreamMessage(Kind.HAS, SESSION, chunks, PASSIVE));
    }

    private void followedFromTheStart() {
        source.want(0, true, EPOCH);
        has(0, 0);
        assertThat(take()).containsExactly("OPEN " + SESSION + " 6", "replicate " + SESSION);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void sendsTheServicesChunksAndTellsItWhatHasArrived() {
        followedFromTheStart();
        source.send(1, SESSION, bytes("one"));
        source.send(1, SESSION, bytes("two"));
        source.send(1, SESSION - 1, bytes("of a stream that has ended"));
        has(2, 2);
        assertThat(take())
                .containsExactly("CHUNK " + SESSION + " 1", "CHUNK " + SESSION + " 2", "followed " + SESSION + " 2");
    }

    @Test
    void endsAStreamThatThePeerDoesNotKeepUpWithAndOpensAnother() {
        // given
        followedFromTheStart();
        source.send(10, SESSION, bytes("one"));
        assertThat(source.earlier(Long.MAX_VALUE / 2)).isEqualTo(10 + PATIENCE);
        // when
        source.onTick(9 + PATIENCE);
        assertThat(take()).containsExactly("CHUNK " + SESSION + " 1");
        source.onTick(10 + PATIENCE);
        // then
        assertThat(take()).containsExactly("ended " + SESSION + ": the peer does not keep up");
        long retryNanos = source.earlier(Long.MAX_VALUE / 2);
        source.onTick(retryNanos);
        assertThat(take()).containsExactly("OPEN " + (SESSION + 1) + " 6");
        has(retryNanos, 1);
        assertThat(take()).isEmpty();
    }

    @Test
    void neverUsesANumberTwiceHoweverOftenItTries() {
        // given a backup, active in an odd epoch, whose peer cannot be reached
        reachable = false;
        long epoch = EPOCH + 1;
        source.want(0, true, epoch);
        long last = opened();
        // when it tries more often than the lower bits of a number can count
        long nowNanos = 0;
        for (int attempt = 2; attempt <= (1 << 20) + 1; attempt++) {
            nowNanos += PATIENCE;
            source.onTick(nowNanos);
            long session = opened();
            if (session <= last) {
                throw new AssertionError("session " + session + " after " + last);
            }
            last = session;
        }
        // then the numbers of its next epoch are greater still
        source.want(nowNanos, false, epoch);
        source.want(nowNanos, true, epoch + 2);
        assertThat(opened()).isGreaterThan(last);
    }

    /** Returns the number of the stream that was opened since the last call. */
    private long opened() {
        assertThat(said).hasSize(1);
        return Long.parseLong(take().get(0).split(" ", 3)[1]);
    }

    @Test
    void endsAStreamWithItsConnectionItsPeerOrItsReign() {
        followedFromTheStart();
        source.onDisconnected(1);
        assertThat(take()).containsExactly("ended " + SESSION + ": the connection is gone");
        source.want(2_000, false, EPOCH);
        source.onTick(9_000);
        assertThat(take()).isEmpty();
        source.want(10_000, true, EPOCH + 2);
        assertThat(take()).containsExactly("OPEN " + ((EPOCH + 2) << 20 | 1) + " 8");
    }

    @Test
    void opensAnotherAfterAWhileWhereThePeerRefuses() {
        source.want(0, true, EPOCH);
        source.onMessage(0, new StreamMessage(Kind.BROKEN, SESSION, 0, PASSIVE));
        assertThat(take()).containsExactly("OPEN " + SESSION + " 6");
        source.onTick(PATIENCE / 4);
        assertThat(take()).containsExactly("OPEN " + (SESSION + 1) + " 6");
        reachable = false;
        source.onMessage(300, new StreamMessage(Kind.BROKEN, SESSION + 1, 0, PASSIVE));
        source.onTick(PATIENCE);
        assertThat(take()).containsExactly("OPEN " + (SESSION + 2) + " 6");
    }

    @Test
    void followsTheActivePeerOnly() {
        StreamMessage open = new StreamMessage(Kind.OPEN, SESSION, EPOCH, ACTIVE);
        assertThat(kind(sink.onMessage(open, null, StarState.PASSIVE, null))).isEqualTo(Kind.BROKEN);
        assertThat(kind(sink.onMessage(open, null, StarState.PASSIVE, peer(ACTIVE, EPOCH + 2, StarState.ACTIVE))))
                .isEqualTo(Kind.BROKEN);
        assertThat(kind(sink.onMessage(open, null, StarState.PASSIVE, peer(ACTIVE, EPOCH, StarState.PASSIVE))))
                .isEqualTo(Kind.BROKEN);
        assertThat(kind(sink.onMessage(open, null, StarState.ACTIVE, peer(ACTIVE, EPOCH, StarState.ACTIVE))))
                .isEqualTo(Kind.BROKEN);
        assertThat(follower.log).isEmpty();
        assertThat(kind(sink.onMessage(open, null, StarState.PASSIVE, peer(ACTIVE, EPOCH, StarState.ACTIVE))))
                .isEqualTo(Kind.HAS);
        assertThat(follower.log).containsExactly("follow");
    }

    @Test
    void takesChunksWithoutGapsAndRefusesTheRest() {
        follow();
        assertThat(chunk(1, "one")).isNull();
        assertThat(sink.has()).isEqualTo(new StreamMessage(Kind.HAS, SESSION, 1, PASSIVE));
        assertThat(kind(chunk(3, "three"))).isEqualTo(Kind.BROKEN);
        assertThat(chunk(2, "two")).isNull();
        assertThat(kind(chunk(3, ""))).isEqualTo(Kind.BROKEN);
        assertThat(follower.log).containsExactly("follow", "chunk one", "chunk two");
    }

    @Test
    void forgetsWhatItFollowedWhenAnotherServes() {
        follow();
        sink.observe(StarState.PASSIVE, peer(ACTIVE, EPOCH, StarState.ACTIVE));
        assertThat(sink.isFollowing()).isTrue();
        sink.observe(StarState.PASSIVE, peer(ACTIVE, EPOCH + 2, StarState.ACTIVE));
        assertThat(sink.isFollowing()).isFalse();
        assertThat(follower.log).containsExactly("follow", "following ended");
    }

    @Test
    void keepsWhatItFollowedWhenItServesItself() {
        follow();
        sink.observe(StarState.ACTIVE, peer(ACTIVE, EPOCH, StarState.ACTIVE));
        assertThat(sink.isFollowing()).isFalse();
        assertThat(follower.log).containsExactly("follow");
        assertThat(kind(chunk(1, "late"))).isEqualTo(Kind.BROKEN);
    }

    @Test
    void tellsTheSourceWhatTheServiceCannotUnderstand() {
        follow();
        assertThat(sink.refuse()).isEqualTo(new StreamMessage(Kind.BROKEN, SESSION, 0, PASSIVE));
        assertThat(sink.refuse()).isNull();
        assertThat(follower.log).containsExactly("follow", "following ended");
    }

    @Test
    void codesEveryMessage() {
        for (Kind kind : Kind.values()) {
            StreamMessage message = new StreamMessage(kind, SESSION, 77, ACTIVE);
            assertThat(StreamCodec.decode(StreamCodec.encode(message))).isEqualTo(message);
        }
        byte[] frame = StreamCodec.encode(new StreamMessage(Kind.HAS, SESSION, 77, ACTIVE));
        for (int at : new int[] {0, 3, 4, 8, 16}) {
            byte[] broken = frame.clone();
            broken[at] = (byte) 0xFF;
            assertThat(StreamCodec.decode(broken)).as("byte %d", at).isNull();
        }
        assertThat(StreamCodec.decode(new byte[StreamCodec.FRAME - 1])).isNull();
    }

    private void follow() {
        StreamMessage open = new StreamMessage(Kind.OPEN, SESSION, EPOCH, ACTIVE);
        sink.onMessage(open, null, StarState.PASSIVE, peer(ACTIVE, EPOCH, StarState.ACTIVE));
    }

    private @Nullable StreamMessage chunk(long number, String text) {
        return sink.onMessage(
                new StreamMessage(Kind.CHUNK, SESSION, number, ACTIVE),
                bytes(text),
                StarState.PASSIVE,
                peer(ACTIVE, EPOCH, StarState.ACTIVE));
    }

    private static Kind kind(@Nullable StreamMessage message) {
        return Objects.requireNonNull(message).kind();
    }

    private static PeerState peer(PeerId nodeId, long epoch, StarState state) {
        return new PeerState(
                Role.PRIMARY, state, epoch, nodeId, StarMode.PAIR, 1_000, 2_000, 0, true, 1, 0, "", "pair", "");
    }

    /** Notes what it is told. */
    private static final class Follower implements Replicated {
        private final List<String> log = new ArrayList<>();

        @Override
        public void replicatedBy(Replicator replicator) {
            throw new AssertionError("not here");
        }

        @Override
        public void replicate(long session) {
            throw new AssertionError("it is passive");
        }

        @Override
        public void followed(long session, long chunks) {
            throw new AssertionError("it is passive");
        }

        @Override
        public void replicationEnded(long session) {
            throw new AssertionError("it is passive");
        }

        @Override
        public void follow() {
            log.add("follow");
        }

        @Override
        public void follow(byte[] chunk) {
            log.add("chunk " + new String(chunk, StandardCharsets.UTF_8));
        }

        @Override
        public void followingEnded() {
            log.add("following ended");
        }

        @Override
        public void guardedBy(Guard guard) {
            throw new AssertionError("not here");
        }

        @Override
        public void activate(long epoch) {
            throw new AssertionError("not here");
        }

        @Override
        public void standBy(long newestEpoch, String activeAddress) {
            throw new AssertionError("not here");
        }

        @Override
        public void alone(boolean isAlone) {
            throw new AssertionError("not here");
        }
    }
}
