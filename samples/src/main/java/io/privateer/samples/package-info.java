/**
 * The {@code privateer} command: a queue, workers and requests from the shell, and a demo that kills them.
 *
 * <p>Start with {@link io.privateer.samples.Privateer}. Nothing here is published; it depends on the SDK's public API only.
 */
@NullMarked
package io.privateer.samples;

import org.jspecify.annotations.NullMarked;
