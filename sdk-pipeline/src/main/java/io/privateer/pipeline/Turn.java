package io.privateer.pipeline;

import io.privateer.core.transport.EventLoop;
import java.util.ArrayList;
import java.util.List;

/**
 * The end of a turn of the loop: what is to be done once everything that came has been taken, and then everything that was
 * written goes out, one frame for each peer where one suffices. Not thread-safe: confine to the loop's thread.
 */
final class Turn {

    private final EventLoop loop;
    private final Runnable before;
    private final Runnable end = this::end;
    private final List<PlnWriter> written = new ArrayList<>();
    private boolean due;

    /** @param before runs at the end of each turn in which anything happened, before what was written goes out */
    Turn(EventLoop loop, Runnable before) {
        this.loop = loop;
        this.before = before;
    }

    /** Returns a writer that goes out with the turn. */
    PlnWriter writer(PlnWriter.Out out) {
        PlnWriter[] self = new PlnWriter[1];
        self[0] = new PlnWriter(out, () -> {
            written.add(self[0]);
            happened();
        });
        return self[0];
    }

    /** Something happened in this turn. */
    void happened() {
        if (!due) {
            due = true;
            loop.atEndOfTurn(end);
        }
    }

    private void end() {
        before.run();
        due = false;
        flush();
    }

    /** Sends what was written until now. */
    void flush() {
        for (int i = 0; i < written.size(); i++) {
            written.get(i).flush();
        }
        written.clear();
    }
}
