package io.privateer.samples.patterns;

import java.util.ArrayDeque;
import java.util.Deque;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** DEALER-DEALER: two ends, no turns, no envelope. What belongs together says so itself. */
final class DealerDealer implements Sample {

    private static final int TASKS = 3;

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket left = stage.socket(SocketType.DEALER)) {
            String endpoint = Stage.bind(left);
            stage.other("right", () -> right(stage, endpoint), endpoint);
            stage.say("left", "received " + Stage.receiveText(left));
            for (int i = 1; i <= TASKS; i++) {
                left.send("task " + i);
            }
            stage.say("left", "sent " + TASKS + " tasks and waited for nothing");
            for (int i = 1; i <= TASKS; i++) {
                stage.say("left", "received " + Stage.receiveText(left));
            }
        }
    }

    private static void right(Stage stage, String endpoint) {
        try (ZMQ.Socket right = stage.socket(SocketType.DEALER)) {
            right.connect(endpoint);
            right.send("a word that nobody asked for");
            Deque<String> tasks = new ArrayDeque<>();
            for (int i = 1; i <= TASKS; i++) {
                tasks.push(Stage.receiveText(right));
            }
            stage.say("right", "answers the last first");
            tasks.forEach(task -> right.send("result of " + task));
        }
    }
}
