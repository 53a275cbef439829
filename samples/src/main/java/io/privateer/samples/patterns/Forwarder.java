package io.privateer.samples.patterns;

import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;
import org.zeromq.ZMsg;

/**
 * XPUB-XSUB: subscribers and publishers that know only the forwarder between them. Subscriptions are messages that travel
 * upstream, so the publisher need not guess when to begin: it waits until its topics are wanted.
 */
final class Forwarder implements Sample {

    private static final List<String> TOPICS = List.of("rain", "wind");
    private static final String END = "end";

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket downstream = stage.socket(SocketType.XPUB);
                ZMQ.Socket upstream = stage.socket(SocketType.XSUB);
                ZMQ.Poller poller = stage.poller(downstream, upstream)) {
            String subscribersAt = Stage.bind(downstream);
            String publishersAt = Stage.bind(upstream);
            stage.start("publisher", () -> publish(stage, publishersAt));
            stage.other("rain", () -> subscribe(stage, "rain", subscribersAt), subscribersAt, "rain");
            stage.start("wind", () -> subscribe(stage, "wind", subscribersAt));
            for (int ended = 0; ended < TOPICS.size(); ) {
                Stage.poll(poller);
                if (poller.pollin(0)) {
                    Stage.receive(downstream).send(upstream);
                }
                if (poller.pollin(1)) {
                    ZMsg news = Stage.receive(upstream);
                    stage.say("forwarder", "passes on " + news.getFirst() + " " + news.getLast());
                    ended += news.getLast().streq(END) ? 1 : 0;
                    news.send(downstream);
                }
            }
        }
    }

    private static void publish(Stage stage, String endpoint) {
        try (ZMQ.Socket publisher = stage.socket(SocketType.XPUB)) {
            publisher.connect(endpoint);
            for (int i = 0; i < TOPICS.size(); i++) {
                String subscription = Stage.receiveText(publisher); // 1 for "subscribes", then the topic.
                stage.say("publisher", "somebody wants " + subscription.substring(1));
            }
            for (String text : List.of("none today", "much tomorrow", END)) {
                for (String topic : List.of("rain", "wind", "snow")) { // Nobody wants snow, so it stays here.
                    publisher.sendMore(topic);
                    publisher.send(text);
                }
            }
        }
    }

    private static void subscribe(Stage stage, String topic, String endpoint) {
        try (ZMQ.Socket subscriber = stage.socket(SocketType.SUB)) {
            subscriber.connect(endpoint);
            subscriber.subscribe(topic);
            for (ZMsg news = Stage.receive(subscriber); !news.getLast().streq(END); news = Stage.receive(subscriber)) {
                stage.say(topic, "received " + news.getLast());
            }
            stage.say(topic, "has heard the end");
        }
    }
}
