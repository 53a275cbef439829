package io.privateer.pirate;

import io.privateer.core.Message;

/** A request as a handler sees it. Immutable. */
public final class Request {

    private final Message message;

    Request(Message message) {
        this.message = message;
    }

    /** Returns what the client sent: one or more frames. */
    public Message message() {
        return message;
    }

    /** Returns a copy of the first frame, the whole body where the client sent one frame. */
    public byte[] body() {
        return message.bytes();
    }

    /** Returns the first frame read as UTF-8. */
    public String text() {
        return message.text();
    }

    @Override
    public String toString() {
        return "Request[" + message + "]";
    }
}
