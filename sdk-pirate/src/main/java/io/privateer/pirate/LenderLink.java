package io.privateer.pirate;

import io.privateer.core.transport.DealerSocket;
import io.privateer.core.transport.Identity;
import io.privateer.core.transport.SocketSettings;
import java.nio.charset.StandardCharsets;

/** One DEALER to a lender. Not thread-safe: confine to the loop's thread. */
final class LenderLink implements DealerSocket.Handler {

    /** A DEALER's peer has no routing id here. */
    static final Identity IDENTITY = Identity.wrap("lender".getBytes(StandardCharsets.UTF_8));

    final PrvLink prv;
    private final Lender lender;
    private final LendingShell shell;
    private final DealerSocket socket;
    private boolean sendFailed;
    private boolean closed;

    LenderLink(LendingShell shell, Lender lender, SocketSettings settings) {
        this.shell = shell;
        this.lender = lender;
        // Epochs are a pair's own: what the other cluster's mean is nothing to this one.
        this.prv = new PrvLink(IDENTITY, (link, frames) -> send(frames), link -> shell.announce(this), () -> 0);
        this.socket = shell.loop().connectDealer(lender.endpoint, null, settings, this);
    }

    private void send(byte[][] frames) {
        if (!closed && !socket.send(frames)) {
            sendFailed = true;
            prv.cut = true;
        }
    }

    /** Sends what waits; a lender that does not read is given up. */
    void flush() {
        prv.flush();
        if (sendFailed && !closed) {
            shell.onDisconnected(lender);
        }
    }

    void close() {
        if (!closed) {
            prv.flush();
            closed = true;
            socket.close();
        }
    }

    /** A socket that lingers would connect yet, and introduce the queue when that has another connection already. */
    void abandon() {
        if (!closed) {
            closed = true;
            socket.abandon();
        }
    }

    @Override
    public void onMessage(byte[][] frames) {
        if (!closed) {
            shell.onMessage(lender, frames);
        }
    }

    @Override
    public void onDisconnected() {
        if (!closed) {
            shell.onDisconnected(lender);
        }
    }
}
