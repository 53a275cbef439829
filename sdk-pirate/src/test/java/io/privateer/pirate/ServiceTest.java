package io.privateer.pirate;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.transport.Identity;
import io.privateer.core.wire.Dialect;
import io.privateer.core.wire.PeerId;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** When a service may be forgotten: not while anybody works for it, might, or waits for it. */
class ServiceTest {

    private final Service service = new Service("ocr");

    @Test
    void isOfNoUseUntilSomebodyOffersIt() {
        assertThat(service.isUnused()).isTrue();
        service.workers = 1;
        assertThat(service.isUnused()).isFalse();
    }

    @Test
    void countsWhatWasBorrowedByTheRequestThoughItsClientTurnsOutToBeAnother() {
        // given one that waits for a client
        QueueClient client = QueueClient.prv(new PeerId(1, 2));
        QueuedRequest own = new QueuedRequest();
        own.line = client.lineOf(service);
        service.addLast(own);
        assertThat(service.waitingBorrowed).isZero();
        // when the client says that it is another cluster, and it is taken out
        client.borrows = true;
        service.remove(own);
        assertThat(service.waitingBorrowed).isZero();
        // and the other way round
        QueuedRequest borrowed = new QueuedRequest();
        borrowed.line = client.lineOf(service);
        borrowed.borrowed = true;
        service.addLast(borrowed);
        assertThat(service.waitingBorrowed).isEqualTo(1);
        client.borrows = false;
        service.remove(borrowed);
        assertThat(service.waitingBorrowed).isZero();
    }

    @Test
    void isKeptForALenderThatOffersIt() {
        service.lenders.add(
                new QueueWorker(Identity.wrap("east".getBytes(StandardCharsets.UTF_8)), Dialect.PRV, service, 0));
        assertThat(service.isUnused()).isFalse();
    }

    @Test
    void isKeptWhileARequestIsInFlightOrHeldBack() {
        service.inFlight = 1;
        assertThat(service.isUnused()).isFalse();
        service.inFlight = 0;
        service.heldBack = true;
        assertThat(service.isUnused()).isFalse();
    }
}
