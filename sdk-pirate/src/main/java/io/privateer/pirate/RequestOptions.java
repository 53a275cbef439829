package io.privateer.pirate;

import io.privateer.core.Settings;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How long and how often one request is tried. Immutable; vary with the {@code with…} methods. */
public final class RequestOptions {

    /** 2.5 s, as in the Guide. */
    public static final Duration DEFAULT_ATTEMPT_TIMEOUT = Duration.ofMillis(2_500);

    /** 3 attempts, the first included, as in the Guide. */
    public static final int DEFAULT_ATTEMPTS_MAX = 3;

    private static final RequestOptions DEFAULTS =
            new RequestOptions(DEFAULT_ATTEMPT_TIMEOUT, DEFAULT_ATTEMPTS_MAX, null);

    private final Duration attemptTimeout;
    private final int attemptsMax;
    private final @Nullable Duration deadline;

    private RequestOptions(Duration attemptTimeout, int attemptsMax, @Nullable Duration deadline) {
        this.attemptTimeout = attemptTimeout;
        this.attemptsMax = attemptsMax;
        this.deadline = deadline;
    }

    /** Returns {@link #DEFAULT_ATTEMPT_TIMEOUT}, {@link #DEFAULT_ATTEMPTS_MAX} and no deadline. */
    public static RequestOptions defaults() {
        return DEFAULTS;
    }

    /**
     * Returns these options with another time that one attempt waits for its reply.
     *
     * @throws IllegalArgumentException if {@code value} is below 1 ms
     */
    public RequestOptions withAttemptTimeout(Duration value) {
        return new RequestOptions(
                Settings.atLeast("attemptTimeout", value, Duration.ofMillis(1)), attemptsMax, deadline);
    }

    /**
     * Returns these options with another number of times that the request is sent in all.
     *
     * @throws IllegalArgumentException if {@code value} is below 1
     */
    public RequestOptions withAttemptsMax(int value) {
        return new RequestOptions(attemptTimeout, Settings.atLeast("attemptsMax", value, 1), deadline);
    }

    /**
     * Returns these options with a limit on the whole call: attempts, waits between them, and the wait for other callers
     * of the same client.
     *
     * @throws IllegalArgumentException if {@code value} is below 1 ms
     */
    public RequestOptions withDeadline(Duration value) {
        return new RequestOptions(
                attemptTimeout, attemptsMax, Settings.atLeast("deadline", value, Duration.ofMillis(1)));
    }

    /** Returns how long one attempt waits for its reply. */
    public Duration attemptTimeout() {
        return attemptTimeout;
    }

    /** Returns how many times the request is sent in all. */
    public int attemptsMax() {
        return attemptsMax;
    }

    /** Returns the limit on the whole call; empty where the attempts alone bound it. */
    public Optional<Duration> deadline() {
        return Optional.ofNullable(deadline);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof RequestOptions that
                && attemptTimeout.equals(that.attemptTimeout)
                && attemptsMax == that.attemptsMax
                && Objects.equals(deadline, that.deadline);
    }

    @Override
    public int hashCode() {
        return Objects.hash(attemptTimeout, attemptsMax, deadline);
    }

    @Override
    public String toString() {
        return "RequestOptions[attemptTimeout=" + attemptTimeout + ", attemptsMax=" + attemptsMax + ", deadline="
                + deadline + "]";
    }
}
