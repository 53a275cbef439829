/**
 * Reliable request and reply after the Lazy, Simple and Paranoid Pirate patterns of the ZeroMQ Guide (chapter 4), and with
 * PRV/1, Privateer's own protocol, which adds request ids, pipelining, deadlines and at-most-once to them.
 *
 * <p><b>Start with</b> {@link io.privateer.pirate.PirateClient} to send requests,
 * {@link io.privateer.pirate.WorkerHandler} and {@link io.privateer.pirate.PirateWorker} to serve them, and
 * {@link io.privateer.pirate.PirateQueue} between the two. {@link io.privateer.pirate.LazyPirateClient} talks to any server
 * that answers REQ.
 *
 * <p><b>Guarantee.</b> While the queue's process lives, a request it has accepted ends exactly once: answered, dead
 * lettered after {@code deliveriesMax} deliveries, expired, abandoned because its client left, or lost with its worker if it
 * must not run twice; each is counted. A handler may run more than once for a request, so handlers must be idempotent,
 * unless the client asks for {@link io.privateer.pirate.Delivery#ONCE}. A call of a client ends exactly once, with a reply or
 * with an exception that lists every attempt. What dies with the queue's process is sent again by its clients; that process
 * also takes along which requests have run already.
 *
 * <p><b>Threading.</b> Clients, queues and workers are thread-safe. Each lives on an
 * {@link io.privateer.core.transport.EventLoop}, its own unless it is given one; listeners run on that loop and must not
 * block; handlers run on other threads, unless a worker is given {@code Runnable::run} to run them, and never touch a socket.
 *
 * <p><b>Time.</b> Public types take {@link java.time.Duration}; machines count nanoseconds of a
 * {@link io.privateer.core.NanoClock} that they are handed with every input.
 */
@NullMarked
package io.privateer.pirate;

import org.jspecify.annotations.NullMarked;
