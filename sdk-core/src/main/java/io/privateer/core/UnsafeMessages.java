package io.privateer.core;

/**
 * Makes and opens messages without copying, for code that moves many of them.
 *
 * <p>An array handed in or out here is shared with the message: who changes it afterwards breaks the promise that a
 * {@link Message} is immutable, also for messages that are already on their way through a socket.
 */
public final class UnsafeMessages {

    private UnsafeMessages() {}

    /**
     * Returns a message that shares {@code frames} and every array in it.
     *
     * @throws IllegalArgumentException if there is no frame
     */
    public static Message wrap(byte[]... frames) {
        return new Message(frames);
    }

    /** Returns the arrays of {@code message} itself. Do not change them. */
    public static byte[][] framesOf(Message message) {
        return message.frames();
    }
}
