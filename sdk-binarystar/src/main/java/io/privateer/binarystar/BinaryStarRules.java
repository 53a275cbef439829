package io.privateer.binarystar;

import org.jspecify.annotations.Nullable;

/**
 * The table of Binary Star: what a server does when it hears of its peer or of a client. It is the Guide's where that is
 * right; where the Guide's servers abort, or wait for ever, it differs. {@code docs/guarantees.md} shows it, and a test
 * compares the two. Has no state: the facts come in, a decision goes out.
 */
final class BinaryStarRules {

    private static final Decision STAY = new Decision(null, false);
    private static final Decision TO_ACTIVE = new Decision(StarState.ACTIVE, false);
    private static final Decision TO_PASSIVE = new Decision(StarState.PASSIVE, false);
    private static final Decision ACCEPT = new Decision(null, true);
    private static final Decision REJECT = new Decision(null, false);
    private static final Decision TO_ACTIVE_AND_ACCEPT = new Decision(StarState.ACTIVE, true);

    private BinaryStarRules() {}

    /** What a server hears. */
    enum Event {
        PEER_PRIMARY,
        PEER_BACKUP,
        PEER_ACTIVE,
        PEER_PASSIVE,
        CLIENT_REQUEST;

        /**
         * Returns the event that is a peer's word how it stands. If it has been active in {@code newest}, an older word was said
         * before that, and has been on its way since: it is active, as far as known.
         *
         * @param newest the newest epoch known if the peer has been active in that, otherwise 0
         */
        static Event of(Role own, PeerState message, long newest) {
            if (message.epoch() < newest && !Epochs.wasLastActive(own, newest)) {
                return PEER_ACTIVE;
            }
            return switch (message.state()) {
                case PRIMARY -> PEER_PRIMARY;
                case BACKUP -> PEER_BACKUP;
                case ACTIVE -> PEER_ACTIVE;
                case PASSIVE -> PEER_PASSIVE;
            };
        }
    }

    /**
     * What a server knows when it decides.
     *
     * @param mode the mode of the pair
     * @param peerGone the peer has been silent for the failover time, or its process is known to have ended
     * @param newerEpoch the peer knows of a newer epoch than the one this server is active in
     * @param soloAllowed a backup may serve even though it has never heard of a primary: {@code soloAfter} has passed
     * @param canServe this server's epoch file is good
     * @param peerCanServe so is the peer's, by its last word
     * @param lastActive this server was the last to be active, by the newest epoch it knows
     * @param misconfiguration what is wrong between the two, if anything is
     */
    record Facts(
            StarMode mode,
            boolean peerGone,
            boolean newerEpoch,
            boolean soloAllowed,
            boolean canServe,
            boolean peerCanServe,
            boolean lastActive,
            @Nullable Misconfiguration misconfiguration) {

        /** Returns whether this server may become active without being told to. */
        boolean mayBecomeActive() {
            return mode != StarMode.MANUAL && canServe && misconfiguration == null;
        }
    }

    /**
     * What to do.
     *
     * @param next the state to go to, or {@code null} to stay
     * @param accepts whether a client's request is accepted, once the server has got there
     */
    record Decision(@Nullable StarState next, boolean accepts) {

        /** Returns whether a new epoch has to be drawn and stored first. */
        boolean needsNewEpoch() {
            return next == StarState.ACTIVE;
        }
    }

    static Decision decide(StarState state, Event event, Facts facts) {
        return switch (state) {
            case PRIMARY -> primary(event, facts);
            case BACKUP -> backup(event, facts);
            case ACTIVE -> active(event, facts);
            case PASSIVE -> passive(event, facts);
        };
    }

    private static Decision primary(Event event, Facts facts) {
        return switch (event) {
            case PEER_PRIMARY -> STAY;
            case PEER_BACKUP -> activeIf(true, facts);
            case PEER_ACTIVE -> TO_PASSIVE;
            case PEER_PASSIVE -> activeIf(!facts.peerCanServe(), facts);
            case CLIENT_REQUEST -> acceptIf(facts.peerGone(), facts);
        };
    }

    private static Decision backup(Event event, Facts facts) {
        return switch (event) {
            case PEER_PRIMARY, PEER_PASSIVE -> activeIf(!facts.peerCanServe(), facts);
            case PEER_BACKUP -> STAY;
            case PEER_ACTIVE -> TO_PASSIVE;
            case CLIENT_REQUEST -> acceptIf(facts.peerGone() && facts.soloAllowed(), facts);
        };
    }

    private static Decision active(Event event, Facts facts) {
        return switch (event) {
            case PEER_PRIMARY, PEER_BACKUP, PEER_ACTIVE, PEER_PASSIVE -> facts.newerEpoch() ? TO_PASSIVE : STAY;
            case CLIENT_REQUEST -> ACCEPT;
        };
    }

    private static Decision passive(Event event, Facts facts) {
        return switch (event) {
            case PEER_PRIMARY, PEER_BACKUP -> activeIf(true, facts);
            case PEER_ACTIVE -> STAY;
            case PEER_PASSIVE -> activeIf(!facts.lastActive() || !facts.peerCanServe(), facts);
            case CLIENT_REQUEST -> acceptIf(facts.peerGone(), facts);
        };
    }

    private static Decision activeIf(boolean itsTurn, Facts facts) {
        return itsTurn && facts.mayBecomeActive() ? TO_ACTIVE : STAY;
    }

    private static Decision acceptIf(boolean itsTurn, Facts facts) {
        return itsTurn && facts.mayBecomeActive() ? TO_ACTIVE_AND_ACCEPT : REJECT;
    }
}
