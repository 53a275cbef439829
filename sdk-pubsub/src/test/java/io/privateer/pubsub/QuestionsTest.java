package io.privateer.pubsub;

import static org.assertj.core.api.Assertions.assertThat;

import io.privateer.core.transport.SocketSettings;
import org.junit.jupiter.api.Test;

/** How much a subscriber asks for at once, and how long it waits for answers that bring nothing. */
class QuestionsTest extends SubscriberMachineFixture {

    @Test
    void allThatIsAskedForAtOnceFindsRoomInThePublishersQueue() {
        machine = machine(true, false, 1_000, 1 << 30, "t");
        join();
        for (int i = 0; i < 200; i++) {
            data("t" + i, 1_000_001, 1);
        }
        assertThat(asks).hasSize(Recovery.QUESTIONS_MAX);
        long messages = asks.stream()
                .mapToLong(ask -> 2 * ask.bytesMax() / Outgoing.FRAME_BYTES_MAX + 2)
                .sum();
        SocketSettings queue = SyncedPublisherConfig.syncSettings();
        assertThat(messages).isLessThan(queue.highWaterMark());
        assertThat(asks.stream().mapToLong(Control.Ask::bytesMax).sum()).isLessThanOrEqualTo(4 << 20);
    }

    @Test
    void fewQuestionsMayHaveLongAnswers() {
        join();
        data("t1", 3, 1);
        assertThat(asks).extracting(Control.Ask::bytesMax).containsExactly(Replay.BYTES_MAX);
    }

    @Test
    void theRestIsAskedForAsSoonAsPartOfItHasCome() {
        join();
        data("t1", 100, 1);
        drain();
        again("t1", 1, 40);
        answered("t1", 40);
        assertThat(drain()).containsExactly("t1 1..40", "ask t1 41..99");
        again("t1", 41, 59);
        answered("t1", 99);
        assertThat(drain()).containsExactly("t1 41..99", "t1 100..100");
    }

    @Test
    void answersThatBringNothingAreGivenUpInTimeTooAndThoseThatBringSomethingAreNot() {
        join();
        data("t1", 100, 1);
        // given answers that had no room for anything
        for (int i = 0; i < 3; i++) {
            now += SECOND / 4;
            answered("t1", 0);
        }
        assertThat(drain()).endsWith("ask t1 1..99", "ask t1 1..99");
        // when one brings something, then it is worth waiting on
        again("t1", 1, 40);
        answered("t1", 40);
        now += SECOND - 1;
        machine.onTick(now);
        assertThat(drain()).doesNotContain("missed t1 41..99");
        // and when no other does, it is not
        answered("t1", 40);
        now += 1;
        machine.onTick(now);
        assertThat(drain()).contains("missed t1 41..99", "t1 100..100");
    }

    @Test
    void whatComesOnASlowWayIsNotGivenUpWhileOtherAnswersComeBeforeIt() {
        join();
        data("t1", 100, 1);
        data("t2", 100, 1);
        for (int i = 1; i <= 5; i++) {
            now += SECOND - 1;
            machine.onTick(now);
            again("t1", i, 1);
        }
        now += SECOND - 1;
        machine.onTick(now);
        assertThat(machine.recovery().missed()).isZero();
        now += 1;
        assertThat(machine.nextDeadlineNanos()).isLessThanOrEqualTo(now);
        machine.onTick(now);
        assertThat(drain()).contains("missed t1 6..99", "missed t2 1..99");
    }
}
