package io.privateer.benchmarks;

import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import io.privateer.core.wire.Status;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Records of PRV/1, a hundred a batch; figures are per record, with their share of the message that carries them. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
public class RecordBenchmark {

    private static final int RECORDS = 100;
    private static final byte[] NO_BYTES = {};

    /** Bytes of a body. */
    @Param({"64", "1024"})
    public int size;

    private final RecordReader reader = new RecordReader();
    private byte[][] body = {NO_BYTES};
    private List<byte[][]> requests = List.of();
    private List<byte[][]> replies = List.of();
    private int frames;
    private final Outbox outbox = new Outbox(message -> frames += message.length);

    /** Writes what is to be read. */
    @Setup
    public void write() {
        body = new byte[][] {new byte[size]};
        requests = new ArrayList<>();
        replies = new ArrayList<>();
        Outbox ofRequests = new Outbox(requests::add);
        Outbox ofReplies = new Outbox(replies::add);
        for (int id = 1; id <= RECORDS; id++) {
            ofRequests.request(id, 1, 0, Prv.NO_TTL, NO_BYTES, NO_BYTES, body);
            ofReplies.reply(id, Status.OK, 1, 0, body);
        }
        ofRequests.flush();
        ofReplies.flush();
    }

    /** Requests into messages. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int encodeRequest() {
        for (int id = 1; id <= RECORDS; id++) {
            outbox.request(id, 1, 0, Prv.NO_TTL, NO_BYTES, NO_BYTES, body);
        }
        outbox.flush();
        return frames;
    }

    /** Replies into messages. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public int encodeReply() {
        for (int id = 1; id <= RECORDS; id++) {
            outbox.reply(id, Status.OK, 1, 0, body);
        }
        outbox.flush();
        return frames;
    }

    /** Requests with everything that a queue looks at; the bodies are copied. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void decodeRequest(Blackhole sink) {
        for (byte[][] message : requests) {
            reader.open(message);
            while (reader.next()) {
                sink.consume(reader.id());
                sink.consume(reader.attempt());
                sink.consume(reader.ttlMicros());
                sink.consume(reader.service());
                sink.consume(reader.headers());
                sink.consume(reader.body());
            }
        }
    }

    /** Replies with everything that a queue looks at; the bodies are copied. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void decodeReply(Blackhole sink) {
        for (byte[][] message : replies) {
            reader.open(message);
            while (reader.next()) {
                sink.consume(reader.id());
                sink.consume(reader.status());
                sink.consume(reader.body());
            }
        }
    }

    /** The same without the bodies: what reading itself allocates. */
    @Benchmark
    @OperationsPerInvocation(RECORDS)
    public void walkReplies(Blackhole sink) {
        for (byte[][] message : replies) {
            reader.open(message);
            while (reader.next()) {
                sink.consume(reader.id());
                sink.consume(reader.status());
                sink.consume(reader.bodyBytes());
            }
        }
    }
}
