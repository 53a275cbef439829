package io.privateer.pubsub;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what a subscriber is told. */
final class Log implements SubscriberListener {

    final List<String> events = new CopyOnWriteArrayList<>();
    final List<Missed> missed = new CopyOnWriteArrayList<>();

    @Override
    public void onSynced(long incarnation) {
        events.add("synced");
    }

    @Override
    public void onUnsynced() {
        events.add("unsynced");
    }

    @Override
    public void onMissed(Missed missing) {
        missed.add(missing);
        events.add("missed " + missing.topic() + " " + missing.from() + ".." + missing.to());
    }

    @Override
    public void onSlow(Slow event) {
        events.add("slow");
    }

    @Override
    public void onCaughtUp() {
        events.add("caught up");
    }

    @Override
    public void onPublisherEnded(long incarnation, boolean complete) {
        events.add("ended " + complete);
    }

    @Override
    public void onRefused(String why) {
        events.add("refused " + why);
    }
}
