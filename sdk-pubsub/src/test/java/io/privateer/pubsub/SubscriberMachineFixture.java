package io.privateer.pubsub;

import io.privateer.core.wire.PeerId;
import io.privateer.pubsub.Control.OfSubscriber;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A subscriber's machine, what may be said to it in a word, and what it does. */
abstract class SubscriberMachineFixture {

    static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    static final long PROBE = SECOND / 20;
    static final long LIFE = 77;

    final List<String> done = new ArrayList<>();
    final List<Control.Ask> asks = new ArrayList<>();
    long now = Long.MAX_VALUE - SECOND; // Wraps soon.
    long probes;
    int lives;
    boolean takesWhatIsSaid = true;
    SubscriberMachine machine = machine(true, false, 10, 1_000, "t");

    SubscriberMachine machine(
            boolean replay, boolean lastValues, int topicsMax, long heldBytesMax, String... prefixes) {
        return new SubscriberMachine(
                new SubscriberMachine.Settings(
                        new PeerId(1, 2),
                        "me",
                        List.of(prefixes),
                        PROBE,
                        SECOND,
                        3,
                        replay,
                        lastValues,
                        topicsMax,
                        new Recovery.Bounds(heldBytesMax, SECOND)),
                new Port(),
                now);
    }

    final class Port implements SubscriberPort {
        @Override
        public boolean say(OfSubscriber message) {
            if (message instanceof Control.Ask ask) {
                asks.add(ask);
            }
            done.add(
                    message instanceof Control.Ask ask
                            ? "ask " + ask.topic() + " " + ask.from() + ".." + ask.to()
                            : "say " + message.getClass().getSimpleName());
            return takesWhatIsSaid;
        }

        @Override
        public void began() {
            lives++;
        }

        @Override
        public void deliver(String topic, long incarnation, Run run, long from) {
            done.add(topic + " " + from + ".." + run.last());
        }

        @Override
        public void missed(Missed missed) {
            done.add("missed " + missed.topic() + " " + missed.from() + ".." + missed.to());
        }

        @Override
        public void topicRefused(String topic) {
            done.add("refused " + topic);
        }

        @Override
        public void dropped(Missed missed) {
            done.add("dropped " + missed.topic() + " " + missed.from() + ".." + missed.to());
        }

        @Override
        public void synced(long incarnation) {
            done.add("synced");
        }

        @Override
        public void unsynced() {
            done.add("unsynced");
        }

        @Override
        public void refused(Control.Refusal refusal) {
            done.add("refused");
        }

        @Override
        public void ended(long incarnation, boolean complete) {
            done.add("ended " + complete);
        }

        @Override
        public void reconnectControl(boolean first) {
            done.add("reconnect control" + (first ? "" : " again"));
        }

        @Override
        public void reconnectData(boolean first) {
            done.add("reconnect data" + (first ? "" : " again"));
        }
    }

    List<String> drain() {
        List<String> all = List.copyOf(done);
        done.clear();
        return all;
    }

    void welcome(long incarnation) {
        machine.onSaid(new Control.Welcome(incarnation, SECOND), now);
    }

    void data(String topic, long first, int count) {
        machine.onData(new DataFrame.Messages(topic, LIFE, run(first, count)), now);
    }

    static Run run(long first, int count) {
        return new Run(first, count, new byte[count * 10], 0, 0);
    }

    void again(String topic, long first, int count) {
        machine.onSaid(new Control.Again(LIFE, topic, run(first, count)), now);
    }

    void answered(String topic, long to) {
        machine.onSaid(new Control.Answered(LIFE, to, topic), now);
    }

    DataFrame.Positions list(String prefix, boolean complete, boolean last, int part, int parts, Object... is) {
        List<DataFrame.Position> positions = new ArrayList<>();
        for (int i = 0; i < is.length; i += 2) {
            positions.add(new DataFrame.Position((String) is[i], ((Number) is[i + 1]).longValue()));
        }
        return new DataFrame.Positions(prefix, LIFE, 0, probes, complete, last, part, parts, positions);
    }

    void probe(String prefix, Object... positions) {
        probes++;
        machine.onData(list(prefix, true, false, 0, 1, positions), now);
    }

    void announce(String prefix, Object... positions) {
        probes++;
        machine.onData(list(prefix, false, false, 0, 1, positions), now);
    }

    void join(Object... positions) {
        welcome(LIFE);
        probe("t", positions);
        drain();
    }
}
