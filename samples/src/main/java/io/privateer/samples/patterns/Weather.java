package io.privateer.samples.patterns;

import io.privateer.pubsub.Missed;
import io.privateer.pubsub.Received;
import io.privateer.pubsub.StartOutcome;
import io.privateer.pubsub.SubscriberListener;
import io.privateer.pubsub.SyncedPublisher;
import io.privateer.pubsub.SyncedSubscriber;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;

/**
 * PUB-SUB that begins when everybody listens: the station waits until its subscribers have confirmed that something has reached
 * them. Its reports are numbered, so a subscriber that missed one would be told.
 */
final class Weather implements Sample {

    private static final List<String> DAYS = List.of("Monday", "Tuesday", "Wednesday");

    @Override
    public void run(Stage stage) {
        try (SyncedPublisher station = SyncedPublisher.builder(Stage.ANY, Stage.ANY)
                .expect("Oslo", "Rome")
                .start()) {
            String data = station.dataEndpoint();
            String sync = station.syncEndpoint();
            stage.start("Rome", () -> listen(stage, "Rome", data, sync));
            stage.other("Oslo", () -> listen(stage, "Oslo", data, sync), data, sync, "Oslo");
            StartOutcome start = station.awaitSubscribers(Stage.PATIENCE);
            stage.say("station", "is heard by " + new TreeSet<>(start.confirmed()));
            for (String day : DAYS) {
                for (String city : List.of("Oslo", "Rome", "Lima")) { // Nobody has subscribed to Lima.
                    station.publish(city, ("sunny on " + day).getBytes(StandardCharsets.UTF_8));
                }
            }
            boolean drained = station.drain(Stage.PATIENCE).join();
            stage.say("station", drained ? "closes, and all have everything" : "closes, and some may miss something");
        }
    }

    private static void listen(Stage stage, String city, String data, String sync) {
        SubscriberListener listener = new SubscriberListener() {
            @Override
            public void onMissed(Missed missed) {
                stage.say(city, "will never hear " + missed);
            }
        };
        try (SyncedSubscriber subscriber = SyncedSubscriber.builder(city, data, sync)
                .subscribe(city)
                .listener(listener)
                .start()) {
            for (int i = 0; i < DAYS.size(); i++) {
                Received report = Objects.requireNonNull(subscriber.receive(Stage.PATIENCE), "no report");
                stage.say(city, "report " + report.number() + ": " + report.text());
            }
        }
    }
}
