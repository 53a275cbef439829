/**
 * What every pattern of the SDK shares: messages, the clock, backoff, the checks of settings and the exceptions.
 *
 * <p><b>Start with</b> {@link io.privateer.core.Message} and {@link io.privateer.core.PirateException}.
 *
 * <p><b>Guarantee.</b> A failure that a caller can meet is a {@link io.privateer.core.PirateException} that says why it
 * happened and what was tried; a caller's mistake is an {@link java.lang.IllegalArgumentException} that names the
 * setting, the rule and the value.
 *
 * <p><b>Threading.</b> Nothing here starts a thread or touches a socket. Types are immutable unless they say otherwise.
 *
 * <p><b>Time.</b> Public types take {@link java.time.Duration}; code inside counts nanoseconds of a
 * {@link io.privateer.core.NanoClock}, says so in the name ({@code leaseNanos}) and compares by subtraction.
 */
@NullMarked
package io.privateer.core;

import org.jspecify.annotations.NullMarked;
