/**
 * What the shells of all patterns need: a loop that is theirs or shared ({@link io.privateer.core.internal.LoopHandle}),
 * listeners that cannot harm it, and the way in which components run and drain. Start at {@code LoopHandle}. Exported to our
 * own modules only.
 *
 * <p>Guarantee: none of its own. Threading: each class says it. Time: durations, counted by the JDK's monotonic timers.
 */
@NullMarked
package io.privateer.core.internal;

import org.jspecify.annotations.NullMarked;
