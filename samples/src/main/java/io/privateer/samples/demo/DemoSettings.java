package io.privateer.samples.demo;

import java.time.Duration;

/** What a demo is asked for. Immutable. */
record DemoSettings(Duration load, long seed, int workers, int clients) {

    /** Short, so that a frozen worker is declared silent well before a client's attempt times out. */
    static final Duration HEARTBEAT = Duration.ofMillis(250);

    /** With {@link #HEARTBEAT}: silent after 750 ms. */
    static final int LIVENESS = 3;

    /** Twice what it takes to be declared silent. */
    static final Duration FREEZE = Duration.ofMillis(1_500);

    /** What a handler takes for a request: long enough that victims are caught at work. */
    static final Duration WORK = Duration.ofMillis(5);
}
