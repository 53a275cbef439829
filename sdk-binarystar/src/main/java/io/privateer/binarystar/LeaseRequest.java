package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;

/**
 * What a server says to the witness. Immutable.
 *
 * @param pair the name of the pair
 * @param holder this life of the server
 * @param release whether it gives the lease back instead of asking for it
 * @param request counts what this life asks and gives back, from 1
 * @param epoch the epoch it is active in, or wants to be
 * @param leaseMillis how long it takes a lease to last
 */
record LeaseRequest(String pair, PeerId holder, boolean release, long request, long epoch, int leaseMillis) {}
