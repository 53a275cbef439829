package io.privateer.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class WorkshopTest {

    private final Map<String, Boolean> begunInterrupted = new ConcurrentHashMap<>();

    @Test
    void anInterruptThatAJobLeavesBehindIsNotTheNextOnes() {
        // given a job that leaves its thread interrupted
        Workshop<String> workshop = new Workshop<>(
                "test",
                1,
                job -> {
                    begunInterrupted.put(job, Thread.currentThread().isInterrupted());
                    Thread.currentThread().interrupt();
                },
                () -> {});
        workshop.start();
        // when others follow
        List.of("first", "second", "third").forEach(workshop::bring);
        workshop.publish();
        // then they know nothing of it
        await().until(() -> begunInterrupted.size() == 3);
        assertThat(begunInterrupted).containsOnlyKeys("first", "second", "third");
        assertThat(begunInterrupted.values()).containsOnly(false);
        workshop.close();
    }

    @Test
    void closingInterruptsTheJobThatIsUnderWay() {
        CountDownLatch never = new CountDownLatch(1);
        CountDownLatch begun = new CountDownLatch(1);
        Workshop<String> workshop = new Workshop<>(
                "test",
                1,
                job -> {
                    begun.countDown();
                    try {
                        never.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                        begunInterrupted.put(job, true);
                    }
                },
                () -> {});
        workshop.start();
        workshop.bring("job");
        workshop.publish();
        await().until(() -> begun.getCount() == 0);
        workshop.close();
        assertThat(begunInterrupted).containsEntry("job", true);
    }
}
