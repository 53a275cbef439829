package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.PeerId;
import io.privateer.pirate.PirateListener.WorkerJoined;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class QueueEventsTest {

    @Test
    void saysWhatAWorkerThatJoinsSpeaksAndOffers() {
        List<WorkerJoined> joined = new ArrayList<>();
        QueueEvents events = new QueueEvents(new PirateListener() {
            @Override
            public void onWorkerJoined(WorkerJoined event) {
                joined.add(event);
            }
        });
        Identity plain = Identity.wrap(new byte[] {'w'});
        events.joined(new QueueWorker(plain, Dialect.SIMPLE, new Service(""), 0));
        events.joined(new QueueWorker(plain, Dialect.PARANOID, new Service(""), 0));
        events.joined(new QueueWorker(QueueWorker.nameOf(new PeerId(0, 1)), Dialect.PRV, new Service("año"), 0));
        assertThat(joined)
                .containsExactly(
                        new WorkerJoined("77", PirateListener.PeerDialect.SIMPLE, ""),
                        new WorkerJoined("77", PirateListener.PeerDialect.PPP, ""),
                        new WorkerJoined("00000000000000000000000000000001", PirateListener.PeerDialect.PRV, "año"));
    }
}
