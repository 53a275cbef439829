package io.privateer.binarystar;

import io.privateer.core.wire.PeerId;

/**
 * What the witness answers. Immutable.
 *
 * @param pair the name of the pair
 * @param holder who had asked
 * @param granted whether the lease is the asker's, from when the witness received the request
 * @param request the number of the request
 * @param epoch the newest epoch of the pair that the witness knows of
 * @param retryAfterMillis when another attempt may succeed, if this one did not
 */
record LeaseAnswer(String pair, PeerId holder, boolean granted, long request, long epoch, int retryAfterMillis) {}
