package io.privateer.chaos.pubsub;

import io.privateer.chaos.process.ChildJvm;
import io.privateer.pubsub.SyncedSubscriber;
import java.security.Security;
import java.util.concurrent.CountDownLatch;

/** The main class of a subscriber in a process of its own, which says when it is synced. */
final class LostHostProcess {

    private LostHostProcess() {}

    /** Runs until it is killed, or the subscriber fails. */
    public static void main(String[] arguments) throws Exception {
        ChildJvm.dieWithParent();
        Security.setProperty("networkaddress.cache.ttl", "0"); // It shall ask each time.
        Security.setProperty("networkaddress.cache.negative.ttl", "0");
        SyncedSubscriber subscriber = SyncedSubscriber.builder("me", arguments[0], arguments[1])
                .subscribe("")
                .liveness(2)
                .start();
        subscriber.synced().join();
        new CountDownLatch(1).await();
    }
}
