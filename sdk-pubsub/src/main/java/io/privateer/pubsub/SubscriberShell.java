package io.privateer.pubsub;

import io.privateer.core.ClosedException;
import io.privateer.core.EndpointException;
import io.privateer.core.PirateException;
import io.privateer.core.SlowSubscriberException;
import io.privateer.core.SubscriptionRefusedException;
import io.privateer.core.TransportFailedException;
import io.privateer.core.internal.ListenerGuard;
import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.EventLoop;
import io.privateer.core.transport.LoopMember;
import io.privateer.core.transport.LoopTimer;
import io.privateer.core.transport.SubSocket;
import io.privateer.core.wire.PeerId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The sockets of one subscriber. Not thread-safe: confine to the loop's thread. */
final class SubscriberShell implements SubscriberPort, LoopMember {

    private static final Logger log = LoggerFactory.getLogger(SyncedSubscriber.class);

    private final SyncedSubscriberConfig config;
    private final EventLoop loop;
    private final SubscriberMachine machine;
    private final Mailbox mailbox;
    private final LagMeter lag;
    private final LoopTimer timer;
    private final ListenerGuard<SubscriberListener> listener;
    private final CompletableFuture<Boolean> synced = new CompletableFuture<>();

    private DealerSocket control;
    private SubSocket data;

    /** What has just come, and is not late for having been asked for again or held. */
    private @Nullable Run fresh;

    private long delivered;
    private long malformed;
    private boolean unreachable;
    private boolean ended;
    private boolean turnEnds;

    SubscriberShell(SyncedSubscriberConfig config, EventLoop loop, PeerId id) {
        this.config = config;
        this.loop = loop;
        this.lag = config.lagMeter();
        this.listener = new ListenerGuard<>(loop, log, config.name(), config.listener());
        this.mailbox = new Mailbox(new Inbox(config.inboxBounds(), config.slowPolicy()), this::onCaughtUp);
        this.timer = loop.timer(this::tick);
        this.machine = new SubscriberMachine(
                config.machineSettings(id), this, loop.clock().nanoTime());
        this.control = openControl();
        try {
            this.data = openData();
        } catch (RuntimeException e) {
            control.close();
            throw e;
        }
        loop.join(this);
        tick();
    }

    private DealerSocket openControl() {
        DealerSocket.Handler handler = new DealerSocket.Handler() {
            @Override
            public void onMessage(byte[][] frames) {
                onControl(frames);
            }

            @Override
            public void onDisconnected() {
                handle(() -> machine.onControlLost(now()));
            }
        };
        return connected("sync", () -> loop.connectDealer(config.sync(), null, config.controlSettings(), handler));
    }

    /** Says which setting cannot be used. */
    private static <T> T connected(String setting, Supplier<T> connecting) {
        try {
            return connecting.get();
        } catch (EndpointException e) {
            throw new EndpointException(setting + " cannot be used: " + e.getMessage(), e);
        }
    }

    private SubSocket openData() {
        SubSocket.Handler handler = new SubSocket.Handler() {
            @Override
            public void onMessage(byte[][] frames) {
                SubscriberShell.this.onData(frames);
            }

            @Override
            public void onDisconnected() {
                handle(() -> machine.onDataLost(now()));
            }
        };
        SubSocket socket = connected("data", () -> loop.connectSub(config.data(), config.dataSettings(), handler));
        config.prefixes().forEach(prefix -> socket.subscribe(Topics.checked("subscribe", prefix)));
        return socket;
    }

    private long now() {
        return loop.clock().nanoTime();
    }

    /** Lets the machine take something, unless all is over. */
    private void handle(Runnable input) {
        if (!ended) {
            input.run();
            timer.arm(machine.nextDeadlineNanos());
        }
    }

    private void tick() {
        handle(() -> {
            machine.onTick(now());
            tellIfSlow(mailbox.check(now()));
        });
    }

    private void onControl(byte[][] frames) {
        Control.OfPublisher said = frames.length == 1 ? Control.decodeOfPublisher(frames[0]) : null;
        if (said == null) {
            countMalformed("control");
        } else {
            handle(() -> machine.onSaid(said, now()));
        }
    }

    private void onData(byte[][] frames) {
        DataFrame frame = frames.length == 1 ? DataFrame.decode(frames[0]) : null;
        if (frame == null) {
            countMalformed("data");
            return;
        }
        if (ended) {
            return;
        }
        long now = now();
        if (machine.isPresent(frame.incarnation())) {
            lag.onArrival(frame.stampNanos(), now); // Another life may have another clock.
        }
        fresh = frame instanceof DataFrame.Messages messages ? messages.run() : null;
        machine.onData(frame, now);
        fresh = null;
        timer.arm(machine.nextDeadlineNanos());
    }

    private void countMalformed(String what) {
        malformed++;
        if (malformed == 1) {
            log.warn("message dropped subscriber={} socket={} (counted, not logged again)", config.name(), what);
        }
    }

    @Override
    public boolean say(Control.OfSubscriber message) {
        return control.send(Control.encode(message)); // What was not taken is said again when the connection is back.
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // It is about this one, not about one like it.
    public void deliver(String topic, long incarnation, Run run, long from) {
        long now = now();
        long bornNanos = run == fresh ? now - lag.ageNanos(run.stampNanos(), now) : now;
        delivered += run.last() - from + 1;
        tellIfSlow(mailbox.add(topic, incarnation, run, from, bornNanos, now));
        if (!turnEnds) {
            turnEnds = true;
            loop.atEndOfTurn(() -> {
                turnEnds = false;
                mailbox.wake();
            });
        }
    }

    private void tellIfSlow(Inbox.Change change) {
        if (change == Inbox.Change.NONE) {
            return;
        }
        SubscriberListener.Slow event = mailbox.slowness();
        log.warn(
                "subscriber slow subscriber={} messages={} bytes={} ageMillis={} policy={}",
                config.name(),
                event.messages(),
                event.bytes(),
                event.ageNanos() / 1_000_000,
                config.slowPolicy());
        listener.tell(it -> it.onSlow(event));
        if (change == Inbox.Change.FAILED) {
            String what = "subscriber " + config.name() + " is too slow: " + event.messages() + " messages and "
                    + event.bytes() + " bytes waited, the oldest for " + event.ageNanos() / 1_000_000 + " ms";
            loop.execute(() -> end(() -> new SlowSubscriberException(what)));
        }
    }

    /** On a user's thread. */
    private void onCaughtUp() {
        log.info("subscriber caught up subscriber={}", config.name());
        listener.tell(SubscriberListener::onCaughtUp);
    }

    @Override
    public void began() {
        lag.reset();
    }

    @Override
    public void missed(Missed missed) {
        log.warn(
                "messages missed subscriber={} topic={} from={} to={}",
                config.name(),
                missed.topic(),
                missed.from(),
                missed.to());
        listener.tell(it -> it.onMissed(missed));
    }

    @Override
    public void topicRefused(String topic) {
        log.warn("topics refused subscriber={} first={} (counted, not logged again)", config.name(), topic);
        listener.tell(it -> it.onTopicRefused(topic));
    }

    @Override
    public void dropped(Missed missed) {
        listener.tell(it -> it.onMissed(missed)); // Not logged: there may be as many as there are messages.
    }

    @Override
    public void synced(long incarnation) {
        log.info("subscriber synced subscriber={} publisher={}", config.name(), config.sync());
        synced.complete(true);
        listener.tell(it -> it.onSynced(incarnation));
    }

    @Override
    public void unsynced() {
        log.info("subscriber unsynced subscriber={} publisher={}", config.name(), config.sync());
        listener.tell(SubscriberListener::onUnsynced);
    }

    @Override
    public void refused(Control.Refusal refusal) {
        String what = "subscriber " + config.name() + " is refused by " + config.sync() + ": " + refusal;
        log.error("subscriber refused subscriber={} publisher={} cause={}", config.name(), config.sync(), refusal);
        listener.tell(it -> it.onRefused(refusal.toString()));
        loop.execute(() -> end(() -> new SubscriptionRefusedException(what)));
    }

    @Override
    public void ended(long incarnation, boolean complete) {
        log.info("publisher ended subscriber={} publisher={} complete={}", config.name(), config.sync(), complete);
        listener.tell(it -> it.onPublisherEnded(incarnation, complete));
    }

    @Override
    public void reconnectControl(boolean first) {
        if (first) {
            log.warn("control silent, connecting again subscriber={} publisher={}", config.name(), config.sync());
        }
        control.abandon();
        reconnect(() -> control = openControl());
    }

    /** Its host may have lost its address. That is no end: when it has been silent for as long again, it is looked up again. */
    private void reconnect(Runnable connecting) {
        try {
            connecting.run();
            unreachable = false;
        } catch (EndpointException e) {
            if (!unreachable) {
                unreachable = true;
                log.warn("publisher cannot be connected subscriber={} why={}", config.name(), e.getMessage());
            }
        }
    }

    @Override
    public void reconnectData(boolean first) {
        if (first) {
            log.warn("data silent, connecting again subscriber={} publisher={}", config.name(), config.data());
        }
        data.abandon();
        reconnect(() -> data = openData());
        lag.reset(); // The way may be another.
    }

    CompletableFuture<Boolean> synced() {
        return synced;
    }

    Mailbox mailbox() {
        return mailbox;
    }

    void close() {
        if (!ended) {
            machine.close(now());
            end(() -> new ClosedException("subscriber " + config.name() + " is closed", List.of()));
        }
    }

    private void end(Supplier<PirateException> why) {
        if (ended) {
            return;
        }
        ended = true;
        loop.leave(this);
        timer.cancel();
        control.close();
        data.close();
        mailbox.end(why);
        synced.completeExceptionally(why.get());
    }

    @Override
    public void onLoopStopped(@Nullable Throwable failure) {
        if (failure == null) {
            close();
            return;
        }
        listener.tell(it -> it.onFailed(failure));
        end(() -> new TransportFailedException("subscriber " + config.name() + " has stopped", List.of(), failure));
    }

    SubscriberStats stats() {
        Recovery recovery = machine.recovery();
        Mailbox.Level level = mailbox.level(now());
        return new SubscriberStats(
                delivered,
                recovery.missed(),
                recovery.recovered(),
                level.conflated(),
                machine.duplicates(),
                recovery.questions(),
                machine.topics(),
                machine.topicsRefused(),
                machine.strangers(),
                malformed,
                level.messages(),
                level.bytes(),
                recovery.heldBytes(),
                level.ageNanos(),
                machine.isSynced(),
                level.slow(),
                listener.failures());
    }
}
