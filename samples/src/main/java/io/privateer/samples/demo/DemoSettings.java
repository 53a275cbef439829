package io.privateer.samples.demo;

import java.time.Duration;

/** What a demo is asked for. Immutable. */
record DemoSettings(ScenarioKind scenario, Duration load, long seed, int workers, int clients) {

    /** Short, so that a frozen worker is declared silent well before a client's attempt times out. */
    static final Duration HEARTBEAT = Duration.ofMillis(250);

    /** With {@link #HEARTBEAT}: silent after 750 ms. */
    static final int LIVENESS = 3;

    /** Twice what it takes to be declared silent. */
    static final Duration FREEZE = Duration.ofMillis(1_500);

    /** Of a pair; its failover time is twice that. */
    static final Duration STAR_HEARTBEAT = Duration.ofMillis(250);

    /** An attempt of a client of a pair; a frozen server is not voted out before one has timed out. */
    static final Duration STAR_ATTEMPT = Duration.ofSeconds(1);

    /** Twice what it takes until the other server is active. */
    static final Duration STAR_FREEZE = Duration.ofSeconds(3);

    /** What a handler takes for a request: long enough that victims are caught at work. */
    static final Duration WORK = Duration.ofMillis(5);
}
