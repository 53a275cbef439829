package io.privateer.peering;

import io.privateer.core.wire.FieldWriter;
import io.privateer.peering.CapacityMessage.Contact;
import org.jspecify.annotations.Nullable;

/**
 * How a broker that listens to another tells it who listens: it subscribes to a topic that nobody ever publishes. The topic is
 * {@code 'P' 'R' 'I' version}, the broker's name, and its state endpoints, written as in {@link CapacityCodec}; what follows is
 * not looked at. ZeroMQ says it again at every new connection.
 */
final class IntroductionCodec {

    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'I' << 8 | 1;

    private IntroductionCodec() {}

    /** Returns the topic by which {@code self} introduces itself: at most 580 bytes. */
    static byte[] encode(Contact self) {
        FieldWriter out = new FieldWriter().u32(MAGIC).text(self.name());
        CapacityCodec.write(out, self.stateEndpoints());
        return out.toBytes();
    }

    /** Returns who introduces itself, or {@code null} if {@code topic} is no introduction of this version. */
    static @Nullable Contact decode(byte[] topic) {
        FrameReader in = new FrameReader(topic);
        in.require(in.i32() == MAGIC);
        Contact contact = new Contact(in.name(), in.endpoints());
        return in.isSound() ? contact : null;
    }
}
