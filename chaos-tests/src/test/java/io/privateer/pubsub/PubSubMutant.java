package io.privateer.pubsub;

import io.privateer.pirate.Planted;

/** Bugs to be planted in the machines of publisher and subscriber. */
enum PubSubMutant {
    A_GAP_IS_DELIVERED_OVER(
            "SubscriberMachine", "if (run.first() <= track.resolved + 1 && !track.holds()) {", "if (!track.holds()) {"),
    WHAT_IS_HELD_FORGETS_ITS_ORDER(
            "Track", "if (held.isEmpty() || held.getLast().first() <= run.first()) {", "if (held.size() < 1_000) {"),
    A_LOST_END_IS_NOT_NOTICED("SubscriberMachine", "track.known = position.newest();", "track.known = track.resolved;"),
    A_FRAME_OF_ANOTHER_LIFE_COUNTS(
            "SubscriberMachine", "if (!isPresent(frame.incarnation())) {", "if (!knowsIncarnation) {"),
    A_QUESTION_IS_NOT_ASKED_AGAIN(
            "SubscriberMachine",
            "recovery.askAgain(incarnation, nowNanos); // What was",
            "strangerHeard = false; // What was"),
    A_LOST_ANSWER_BLOCKS_ITS_TOPIC("Recovery", "if (track.resolved >= track.askedTo) {", "if (track.askedTo < 0) {"),
    MORE_IS_GIVEN_UP_THAN_WAS_ANSWERED(
            "Recovery",
            "endQuestion(track, Math.min(to, track.askedTo), incarnation, nowNanos);",
            "endQuestion(track, track.known + 1, incarnation, nowNanos);"),
    THE_NEXT_LIFE_GOES_ON_WITH_THE_OLD_ACCOUNT("SubscriberMachine", "tracks.clear();", "doneSaid = false;"),
    WHAT_A_FORMER_LIFE_OWES_IS_FORGOTTEN(
            "SubscriberMachine",
            "private void endIncarnation(long nowNanos) { recovery.giveUp(incarnation, nowNanos);",
            "private void endIncarnation(long nowNanos) { recovery.askAgain(incarnation, nowNanos);"),
    A_PROBE_OF_ONE_PREFIX_IS_ENOUGH("SubscriberMachine", "if (!synced && prefixes.areAllProbed()) {", "if (!synced) {"),
    THE_SAME_LISTS_ARE_ALWAYS_LOST(
            "PublisherMachine", "Collections.rotate(rotated, turn);", "Collections.rotate(rotated, 0);"),
    A_REPLAY_BEGINS_TOO_LATE("History", "if (runs.last(i) < from) {", "if (runs.first(i) < from) {"),
    WHAT_IS_SENT_AGAIN_TAKES_A_FRAME_FOR_EACH_MESSAGE(
            "Replay",
            "if (!follows || gatheredBytes + run.bytes() > Outgoing.FRAME_BYTES_MAX) {",
            "if (!follows || gatheredBytes > 0) {"),
    AN_ANSWER_THAT_WAS_CUT_SHORT_PASSES_FOR_WHOLE("Replay", "return hasRoom() ? to : refused - 1;", "return to;"),
    THE_REST_OF_AN_ANSWER_IS_NOT_ASKED_FOR(
            "Recovery", "track.abandoned = Math.max(track.abandoned, abandoned);", "track.abandoned = track.known;");

    /** What is planted, and where. */
    final Planted bug;

    PubSubMutant(String className, String original, String planted) {
        this.bug = new Planted(className, original, planted);
    }
}
