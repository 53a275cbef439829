/**
 * The patterns of the ZeroMQ Guide, one short program each, to be read and run: {@code ./privateer sample NAME}.
 *
 * <p>Start with {@link io.privateer.samples.patterns.RequestReply}. {@link io.privateer.samples.patterns.Pattern} lists them all.
 *
 * <p><b>Two kinds.</b> Where the pattern is plain sockets the program is plain JeroMQ: this package is the only one outside the SDK's
 * transport that may use it, because sockets are what is to be shown here. Where the pattern is about reliability the program uses
 * the SDK, and shows what happens when something dies.
 *
 * <p><b>Other ends.</b> A program plays all its ends, each on a thread of its own; with {@code --twin} one of them is played by a
 * program in Python, in {@code samples/python}, that says the same lines.
 *
 * <p><b>Threading.</b> A socket belongs to the thread that opened it, which also closes it.
 */
@NullMarked
package io.privateer.samples.patterns;

import org.jspecify.annotations.NullMarked;
