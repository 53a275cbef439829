package io.privateer.pirate;

import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.SocketSettings;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Where and how a queue lives, as its {@link PirateQueueConfig} says; what it decides by is in {@link QueueSettings}. */
record QueueSetup(
        String name,
        String frontend,
        String backend,
        PirateListener listener,
        @Nullable EventLoop loop,
        Duration spin,
        boolean standby,
        SocketSettings socketSettings) {}
