package io.privateer.pirate;

import io.privateer.core.transport.Identity;

/** A request as {@link QueueModel} follows it. Mutable. */
final class ModelRequest {

    final long id;
    final Identity client;
    final byte[][] address;
    final byte[][] body;
    final long acceptedAtNanos;
    final long bytes;
    int deliveries;
    boolean abandoned;

    ModelRequest(long id, Identity client, byte[][] address, byte[][] body, long acceptedAtNanos) {
        this.id = id;
        this.client = client;
        this.address = address;
        this.body = body;
        this.acceptedAtNanos = acceptedAtNanos;
        this.bytes = bytesOf(body) + bytesOf(address);
    }

    static long bytesOf(byte[][] frames) {
        long sum = 0;
        for (byte[] frame : frames) {
            sum += frame.length;
        }
        return sum;
    }

    @Override
    public String toString() {
        return "request " + id;
    }
}
