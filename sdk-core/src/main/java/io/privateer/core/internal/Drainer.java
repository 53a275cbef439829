package io.privateer.core.internal;

import java.util.concurrent.Executor;

/** Gives the end of a drain a thread of its own: it waits for the event loop, which the common pool must not. */
public enum Drainer implements Executor {
    INSTANCE;

    @Override
    public void execute(Runnable task) {
        Thread thread = new Thread(task, "privateer-drain");
        thread.setDaemon(true);
        thread.start();
    }
}
