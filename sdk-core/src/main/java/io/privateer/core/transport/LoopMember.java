package io.privateer.core.transport;

import org.jspecify.annotations.Nullable;

/** Something that lives on an {@link EventLoop} and must hear of its end. */
@FunctionalInterface
public interface LoopMember {

    /**
     * Called once on the loop's thread when the loop ends before the member left it: complete everything outstanding
     * now. The member's sockets are closed right after.
     *
     * @param failure what ended the loop, or {@code null} when it was closed
     */
    void onLoopStopped(@Nullable Throwable failure);
}
