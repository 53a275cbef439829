package io.privateer.binarystar;

import io.privateer.core.FairClock;
import io.privateer.core.wire.PeerId;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Reduces a world to 64 bits, equal for worlds that behave alike from here on: instants are taken relative to now and no
 * further back than anybody looks, sequence numbers relative to their sender's last, epochs to the lowest that is still
 * known to anybody: only their order matters and whose they are, so they are moved by an even number.
 */
final class Fingerprint {

    private static final long CLIP = 3 * SearchWorld.STEP;
    private static final Map<Class<?>, Field[]> FIELDS = new ConcurrentHashMap<>();
    /** What is only told, or is the same in every world. */
    private static final Set<String> SKIPPED = Set.of(
            "contact", "stoodStillNanos", "storeAgainAtNanos", "port", "events", "settings", "operator", "standbyWord");

    /** What counts epochs. */
    private static final Set<String> EPOCHS = Set.of("newest", "asked", "activeIn");

    private final long epochBase;
    private long hash = 0x9E3779B97F4A7C15L;
    private long lowestEpoch = Long.MAX_VALUE;

    private Fingerprint(long epochBase) {
        this.epochBase = epochBase;
    }

    /** Returns what {@code world} adds to a fingerprint, reduced. */
    static long of(Consumer<Fingerprint> world) {
        Fingerprint absolute = new Fingerprint(0);
        world.accept(absolute);
        long epochBase = absolute.lowestEpoch == Long.MAX_VALUE ? 0 : absolute.lowestEpoch - 1 & -2;
        if (epochBase == 0) {
            return absolute.hash;
        }
        Fingerprint relative = new Fingerprint(epochBase);
        world.accept(relative);
        return relative.hash;
    }

    /** Adds an epoch, where there is one. */
    void epoch(long epoch) {
        if (epoch != Epochs.NONE) {
            lowestEpoch = Math.min(lowestEpoch, epoch);
        }
        add(epoch == Epochs.NONE ? 0 : epoch - epochBase);
    }

    void add(long value) {
        hash = mix(hash * 31 + value);
    }

    private static long mix(long z) {
        z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
        z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
        return z ^ (z >>> 31);
    }

    void machine(BinaryStarMachine machine, long now) {
        FairClock clock = (FairClock) get(get(machine, "peer"), "clock");
        walk(machine, now, clock.fair(now));
    }

    /** Adds what is promised and can still count. */
    private void leases(LeaseBook book, long now) {
        until(book, "boundUntilNanos", now, (boolean) get(book, "bound"));
        until(book, "promisedUntilNanos", now, field(book, "promisedTo") != null);
        until(book, "peerUntilNanos", now, (boolean) get(book, "peerHeld"));
        until(book, "witnessUntilNanos", now, (boolean) get(book, "witnessHeld"));
        PeerId to = (PeerId) field(book, "promisedTo");
        add(to == null ? 0 : to.low());
    }

    /** Adds what an echo of {@code sequence} would be worth to the machine that sent it. */
    void echo(BinaryStarMachine machine, long sequence, long now) {
        LeaseBook book = (LeaseBook) get(machine, "leases");
        long[] sequences = (long[]) get(book, "sentSequence");
        int at = (int) (sequence % sequences.length);
        boolean counts = sequence >= number(book, "firstSequence") && sequences[at] == sequence;
        add(counts ? Math.max(0, ((long[]) get(book, "sentAtNanos"))[at] + number(book, "heldNanos") - now) : 0);
    }

    /** Adds what a grant upon {@code request} would be worth to the machine that asked. */
    private void grant(BinaryStarMachine machine, long request, long now) {
        LeaseBook book = (LeaseBook) get(machine, "leases");
        long[] asked = (long[]) get(book, "askedAtNanos");
        boolean counts = request >= number(book, "firstRequest");
        long atNanos = asked[(int) (request % asked.length)];
        add(counts ? Math.max(0, atNanos + number(book, "heldNanos") - now) : 0);
    }

    private void takeover(Takeover takeover, long now, long fairNow) {
        String stage = get(takeover, "stage").toString();
        add(stage.hashCode());
        if (!stage.equals("NONE")) {
            add(get(takeover, "cause").toString().hashCode());
            add(steps(number(takeover, "askAtNanos") - now));
            if (stage.equals("STORE")) {
                epoch(number(takeover, "epoch"));
            } else {
                add(clip(number(takeover, "endsFairNanos") - fairNow));
                long sinceNanos = number(takeover, "unansweredSinceFairNanos") - fairNow;
                add((boolean) get(takeover, "unanswered") ? Math.max(-SearchWorld.FAILOVER, sinceNanos) : 1);
            }
        }
    }

    private void until(LeaseBook book, String name, long now, boolean counts) {
        add(counts ? Math.max(0, number(book, name) - now) : 0);
    }

    void request(BinaryStarMachine machine, LeaseRequest request, long now) {
        grant(machine, request.request(), now);
        add(request.release() ? 1 : 0);
        epoch(request.epoch());
    }

    void answer(BinaryStarMachine machine, LeaseAnswer answer, long now) {
        grant(machine, answer.request(), now);
        add(answer.granted() ? 1 : 0);
        epoch(answer.epoch());
        add(answer.retryAfterMillis());
    }

    /** Adds a message or what is kept of one, but for what counts messages. */
    void message(@Nullable PeerState message) {
        if (message == null) {
            add(0);
            return;
        }
        add(message.state().number());
        epoch(message.epoch());
        add(message.nodeId().low());
        add(message.canServe() ? 1 : 0);
    }

    private void walk(Object object, long now, long fairNow) {
        for (Field field : fields(object.getClass())) {
            Object value = value(field, object);
            String name = field.getName();
            if (value instanceof PeerState message) {
                message(message);
            } else if (value instanceof LeaseBook book) {
                leases(book, now);
            } else if (value instanceof Resignation resignation) {
                add(resignation.isPending() ? Math.max(0, number(resignation, "endsAtNanos") - now) + 1 : 0);
            } else if (value instanceof Takeover takeover) {
                takeover(takeover, now, fairNow);
            } else if (name.equals("votedFairNanos") && !(boolean) get(object, "voted")) {
                add(4);
            } else if (value instanceof Long number && EPOCHS.contains(name)) {
                epoch(number);
            } else if (value instanceof Long number) {
                add(
                        name.contains("Fair")
                                ? clip(number - fairNow)
                                : name.endsWith("Nanos") ? clip(number - now) : number);
            } else if (value instanceof Boolean flag) {
                add(flag ? 1 : 2);
            } else if (value instanceof Enum<?> constant) {
                add(constant.name().hashCode());
            } else if (value != null && value.getClass().isArray()) {
                for (int i = 0; i < Array.getLength(value); i++) {
                    Object element = Array.get(value, i);
                    add(element == null ? 0 : element.toString().hashCode());
                }
            } else if (value == null) {
                add(3);
            } else {
                walk(value, now, fairNow);
            }
        }
    }

    /** Rounds up: time passes in steps only. */
    private static long steps(long relative) {
        return Math.max(0, (relative + SearchWorld.STEP - 1) / SearchWorld.STEP);
    }

    private static long clip(long relative) {
        return Math.max(-CLIP, relative);
    }

    private static Field[] fields(Class<?> type) {
        return FIELDS.computeIfAbsent(type, absent -> {
            List<Field> fields = new ArrayList<>();
            for (Field field : absent.getDeclaredFields()) {
                boolean constant = Modifier.isFinal(field.getModifiers())
                        && field.getType().isPrimitive();
                boolean again = type == StateSender.class && Modifier.isFinal(field.getModifiers());
                boolean counts = type == StateSender.class && field.getName().equals("sequence");
                if (!Modifier.isStatic(field.getModifiers())
                        && !constant
                        && !again
                        && !counts
                        && !SKIPPED.contains(field.getName())) {
                    field.setAccessible(true);
                    fields.add(field);
                }
            }
            return fields.toArray(Field[]::new);
        });
    }

    private static @Nullable Object value(Field field, Object object) {
        try {
            return field.get(object);
        } catch (IllegalAccessException e) {
            throw new AssertionError(e);
        }
    }

    private static final Map<String, Field> BY_NAME = new ConcurrentHashMap<>();

    static @Nullable Object field(Object object, String name) {
        Field field = BY_NAME.computeIfAbsent(object.getClass().getName() + "." + name, absent -> {
            try {
                Field found = object.getClass().getDeclaredField(name);
                found.setAccessible(true);
                return found;
            } catch (NoSuchFieldException e) {
                throw new AssertionError(e);
            }
        });
        return value(field, object);
    }

    static Object get(Object object, String name) {
        Object value = field(object, name);
        if (value == null) {
            throw new AssertionError(name);
        }
        return value;
    }

    private static long number(Object object, String name) {
        return (long) get(object, name);
    }
}
