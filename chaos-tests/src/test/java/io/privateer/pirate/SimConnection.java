package io.privateer.pirate;

import io.privateer.core.transport.Identity;

/** A connection between a DEALER or REQ socket and a ROUTER. */
final class SimConnection {

    final SimDealer dealer;
    final long sinceNanos;
    private final SimRouter router;
    private final SimPath path;
    private final SimPipe toRouter;
    private final SimPipe toDealer;
    private Identity identity;
    private boolean knownToRouter = true;
    private boolean heard;
    private boolean crossed;
    private boolean broken;

    SimConnection(Sim sim, SimDealer dealer, SimRouter router, SimPath path, Identity identity) {
        this.dealer = dealer;
        this.router = router;
        this.path = path;
        this.identity = identity;
        this.sinceNanos = sim.world.now();
        this.toRouter = new SimPipe(sim, path::isCutToServer, this::onArrivalAtRouter, this::onEndAtRouter);
        this.toDealer =
                new SimPipe(sim, path::isCutToPeer, frames -> dealer.onArrival(this, frames), this::onEndAtDealer);
        path.add(this);
    }

    Identity identity() {
        return identity;
    }

    /** The ROUTER knows this connection by another name from now on. */
    void rename(Identity newIdentity) {
        identity = newIdentity;
    }

    /** The loop behind the ROUTER has read something that came on this connection. */
    void wasHeard() {
        heard = true;
    }

    /**
     * Whether the queue sent a delivery before it had read anything that came on this connection: it meant the peer's
     * earlier connection. The READY that it reads next then seems to give back what the peer has just been given.
     */
    boolean hasCrossed() {
        return crossed;
    }

    boolean isCut() {
        return path.isCut();
    }

    void sendToRouter(byte[][] frames) {
        toRouter.send(frames);
    }

    void deliverToDealer(byte[][] frames) {
        crossed |= !heard;
        toDealer.send(frames);
    }

    void sendToDealer(byte[][] frames) {
        toDealer.send(frames);
    }

    void closeByDealer(boolean withLoss) {
        if (withLoss) {
            toRouter.reset();
        } else {
            toRouter.close();
        }
    }

    void closeByRouter(boolean withLoss) {
        knownToRouter = false;
        if (withLoss) {
            toDealer.reset();
        } else {
            toDealer.close();
        }
    }

    /** Whether it carries nothing any more, although one side may still believe in it. */
    boolean isBroken() {
        return broken;
    }

    void resetUnnoticed(boolean byDealer) {
        broken = true;
        if (byDealer) {
            toRouter.reset();
            toDealer.resetLater();
        } else {
            toRouter.resetLater();
            toDealer.reset();
        }
    }

    void reset() {
        broken = true;
        toRouter.reset();
        toDealer.reset();
    }

    void flyOn() {
        toRouter.flyOn();
        toDealer.flyOn();
    }

    private void onArrivalAtRouter(byte[][] frames) {
        if (knownToRouter) {
            router.onArrival(this, frames);
        }
    }

    private void onEndAtRouter() {
        toDealer.close();
        forgetWhenOver();
        if (knownToRouter) {
            knownToRouter = false;
            router.onEnd(this);
        }
    }

    private void onEndAtDealer() {
        toRouter.close();
        forgetWhenOver();
        dealer.onEnd(this);
    }

    private void forgetWhenOver() {
        if (toRouter.hasEnded() && toDealer.hasEnded()) {
            path.remove(this);
        }
    }
}
