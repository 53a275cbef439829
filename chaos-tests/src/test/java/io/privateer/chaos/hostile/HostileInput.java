package io.privateer.chaos.hostile;

import java.util.List;

/**
 * Something that a hostile peer does to a socket. Immutable.
 *
 * @param name what it is, for the test's name
 * @param connections what each of its connections sends; they are opened in this order and stay open together
 * @param leaves whether they are closed at once, rather than kept open and silent
 * @param trace where it must show
 */
record HostileInput(String name, List<Connection> connections, boolean leaves, Trace trace) {

    /** Where hostile behaviour shows in the counters of the socket's owner. */
    enum Trace {
        /** Not at all: the rules of ZMTP allow it. */
        NONE,
        MALFORMED,
        STRAY_REPLY,
        WORKER_REFUSED,
        /** Not ZMTP. */
        VIOLATION,
        /** Thrown out, or gone by itself. */
        DISCONNECTION,
        /** JeroMQ's I/O thread stumbled over it. */
        UPSET
    }

    /**
     * What one connection sends.
     *
     * @param ready the command that ends its handshake, sent after both greetings; empty for a peer that speaks no ZMTP
     * @param bytes what it sends then
     */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Connection(byte[] ready, byte[] bytes) {}

    static HostileInput raw(String name, Trace trace, byte[] bytes) {
        return new HostileInput(name, List.of(new Connection(new byte[0], bytes)), false, trace);
    }

    static HostileInput zmtp(String name, Trace trace, byte[] ready, byte[] bytes) {
        return new HostileInput(name, List.of(new Connection(ready, bytes)), false, trace);
    }

    /** Returns this input with its first connection only, which stays. */
    HostileInput once() {
        return new HostileInput(name, connections.subList(0, 1), false, trace);
    }

    @Override
    public String toString() {
        return name;
    }
}
