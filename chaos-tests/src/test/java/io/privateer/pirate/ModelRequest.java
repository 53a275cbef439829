package io.privateer.pirate;

/** A request as {@link QueueModel} follows it. Mutable. */
final class ModelRequest {

    final long id;
    final ModelClient client;
    final byte[][] address;
    final byte[][] body;
    final long acceptedAtNanos;
    final long bytes;
    int deliveries;
    boolean abandoned;

    ModelRequest(long id, ModelClient client, byte[][] address, byte[][] body, long acceptedAtNanos) {
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
