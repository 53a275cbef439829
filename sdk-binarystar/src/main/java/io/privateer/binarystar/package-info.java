/**
 * High availability for a pair of servers after the Binary Star pattern of the ZeroMQ Guide (chapter 4), made safe: every
 * time that a server becomes active has a number of its own, its epoch, and nobody believes an older one than the newest it
 * has seen.
 *
 * <p><b>Start with</b> {@link io.privateer.binarystar.StarMode}, which says what each mode promises.
 *
 * <p><b>Guarantee.</b> At most one server is ever active in an epoch. With a witness at most one server holds a valid lease
 * at any instant, as long as the clocks of the three run at the same rate within the drift that is allowed for. Servers
 * that meet after a split agree by the newer epoch; none ends itself.
 *
 * <p><b>Threading.</b> Machines are confined to one event loop.
 *
 * <p><b>Time.</b> Machines count nanoseconds of a {@link io.privateer.core.NanoClock} that they are handed with every input;
 * clocks of two machines are never compared.
 */
@NullMarked
package io.privateer.binarystar;

import org.jspecify.annotations.NullMarked;
