package io.privateer.chaos.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.privateer.core.wire.Outbox;
import io.privateer.core.wire.Prv;
import io.privateer.core.wire.RecordReader;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What reading and writing a record of PRV/1 allocates: bodies, and a share of the message's frame, and nothing else. */
class CodecAllocationTest {

    private static final Logger log = LoggerFactory.getLogger(CodecAllocationTest.class);
    private static final int BATCH = 100;
    private static final int MESSAGES = 2_000;
    private static final byte[] NONE = {};
    private static final byte[][] BODY = {new byte[64]};

    /** An array of 64 bytes and one of one reference, with their heads. */
    private static final int BODY_BYTES_ON_HEAP = 64 + 16 + 8 + 16;

    /** What remains of a message's array of frames and of the frame's own head when {@value #BATCH} records share it. */
    private static final int SHARE_BYTES_MAX = 2;

    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final RecordReader reader = new RecordReader();
    private byte[][] last = {};
    private long sum;

    @Test
    void aRecordCostsItsBytesInTheFrameAndItsBody() {
        Outbox outbox = new Outbox(frames -> last = frames);
        double written = perRecord(() -> write(outbox));
        double walked = perRecord(() -> walk(false));
        double read = perRecord(() -> walk(true));
        int frameBytesPerRecord = last[0].length / BATCH;
        log.info("allocation bytesPerRecordWritten={} walked={} readWithBody={}", written, walked, read);
        assertThat(written).isBetween((double) frameBytesPerRecord, (double) frameBytesPerRecord + SHARE_BYTES_MAX);
        assertThat(walked).isLessThan(0.1);
        assertThat(read).isLessThan(BODY_BYTES_ON_HEAP / 2.0 + SHARE_BYTES_MAX);
        assertThat(sum).isPositive();
    }

    /** Half of the records are requests with a body. */
    private static void write(Outbox outbox) {
        for (int i = 0; i < BATCH / 2; i++) {
            outbox.request(i, 1, 0, Prv.NO_TTL, NONE, NONE, BODY);
            outbox.progress(i);
        }
        outbox.flush();
    }

    private void walk(boolean withBody) {
        reader.open(last);
        while (reader.next()) {
            sum += reader.id();
            if (reader.type() == Prv.REQUEST) {
                sum += reader.ttlMicros()
                        + reader.attempt()
                        + reader.bodyBytes()
                        + reader.service().length();
                sum += withBody ? reader.body()[0].length : 0;
            }
        }
    }

    private double perRecord(Runnable message) {
        for (int i = 0; i < 2 * MESSAGES; i++) {
            message.run(); // Until it is compiled, which takes allocations away but adds some of its own.
        }
        long thread = Thread.currentThread().getId();
        long before = threads.getThreadAllocatedBytes(thread);
        for (int i = 0; i < MESSAGES; i++) {
            message.run();
        }
        return (threads.getThreadAllocatedBytes(thread) - before) / (double) (MESSAGES * BATCH);
    }
}
