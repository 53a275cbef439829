/**
 * Publish-subscribe that starts when everybody listens, and says what was missed.
 */
@NullMarked
package io.privateer.pubsub;

import org.jspecify.annotations.NullMarked;
