/**
 * The wire formats: PRV/1, and what Guide programs speak: request envelopes, the Simple Pirate and the Paranoid Pirate
 * dialect.
 *
 * <p><b>Start with</b> {@link io.privateer.core.wire.Outbox} and {@link io.privateer.core.wire.RecordReader} for PRV/1,
 * {@link io.privateer.core.wire.BackendCodec} for what a queue and its pirate workers say to each other, and
 * {@link io.privateer.core.wire.Envelope} for what plain clients send. {@code docs/protocol.md} has every frame.
 *
 * <p><b>Guarantee.</b> Decoding never throws and never allocates more than the frames it was given: what is not a
 * message of the dialect comes back as malformed, with the reason.
 *
 * <p><b>Threading.</b> Everything is immutable or stateless, but {@code Outbox} and {@code RecordReader}: confine one to a
 * thread.
 *
 * <p><b>Time.</b> Nothing here knows of time.
 */
@NullMarked
package io.privateer.core.wire;

import org.jspecify.annotations.NullMarked;
