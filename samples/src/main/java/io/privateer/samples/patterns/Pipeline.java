package io.privateer.samples.patterns;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/**
 * PUSH-PULL: a ventilator hands out tasks, workers do them, a sink collects the results and stops the workers in the end. Each
 * worker subscribes to that word under its own name, and the sink sees that it has: nobody can miss it.
 */
final class Pipeline implements Sample {

    private static final int TASKS = 10;
    private static final List<String> WORKERS = List.of("worker-1", "worker-2");

    @Override
    public void run(Stage stage) {
        try (ZMQ.Socket ventilator = stage.socket(SocketType.PUSH);
                ZMQ.Socket sink = stage.socket(SocketType.PULL);
                ZMQ.Socket control = stage.socket(SocketType.XPUB)) {
            String tasksAt = Stage.bind(ventilator);
            String resultsAt = Stage.bind(sink);
            String controlAt = Stage.bind(control);
            String one = WORKERS.get(0);
            String two = WORKERS.get(1);
            stage.other(one, () -> work(stage, one, tasksAt, resultsAt, controlAt), tasksAt, resultsAt, controlAt, one);
            stage.start(two, () -> work(stage, two, tasksAt, resultsAt, controlAt));
            for (int i = 0; i < WORKERS.size(); i++) {
                stage.say("sink", Stage.receiveText(control).substring(1) + " is there"); // After a 1 for "subscribes".
            }
            for (int task = 1; task <= TASKS; task++) {
                ventilator.send(Integer.toString(task));
            }
            Set<String> results = new HashSet<>();
            while (results.size() < TASKS) {
                results.add(Stage.receiveText(sink));
            }
            int sum = results.stream().mapToInt(Integer::parseInt).sum();
            stage.say("sink", "has " + results.size() + " results, their sum is " + sum);
            WORKERS.forEach(control::send);
        }
    }

    private static void work(Stage stage, String who, String tasksAt, String resultsAt, String controlAt) {
        try (ZMQ.Socket tasks = stage.socket(SocketType.PULL);
                ZMQ.Socket results = stage.socket(SocketType.PUSH);
                ZMQ.Socket control = stage.socket(SocketType.SUB);
                ZMQ.Poller poller = stage.poller(tasks, control)) {
            tasks.connect(tasksAt);
            results.connect(resultsAt);
            control.connect(controlAt);
            control.subscribe(who);
            int done = 0;
            for (Stage.poll(poller); !poller.pollin(1); Stage.poll(poller)) {
                int task = Integer.parseInt(Stage.receiveText(tasks));
                results.send(Integer.toString(task * task));
                done++;
            }
            stage.say(who, "has done " + done + " tasks and stops, as it is told");
        }
    }
}
