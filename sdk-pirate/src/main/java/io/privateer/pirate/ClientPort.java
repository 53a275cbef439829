package io.privateer.pirate;

import io.privateer.core.Attempt.Outcome;
import io.privateer.core.Reason;
import io.privateer.core.wire.PeerId;
import org.jspecify.annotations.Nullable;

/**
 * The world outside {@link ClientMachine} and {@link LinkMachine}: sockets, circuit breakers and callers in production.
 * Endpoints are told by their index. None of it calls back into the machines.
 */
interface ClientPort {

    /**
     * Connects a new socket.
     *
     * @return false if that cannot even be tried
     */
    boolean open(int endpoint);

    /** Closes the socket, and with it whatever was written and not flushed, or may still arrive. */
    void close(int endpoint);

    /** Introduces the client; {@code vote} says that it has calls, and has reached no server that takes them. */
    void hello(int endpoint, boolean vote);

    void heartbeat(int endpoint);

    void goodbye(int endpoint);

    void acknowledge(int endpoint, long firstOpen);

    void request(int endpoint, ClientCall call, long ttlMicros);

    void cancel(int endpoint, long id);

    /** Sends what was written. */
    void flush(int endpoint);

    /** Lets no message be longer than that from here on. */
    void limit(int endpoint, int messageBytesMax);

    /** Returns whether the endpoint's circuit breaker lets a connection pass; its fate must follow. */
    boolean tryAcquire(int endpoint);

    /** Tells the endpoint's circuit breaker what became of a connection. */
    void ended(int endpoint, Outcome outcome, long elapsedNanos);

    /** A server has welcomed the client. */
    void welcomed(int endpoint, PeerId incarnation);

    /** A server takes no requests now; the connection stays. */
    void inactive(int endpoint);

    /** A connection is gone, or no longer trusted. */
    void lost(int endpoint, Outcome outcome, int openCalls);

    /** A call ends that its caller has ended already. */
    void withdrawn(ClientCall call);

    /** A call has its reply. */
    void succeed(ClientCall call, byte[][] reply);

    /** A call ends without a reply; {@code text} is what the server says. */
    void fail(ClientCall call, Reason reason, @Nullable String text);
}
