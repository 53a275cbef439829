package io.privateer.core;

import com.google.common.net.HostAndPort;
import java.time.Duration;
import java.util.Objects;

/**
 * The checks behind every setting, so that all of them fail alike: an {@link IllegalArgumentException} that names the
 * setting, the rule and the value, such as {@code replyTimeout must be >= PT0.001S: PT0S}. Each returns what it was
 * given.
 */
public final class Settings {

    private static final String TCP = "tcp://";

    /** Longest duration a setting may have: 365 days, so that sums of deadlines stay far from wrapping. */
    public static final Duration DURATION_MAX = Duration.ofDays(365);

    private Settings() {}

    /** Checks that {@code value} lies between {@code min} and {@link #DURATION_MAX}. */
    public static Duration atLeast(String setting, Duration value, Duration min) {
        Objects.requireNonNull(value, setting);
        check(value.compareTo(min) >= 0, setting, ">= " + min, value);
        check(value.compareTo(DURATION_MAX) <= 0, setting, "<= " + DURATION_MAX, value);
        return value;
    }

    /** Checks that {@code value} is {@code min} or more. */
    public static int atLeast(String setting, int value, int min) {
        check(value >= min, setting, ">= " + min, value);
        return value;
    }

    /** Checks that {@code value} is {@code min} or more. */
    public static long atLeast(String setting, long value, long min) {
        check(value >= min, setting, ">= " + min, value);
        return value;
    }

    /** Checks that {@code value} lies between {@code min} and {@code max}. */
    public static double between(String setting, double value, double min, double max) {
        check(value >= min && value <= max, setting, "between " + min + " and " + max, value);
        return value;
    }

    /**
     * Checks that {@code value} is an endpoint to connect to: {@code tcp://host:port}, the port from 1 to 65535, an
     * IPv6 address in brackets. Other transports are refused because JeroMQ's are unsafe: its {@code ipc} is plain TCP.
     */
    public static String connectEndpoint(String setting, String value) {
        HostAndPort address = tcpAddress(setting, value, value);
        check(
                address.hasPort() && address.getPort() > 0,
                setting,
                "tcp://host:port with a port from 1 to 65535",
                value);
        return value;
    }

    /** Checks like {@link #connectEndpoint}, but {@code *} may stand for all interfaces and for any free port. */
    public static String bindEndpoint(String setting, String value) {
        Objects.requireNonNull(value, setting);
        String concrete = value.replace("//*:", "//0.0.0.0:").replaceFirst(":\\*$", ":1");
        HostAndPort address = tcpAddress(setting, value, concrete);
        check(address.hasPort(), setting, "tcp://host:port, where * is any free port", value);
        return value;
    }

    /** Fails with the sentence that all settings share unless {@code holds}. */
    public static void check(boolean holds, String setting, String rule, Object value) {
        if (!holds) {
            throw new IllegalArgumentException(setting + " must be " + rule + ": " + value);
        }
    }

    private static HostAndPort tcpAddress(String setting, String value, String concrete) {
        Objects.requireNonNull(value, setting);
        check(concrete.startsWith(TCP), setting, "tcp://host:port", value);
        try {
            HostAndPort address = HostAndPort.fromString(concrete.substring(TCP.length()));
            check(!address.getHost().isEmpty(), setting, "tcp://host:port with a host", value);
            return address;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(setting + " must be tcp://host:port: " + value, e);
        }
    }
}
