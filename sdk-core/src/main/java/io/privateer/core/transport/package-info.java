/**
 * The only code that touches JeroMQ: an event loop that owns sockets, and the kinds of socket the patterns need.
 *
 * <p><b>Start with</b> {@link io.privateer.core.transport.EventLoop}. Applications meet it only to let several clients
 * or workers share one; its sockets and timers are for authors of patterns.
 *
 * <p><b>Guarantee.</b> Sends and receives never block. A peer's bytes, however hostile, cannot end the loop or another
 * peer's session: frames beyond the limit are refused before they are allocated, and counted. When
 * the thread dies nevertheless, or a bug of ours shows, everything on the loop is told and the loop ends; it does
 * not hang. Closing is bounded in time.
 *
 * <p><b>Threading.</b> A loop is one thread, which is JeroMQ's I/O thread too: what a loop runs for long stops its sockets,
 * and the greetings of their connections. {@code EventLoop}'s public methods are thread-safe unless they say otherwise;
 * sockets and timers belong to the loop's thread.
 *
 * <p><b>Time.</b> Timers follow the loop's {@link io.privateer.core.NanoClock}; JeroMQ's own, which follow the wall
 * clock, are not used for anything that matters.
 */
@NullMarked
package io.privateer.core.transport;

import org.jspecify.annotations.NullMarked;
