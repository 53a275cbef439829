package io.privateer.pirate;

import io.privateer.core.Settings;
import io.privateer.core.wire.Headers;
import io.privateer.core.wire.Prv;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * How one request of a {@link PirateClient} is tried. Immutable; vary with the {@code with…} methods, and keep the result:
 * names and headers are encoded once.
 */
public final class CallOptions {

    /** 30 s. */
    public static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    /** 2.5 s, as in the Guide. */
    public static final Duration DEFAULT_ATTEMPT_TIMEOUT = Duration.ofMillis(2_500);

    private static final String TRACEPARENT = "traceparent";
    private static final Pattern TRACEPARENT_SHAPE =
            Pattern.compile("(?!ff)[0-9a-f]{2}-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}");
    private static final CallOptions DEFAULTS = new CallOptions(new Draft());

    private final Draft from;
    private final long deadlineNanos;
    private final long attemptTimeoutNanos;
    private final long hedgeAfterNanos;
    private final byte[] serviceBytes;
    private final byte[] headerBytes;

    private CallOptions(Draft from) {
        this.from = from;
        this.deadlineNanos = from.deadline.toNanos();
        this.attemptTimeoutNanos = from.attemptTimeout.toNanos();
        this.hedgeAfterNanos = from.hedgeAfter == null ? Long.MAX_VALUE : from.hedgeAfter.toNanos();
        this.serviceBytes = from.service.getBytes(StandardCharsets.UTF_8);
        Settings.check(
                serviceBytes.length <= Prv.SERVICE_BYTES_MAX,
                "service",
                "of at most " + Prv.SERVICE_BYTES_MAX + " bytes of UTF-8",
                serviceBytes.length);
        this.headerBytes = Headers.encode(from.headers);
        Settings.check(
                from.delivery == Delivery.AT_LEAST_ONCE || from.hedgeAfter == null,
                "hedgeAfter",
                "unset when delivery=" + from.delivery,
                from.hedgeAfter == null ? "" : from.hedgeAfter);
    }

    /** The settings before they are checked against each other. */
    private static final class Draft {
        private Duration deadline = DEFAULT_DEADLINE;
        private Duration attemptTimeout = DEFAULT_ATTEMPT_TIMEOUT;
        private String service = "";
        private Map<String, String> headers = Map.of();
        private Delivery delivery = Delivery.AT_LEAST_ONCE;
        private @Nullable Duration hedgeAfter;

        private Draft copy() {
            Draft copy = new Draft();
            copy.deadline = deadline;
            copy.attemptTimeout = attemptTimeout;
            copy.service = service;
            copy.headers = headers;
            copy.delivery = delivery;
            copy.hedgeAfter = hedgeAfter;
            return copy;
        }
    }

    /**
     * Returns {@link #DEFAULT_DEADLINE}, {@link #DEFAULT_ATTEMPT_TIMEOUT}, the default service, no headers, at least once
     * and no hedging.
     */
    public static CallOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns these options with another limit on the whole call. It travels with the request, so that nobody works on it
     * afterwards.
     *
     * @throws IllegalArgumentException if {@code value} is below 1 ms
     */
    public CallOptions withDeadline(Duration value) {
        Draft draft = from.copy();
        draft.deadline = Settings.atLeast("deadline", value, Duration.ofMillis(1));
        return new CallOptions(draft);
    }

    /**
     * Returns these options with another time after which an unanswered request is sent again. The queue recognises it,
     * so one that is merely slow is not executed again.
     *
     * @throws IllegalArgumentException if {@code value} is below 1 ms
     */
    public CallOptions withAttemptTimeout(Duration value) {
        Draft draft = from.copy();
        draft.attemptTimeout = Settings.atLeast("attemptTimeout", value, Duration.ofMillis(1));
        return new CallOptions(draft);
    }

    /**
     * Returns these options for another service; empty is the default service.
     *
     * @throws IllegalArgumentException if {@code value} has more than 255 bytes of UTF-8
     */
    public CallOptions withService(String value) {
        Draft draft = from.copy();
        draft.service = Objects.requireNonNull(value, "service");
        return new CallOptions(draft);
    }

    /**
     * Returns these options with one header more, which the handler sees.
     *
     * @throws IllegalArgumentException if the name is empty or longer than 255 bytes, all headers are longer than 65,535
     *     bytes, or the name is {@code traceparent} and the value is none after W3C Trace Context
     */
    public CallOptions withHeader(String name, String value) {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
        Settings.check(
                !name.toLowerCase(Locale.ROOT).equals(TRACEPARENT)
                        || TRACEPARENT_SHAPE.matcher(value).matches(),
                name,
                "version-traceid-parentid-flags in lower-case hexadecimal",
                value);
        Draft draft = from.copy();
        Map<String, String> headers = new LinkedHashMap<>(from.headers);
        headers.put(name, value);
        draft.headers = Collections.unmodifiableMap(headers);
        return new CallOptions(draft);
    }

    /**
     * Returns these options with another say on how often the request may be executed.
     *
     * @throws IllegalArgumentException if {@code value} is {@link Delivery#ONCE} and the request is hedged
     */
    public CallOptions withDelivery(Delivery value) {
        Draft draft = from.copy();
        draft.delivery = Objects.requireNonNull(value, "delivery");
        return new CallOptions(draft);
    }

    /**
     * Returns these options with hedging: a request that has no reply {@code value} after it was sent goes to a second
     * endpoint as well, and the first reply counts. By this the caller says that the request is idempotent: both servers
     * may execute it. A client of one endpoint never hedges, and no client does beyond its retry budget.
     *
     * @throws IllegalArgumentException if {@code value} is below 1 ms, or the request must not be executed twice
     */
    public CallOptions withHedgeAfter(Duration value) {
        Draft draft = from.copy();
        draft.hedgeAfter = Settings.atLeast("hedgeAfter", value, Duration.ofMillis(1));
        return new CallOptions(draft);
    }

    /** Returns the limit on the whole call. */
    public Duration deadline() {
        return from.deadline;
    }

    /** Returns after what time without a reply the request is sent again. */
    public Duration attemptTimeout() {
        return from.attemptTimeout;
    }

    /** Returns the service; empty is the default one. */
    public String service() {
        return from.service;
    }

    /** Returns the headers, in the order they were given. */
    public Map<String, String> headers() {
        return from.headers;
    }

    /** Returns how often the request may be executed. */
    public Delivery delivery() {
        return from.delivery;
    }

    /** Returns when the request goes to a second endpoint as well; empty is never. */
    public Optional<Duration> hedgeAfter() {
        return Optional.ofNullable(from.hedgeAfter);
    }

    long deadlineNanos() {
        return deadlineNanos;
    }

    long attemptTimeoutNanos() {
        return attemptTimeoutNanos;
    }

    boolean isHedged() {
        return from.hedgeAfter != null;
    }

    long hedgeAfterNanos() {
        return hedgeAfterNanos;
    }

    boolean isOnce() {
        return from.delivery == Delivery.ONCE;
    }

    byte[] serviceBytes() {
        return serviceBytes;
    }

    byte[] headerBytes() {
        return headerBytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallOptions that
                && from.deadline.equals(that.from.deadline)
                && from.attemptTimeout.equals(that.from.attemptTimeout)
                && from.service.equals(that.from.service)
                && from.headers.equals(that.from.headers)
                && from.delivery == that.from.delivery
                && Objects.equals(from.hedgeAfter, that.from.hedgeAfter);
    }

    @Override
    public int hashCode() {
        return Objects.hash(
                from.deadline, from.attemptTimeout, from.service, from.headers, from.delivery, from.hedgeAfter);
    }

    /** Describes everything but the headers' values, which may be confidential. */
    @Override
    public String toString() {
        return "CallOptions[deadline=" + from.deadline + ", attemptTimeout=" + from.attemptTimeout + ", service="
                + from.service + ", headers=" + from.headers.keySet() + ", delivery=" + from.delivery + ", hedgeAfter="
                + from.hedgeAfter + "]";
    }
}
