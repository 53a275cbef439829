package io.privateer.binarystar;

import io.privateer.core.transport.Identity;

/** The world outside {@link StarReplication}: sockets in production, the simulated network in tests. None of it calls back. */
interface ReplicationPort {

    /** Sends on the connection to the peer that is the stream's own; false if that takes nothing now. */
    boolean sendStream(byte[]... frames);

    /** Answers what the peer has said on the state link. */
    void answerStream(Identity peer, byte[] frame);

    /** {@link StarReplication#onTurnEnd} is to be called when the turn ends. */
    void answerLater();

    /** How far the other server knows what this one's service does has changed. */
    void replicationChanged(ReplicationState from, ReplicationState to, String cause);
}
