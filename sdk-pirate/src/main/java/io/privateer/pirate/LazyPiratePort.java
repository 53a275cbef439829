package io.privateer.pirate;

import io.privateer.core.Attempt;
import io.privateer.core.Reason;
import java.util.List;

/** The world outside {@link LazyPirateMachine}: a socket, circuit breakers and a waiting caller in production. */
interface LazyPiratePort {

    /**
     * Connects a new socket to the endpoint with this index.
     *
     * @return false if that cannot even be tried
     */
    boolean open(int endpoint);

    /** Closes the socket, and with it whatever may still arrive on it. */
    void closeSocket();

    /**
     * Sends the request on the open socket.
     *
     * @return false if the socket is of no use any more
     */
    boolean send(byte[][] body);

    /** Returns whether the endpoint's circuit breaker lets an attempt pass; the outcome must follow. */
    boolean tryAcquire(int endpoint);

    /** Tells the endpoint's circuit breaker how an attempt ended. */
    void ended(int endpoint, Attempt attempt);

    /** An attempt failed and another one follows after {@code waitNanos}. */
    void retrying(Attempt failed, int nextAttempt, long waitNanos);

    /** Ends the call with a reply. */
    void succeed(byte[][] body);

    /** Ends the call without one. */
    void fail(Reason reason, List<Attempt> attempts);
}
