package io.privateer.core;

import com.google.common.net.HostAndPort;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;

/**
 * The checks behind every setting, so that all of them fail alike: an {@link IllegalArgumentException} that names the
 * setting, the rule and the value, such as {@code replyTimeout must be >= 1 ms: 0 ms}. Each returns what it was
 * given.
 */
public final class Settings {

    private static final String TCP = "tcp://";
    private static final String ADDRESS = "tcp://host:port";
    private static final Pattern NUMBERED = Pattern.compile(".*:\\d+");
    private static final long MINUTE_SECONDS = 60;
    private static final long HOUR_SECONDS = 3_600;
    private static final long DAY_SECONDS = 86_400;
    private static final int MICRO_NANOS = 1_000;
    private static final int MILLI_NANOS = 1_000_000;

    /** Longest duration a setting may have: 365 days, so that sums of deadlines stay far from wrapping. */
    public static final Duration DURATION_MAX = Duration.ofDays(365);

    private Settings() {}

    /** Checks that {@code value} lies between {@code min} and {@link #DURATION_MAX}. */
    public static Duration atLeast(String setting, Duration value, Duration min) {
        Objects.requireNonNull(value, setting);
        if (value.compareTo(min) < 0) { // Each receive has its timeout checked: no text is made for nothing.
            check(false, setting, ">= " + text(min), value);
        }
        if (value.compareTo(DURATION_MAX) > 0) {
            check(false, setting, "<= " + text(DURATION_MAX), value);
        }
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
    public static int between(String setting, int value, int min, int max) {
        check(value >= min && value <= max, setting, "between " + min + " and " + max, value);
        return value;
    }

    /** Checks that {@code value} lies between {@code min} and {@code max}. */
    public static long between(String setting, long value, long min, long max) {
        check(value >= min && value <= max, setting, "between " + min + " and " + max, value);
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
        HostAndPort address = tcpAddress(setting, value, value, false);
        check(address.getPort() > 0, setting, portRule(false), value);
        return value;
    }

    /** Checks that {@code values} are endpoints to connect to, as {@link #connectEndpoint} does, and all different. */
    public static List<String> connectEndpoints(String setting, String... values) {
        Objects.requireNonNull(values, setting);
        for (String value : values) {
            connectEndpoint(setting, value);
        }
        List<String> endpoints = List.of(values);
        check(new HashSet<>(endpoints).size() == endpoints.size(), setting, "all different", endpoints);
        return endpoints;
    }

    /** Checks like {@link #connectEndpoint}, but {@code *} may stand for all interfaces and for any free port. */
    public static String bindEndpoint(String setting, String value) {
        Objects.requireNonNull(value, setting);
        String concrete = value.replace("//*:", "//0.0.0.0:").replaceFirst(":\\*$", ":1");
        tcpAddress(setting, value, concrete, true);
        return value;
    }

    /** Fails with the sentence that all settings share unless {@code holds}. */
    public static void check(boolean holds, String setting, String rule, Object value) {
        if (!holds) {
            Object told = value instanceof Duration duration ? text(duration) : value;
            throw new IllegalArgumentException(setting + " must be " + rule + ": " + told);
        }
    }

    /** Writes {@code value} in its largest unit that needs no fraction, such as {@code 1500 ms} or {@code 2 min}. */
    public static String text(Duration value) {
        long seconds = value.getSeconds();
        int nanos = value.getNano();
        if (nanos == 0) {
            return textOfSeconds(seconds);
        }
        if (Math.abs(seconds) > DURATION_MAX.toSeconds()) {
            return seconds + " s"; // Too long for the fraction to matter, or for its unit to hold it.
        }
        if (nanos % MILLI_NANOS == 0) {
            return value.toMillis() + " ms";
        }
        return nanos % MICRO_NANOS == 0 ? value.toNanos() / MICRO_NANOS + " µs" : value.toNanos() + " ns";
    }

    private static String textOfSeconds(long seconds) {
        if (seconds == 0) {
            return "0 ms";
        }
        if (seconds % DAY_SECONDS == 0) {
            return seconds / DAY_SECONDS + " d";
        }
        if (seconds % HOUR_SECONDS == 0) {
            return seconds / HOUR_SECONDS + " h";
        }
        return seconds % MINUTE_SECONDS == 0 ? seconds / MINUTE_SECONDS + " min" : seconds + " s";
    }

    /** Reads {@code concrete}, which stands for {@code value}; {@code wildcards} is what else the rule allows. */
    private static HostAndPort tcpAddress(String setting, String value, String concrete, boolean wildcards) {
        Objects.requireNonNull(value, setting);
        check(concrete.startsWith(TCP), setting, ADDRESS, value);
        HostAndPort address;
        try {
            address = HostAndPort.fromString(concrete.substring(TCP.length()));
        } catch (IllegalArgumentException e) {
            String rule = NUMBERED.matcher(concrete).matches() ? portRule(wildcards) : ADDRESS;
            throw new IllegalArgumentException(setting + " must be " + rule + ": " + value, e);
        }
        boolean named = !address.getHost().isEmpty() && !address.getHost().equals("*");
        check(named, setting, hostRule(wildcards), value);
        check(
                address.hasPort() || !address.getHost().contains(":"),
                setting,
                ADDRESS + " with an IPv6 address in brackets",
                value);
        check(address.hasPort(), setting, portRule(wildcards), value);
        return address;
    }

    private static String hostRule(boolean wildcards) {
        return ADDRESS + " with a host" + (wildcards ? "; * is all of them" : "");
    }

    private static String portRule(boolean wildcards) {
        return ADDRESS + " with a port from 1 to 65535" + (wildcards ? "; * is any free one" : "");
    }
}
