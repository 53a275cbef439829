package io.privateer.benchmarks;

import io.privateer.core.wire.BackendCodec;
import io.privateer.core.wire.BackendMessage;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.Envelope;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Reading and writing one message, the bytes themselves untouched. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class CodecBenchmark {

    private final byte[][] address = {new byte[16]};
    private final byte[][] body = {new byte[64]};
    private final byte[][] request = {new byte[0], new byte[64]};
    private final byte[][] reply = BackendCodec.job(Dialect.PARANOID, address, body);
    private final byte[][] beat = BackendCodec.heartbeat(true);

    /** A REQ client's request. */
    @Benchmark
    public @Nullable Envelope decodeRequest() {
        return Envelope.parse(request);
    }

    /** A worker's reply. */
    @Benchmark
    public BackendMessage decodeReply() {
        return BackendCodec.decode(reply);
    }

    /** A worker's beat. */
    @Benchmark
    public BackendMessage decodeBeat() {
        return BackendCodec.decode(beat);
    }

    /** A delivery to a worker. */
    @Benchmark
    public byte[][] encodeJob() {
        return BackendCodec.job(Dialect.PARANOID, address, body);
    }
}
