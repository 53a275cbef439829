package io.privateer.samples.demo;

import java.util.Locale;

/** The scenarios that a demo can show. */
enum ScenarioKind {
    /** One queue, whose workers are hurt. */
    WORKER(
            "worker",
            "Milliseconds from the signal, median and longest, until the queue knows it and\n"
                    + "until the request in hand runs again:",
            "Replies of workers that had been given up, too late and discarded: ",
            20),
    /** A pair of queues, of which the active one is hurt. */
    STAR(
            "server",
            "Milliseconds from the signal, median and longest, until the other server is\n"
                    + "active and until it has answered somebody:",
            "Replies of servers that had been replaced, too late and discarded: ",
            20),
    /** Three clusters that lend each other workers, of which brokers are hurt. */
    PEERING(
            "broker",
            "Milliseconds from the signal, median and longest, until another broker has back\n"
                    + "what it had lent, and until all that was under way is answered:",
            "Replies of brokers that had been given up, too late and discarded: ",
            15);

    /** Who is hurt. */
    final String victim;

    /** What the times of the report are. */
    final String timesText;

    /** What the report says before the number of late replies. */
    final String lateRepliesText;

    /** How long the clients send if nobody says how long. */
    final int seconds;

    ScenarioKind(String victim, String timesText, String lateRepliesText, int seconds) {
        this.victim = victim;
        this.timesText = timesText;
        this.lateRepliesText = lateRepliesText;
        this.seconds = seconds;
    }

    Scenario on(Stage stage) {
        return switch (this) {
            case WORKER -> new WorkerScenario(stage);
            case STAR -> new StarScenario(stage);
            case PEERING -> new PeeringScenario(stage);
        };
    }

    /** As on the command line and in results. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
