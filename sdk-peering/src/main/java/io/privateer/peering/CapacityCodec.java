package io.privateer.peering;

import io.privateer.core.Settings;
import io.privateer.core.wire.FieldWriter;
import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@link CapacityMessage} as one frame, big-endian; a text stands behind its length, u8, and endpoints behind their number, u8:
 *
 * <pre>
 *  0 'P' 'R' 'C' version  4 flags u8: 1 full, 2 leaving  5 reserved u8
 *  6 services u16  8 held u16  10 peers u16
 * 12 incarnation 16 bytes  28 sequence u64
 * 36 name, state endpoints, cloud endpoints
 *    of each service: name, spare u32, ahead u32, backlog u32
 *    of each held: borrower 16 bytes, index of the service u16, count u32
 *    of each peer: name, state endpoints
 * </pre>
 *
 * <p>What is reserved is sent as 0 and not looked at, nor are other flags, nor what follows.
 */
final class CapacityCodec {

    /** Longest frame that is written; 196 KiB are possible. */
    static final int FRAME_BYTES_MAX = 1 << 18;

    static final int VERSION = 1;
    private static final int MAGIC = 'P' << 24 | 'R' << 16 | 'C' << 8;
    private static final int MAGIC_MASK = 0xFFFFFF00;
    private static final int FULL = 1;
    private static final int LEAVING = 2;
    private static final int PREFIX_BYTES = 4;

    private CapacityCodec() {}

    /** Returns what all versions of the message begin with. */
    static byte[] topic() {
        return new byte[] {'P', 'R', 'C'};
    }

    /**
     * Returns the frame that says {@code message}.
     *
     * @throws IllegalArgumentException if a text or a list is longer than it may be
     */
    static byte[] encode(CapacityMessage message) {
        List<Service> services = message.services();
        Settings.between("services", services.size(), 0, CapacityMessage.SERVICES_MAX);
        Settings.between("held", message.held().size(), 0, CapacityMessage.HELD_MAX);
        Settings.between("peers", message.peers().size(), 0, CapacityMessage.PEERS_MAX);
        FieldWriter out = new FieldWriter()
                .u32(MAGIC | VERSION)
                .u8((message.full() ? FULL : 0) | (message.leaving() ? LEAVING : 0))
                .u8(0)
                .u16(services.size())
                .u16(message.held().size())
                .u16(message.peers().size())
                .id(message.incarnation())
                .u64(message.sequence())
                .text(message.name());
        write(out, message.stateEndpoints());
        write(out, message.cloudEndpoints());
        Map<String, Integer> indexes = new HashMap<>();
        for (Service service : services) {
            indexes.put(service.name(), indexes.size());
            out.text(service.name()).u32(service.spare()).u32(service.ahead()).u32(service.backlog());
        }
        for (Held held : message.held()) {
            Integer index = indexes.get(held.service());
            Settings.check(index != null, "held", "of a service of the message", held.service());
            out.id(held.borrower()).u16(index == null ? 0 : index).u32(held.count());
        }
        for (Contact peer : message.peers()) {
            write(out.text(peer.name()), peer.stateEndpoints());
        }
        return out.toBytes();
    }

    /** Writes {@code endpoints} behind their number. */
    static void write(FieldWriter out, List<String> endpoints) {
        out.u8(endpoints.size());
        endpoints.forEach(out::text);
    }

    /** Returns the version of {@code frame} if it is such a message, but of one that this broker does not know; otherwise -1. */
    static int otherVersion(byte[] frame) {
        int magic = frame.length < PREFIX_BYTES ? 0 : new FrameReader(frame).i32();
        int version = magic & ~MAGIC_MASK;
        return (magic & MAGIC_MASK) == MAGIC && version != VERSION ? version : -1;
    }

    /** Returns what {@code frame} says, or {@code null} if it is no such message of this version. */
    static @Nullable CapacityMessage decode(byte[] frame) {
        FrameReader in = new FrameReader(frame);
        in.require(in.i32() == (MAGIC | VERSION));
        int flags = in.u8();
        in.u8();
        int services = in.count(CapacityMessage.SERVICES_MAX);
        int held = in.count(CapacityMessage.HELD_MAX);
        int peers = in.count(CapacityMessage.PEERS_MAX);
        PeerId incarnation = in.id();
        long sequence = in.u64();
        in.require(!incarnation.equals(Membership.NOBODY) && sequence != 0);
        in.require((flags & FULL) != 0 || peers == 0);
        String name = in.name();
        List<String> stateEndpoints = in.endpoints();
        List<String> cloudEndpoints = in.endpoints();
        List<Service> readServices = services(in, services);
        List<Held> readHeld = held(in, held, readServices);
        List<Contact> readPeers = peers(in, peers);
        if (!in.isSound()) {
            return null;
        }
        return new CapacityMessage(
                (flags & FULL) != 0,
                (flags & LEAVING) != 0,
                incarnation,
                sequence,
                name,
                stateEndpoints,
                cloudEndpoints,
                readServices,
                readHeld,
                readPeers);
    }

    private static List<Service> services(FrameReader in, int count) {
        List<Service> services = new ArrayList<>();
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count && in.isSound(); i++) {
            Service service = new Service(in.text(), in.u32(), in.u32(), in.u32());
            in.require(names.add(service.name()));
            services.add(service);
        }
        return services;
    }

    private static List<Held> held(FrameReader in, int count, List<Service> services) {
        List<Held> all = new ArrayList<>();
        for (int i = 0; i < count && in.isSound(); i++) {
            PeerId borrower = in.id();
            int index = in.u16();
            int held = in.u32();
            in.require(index < services.size() && held > 0);
            if (in.isSound()) {
                all.add(new Held(borrower, services.get(index).name(), held));
            }
        }
        return all;
    }

    private static List<Contact> peers(FrameReader in, int count) {
        List<Contact> peers = new ArrayList<>();
        for (int i = 0; i < count && in.isSound(); i++) {
            peers.add(new Contact(in.name(), in.endpoints()));
        }
        return peers;
    }
}
