package io.privateer.core.wire;

import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * How a plain client of ours and a queue of ours find out that a reply may be a refusal. Plain clients know no such thing: a
 * queue that does not take a request of theirs is silent, and they wait. So our client chooses a routing id with a mark in
 * front, which others ignore, and our queue answers such a client with one frame of PRV/1 that holds GOODBYE.
 */
public final class Refusals {

    private static final MarkedIdentity MARK = new MarkedIdentity("PrvR");

    private Refusals() {}

    /** Returns a new routing id: the mark and 128 bits of {@code random}. */
    public static byte[] newIdentity(RandomGenerator random) {
        return MARK.next(random);
    }

    /** Returns whether the client with this routing id understands refusals. */
    public static boolean isMarked(byte[] identity) {
        return MARK.isOn(identity);
    }

    /** Returns the body that says why a request is refused. */
    public static byte[][] body(Status why) {
        List<byte[][]> messages = new ArrayList<>(1);
        Outbox outbox = new Outbox(messages::add);
        outbox.goodbye(why);
        outbox.flush();
        return messages.get(0);
    }

    /** Returns why a request is refused, or {@code null} if {@code body} is the reply to it. */
    public static @Nullable Status statusOf(byte[][] body) {
        if (body.length != 1 || !Prv.isPrv(body)) {
            return null;
        }
        RecordReader reader = new RecordReader();
        return reader.open(body) && reader.next() && reader.type() == Prv.GOODBYE ? reader.status() : null;
    }
}
