package io.privateer.samples.demo;

import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** What a scenario needs of the demo around it. Confine to the demo's thread. */
interface Stage {

    DemoSettings settings();

    Fleet fleet();

    Ledger ledger();

    /** Something happened that people want to read. */
    void event(String text);

    /** Something went wrong that no demo may pass with. */
    void problem(String text);

    /** Returns whether everything is being ended, so that nobody who ends is missed. */
    boolean isStopping();

    /** Returns when a fault that was planned for {@code at} is due. */
    long dueNanos(Duration at);

    long nowNanos();

    /** Hears news and does what is due until {@code done}, a new problem, or the end of {@code max}. */
    boolean pumpUntil(BooleanSupplier done, Duration max) throws InterruptedException, IOException;
}
