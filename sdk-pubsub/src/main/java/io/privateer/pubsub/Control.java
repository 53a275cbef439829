package io.privateer.pubsub;

import io.privateer.core.wire.FieldReader;
import io.privateer.core.wire.FieldWriter;
import io.privateer.core.wire.PeerId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one subscriber and its publisher say to each other, DEALER to ROUTER, one frame each: {@code 'P' 'S' 1 kind}, then the
 * fields in the order of the components below. An id is 16 bytes, a text is UTF-8 behind its length in one byte, a list comes
 * behind its number of items in two bytes, everything else is {@code u64}. Big-endian.
 */
sealed interface Control {

    int HEADER_BYTES = 4;

    /** Most prefixes of one subscriber. */
    int PREFIXES_MAX = 256;

    int HELLO = 0x11;
    int CONFIRM = 0x12;
    int ASK = 0x13;
    int SUBSCRIBER_BEAT = 0x14;
    int DONE = 0x15;
    int LEAVE = 0x16;
    int WELCOME = 0x21;
    int REFUSED = 0x22;
    int AGAIN = 0x23;
    int ANSWERED = 0x24;
    int PUBLISHER_BEAT = 0x25;

    /** Said by a subscriber. */
    sealed interface OfSubscriber extends Control {}

    /** Said by a publisher. */
    sealed interface OfPublisher extends Control {}

    /** A subscriber introduces itself, and asks for a probe on each of its prefixes. */
    record Hello(PeerId id, String name, List<String> prefixes) implements OfSubscriber {}

    /** It has received a complete list of positions on each of its prefixes. */
    record Confirm(long incarnation) implements OfSubscriber {}

    /** It wants messages again, in one answer up to {@code bytesMax} of them, or one that is longer. */
    record Ask(long incarnation, long from, long to, long bytesMax, String topic) implements OfSubscriber {}

    /** It lives. */
    record SubscriberBeat() implements OfSubscriber {}

    /** It has everything that a closing publisher has published, or knows that it will not get it. */
    record Done(long incarnation) implements OfSubscriber {}

    /** It goes. */
    record Leave() implements OfSubscriber {}

    /** The publisher has taken note of a subscriber. */
    record Welcome(long incarnation, long heartbeatNanos) implements OfPublisher {}

    /** The publisher does not take it. */
    record Refused(Refusal refusal) implements OfPublisher {}

    /** Messages that were asked for; the run is the rest of the frame. */
    record Again(long incarnation, String topic, Run run) implements OfPublisher {}

    /**
     * Of the messages asked for, those up to {@code to} were sent again as far as they are still there; for those behind that it is
     * time to ask.
     */
    record Answered(long incarnation, long to, String topic) implements OfPublisher {}

    /** The publisher lives. */
    record PublisherBeat() implements OfPublisher {}

    /** Why a subscriber is not taken. */
    enum Refusal {
        /** Another subscriber that lives has the same name. */
        NAME_TAKEN(1),
        /** There are as many subscribers as are allowed. */
        TOO_MANY_SUBSCRIBERS(2);

        final long code;

        Refusal(long code) {
            this.code = code;
        }
    }

    /** Returns {@code message} as a frame. */
    static byte[] encode(Control message) {
        FieldWriter out = new FieldWriter();
        if (message instanceof Hello hello) {
            begin(out, HELLO)
                    .id(hello.id())
                    .text(hello.name())
                    .u16(hello.prefixes().size());
            hello.prefixes().forEach(out::text);
        } else if (message instanceof Confirm confirm) {
            begin(out, CONFIRM).u64(confirm.incarnation());
        } else if (message instanceof Ask ask) {
            begin(out, ASK)
                    .u64(ask.incarnation())
                    .u64(ask.from())
                    .u64(ask.to())
                    .u64(ask.bytesMax())
                    .text(ask.topic());
        } else if (message instanceof SubscriberBeat) {
            begin(out, SUBSCRIBER_BEAT);
        } else if (message instanceof Done done) {
            begin(out, DONE).u64(done.incarnation());
        } else if (message instanceof Leave) {
            begin(out, LEAVE);
        } else if (message instanceof Welcome welcome) {
            begin(out, WELCOME).u64(welcome.incarnation()).u64(welcome.heartbeatNanos());
        } else if (message instanceof Refused refused) {
            begin(out, REFUSED).u64(refused.refusal().code);
        } else if (message instanceof Again again) {
            Run run = again.run();
            begin(out, AGAIN).u64(again.incarnation()).text(again.topic()).u64(run.stampNanos());
            out.u64(run.first()).bytes(run.frame(), run.from(), run.bytes());
        } else if (message instanceof Answered answered) {
            begin(out, ANSWERED).u64(answered.incarnation()).u64(answered.to()).text(answered.topic());
        } else {
            begin(out, PUBLISHER_BEAT);
        }
        return out.toBytes();
    }

    private static FieldWriter begin(FieldWriter out, int kind) {
        return out.u32(DataFrame.MAGIC | kind);
    }

    /** Returns what a subscriber says, or {@code null} if it is nothing that one says. */
    static @Nullable OfSubscriber decodeOfSubscriber(byte[] frame) {
        return decode(frame) instanceof OfSubscriber said ? said : null;
    }

    /** Returns what a publisher says, or {@code null} if it is nothing that one says. */
    static @Nullable OfPublisher decodeOfPublisher(byte[] frame) {
        return decode(frame) instanceof OfPublisher said ? said : null;
    }

    private static @Nullable Control decode(byte[] frame) {
        if (frame.length < HEADER_BYTES) {
            return null;
        }
        int header = (int) Run.INT.get(frame, 0);
        if ((header & ~0xFF) != DataFrame.MAGIC) {
            return null;
        }
        FieldReader in = new FieldReader(frame, HEADER_BYTES);
        @Nullable
        Control message =
                switch (header & 0xFF) {
                    case HELLO -> hello(in);
                    case CONFIRM -> new Confirm(in.u64());
                    case ASK -> ask(in);
                    case SUBSCRIBER_BEAT -> new SubscriberBeat();
                    case DONE -> new Done(in.u64());
                    case LEAVE -> new Leave();
                    case WELCOME -> welcome(in);
                    case REFUSED -> refused(in);
                    case AGAIN -> again(in, frame); // Its run takes all the rest.
                    case ANSWERED -> new Answered(in.u64(), in.u64(), Topics.read(in));
                    case PUBLISHER_BEAT -> new PublisherBeat();
                    default -> null;
                };
        return in.isSound() && (message instanceof Again || !in.hasMore()) ? message : null;
    }

    private static Hello hello(FieldReader in) {
        PeerId id = in.id();
        String name = Topics.read(in);
        int count = in.u16();
        in.require(!name.isEmpty() && count >= 1 && count <= PREFIXES_MAX);
        List<String> prefixes = new ArrayList<>();
        for (int i = 0; i < count && in.isSound(); i++) {
            prefixes.add(Topics.read(in));
        }
        in.require(new HashSet<>(prefixes).size() == prefixes.size());
        return new Hello(id, name, prefixes);
    }

    private static Ask ask(FieldReader in) {
        Ask ask = new Ask(in.u64(), in.u64(), in.u64(), in.u64(), Topics.read(in));
        in.require(ask.from() >= 1 && ask.from() <= ask.to() && ask.to() < Long.MAX_VALUE && ask.bytesMax() >= 1);
        return ask;
    }

    private static Welcome welcome(FieldReader in) {
        Welcome welcome = new Welcome(in.u64(), in.u64());
        in.require(welcome.heartbeatNanos() > 0);
        return welcome;
    }

    private static @Nullable Refused refused(FieldReader in) {
        long code = in.u64();
        for (Refusal refusal : Refusal.values()) {
            if (refusal.code == code) {
                return new Refused(refusal);
            }
        }
        return null;
    }

    private static @Nullable Again again(FieldReader in, byte[] frame) {
        long incarnation = in.u64();
        String topic = Topics.read(in);
        long stamp = in.u64();
        long first = in.u64();
        if (!in.isSound() || topic.isEmpty()) {
            return null;
        }
        Run run = Run.read(first, frame, in.position(), stamp);
        return run == null ? null : new Again(incarnation, topic, run);
    }
}
