package io.privateer.binarystar;

/**
 * What a {@link SearchWorld} allows, in all.
 *
 * @param guide whether the servers are the Guide's
 * @param paired whether the two have come together already
 * @param asks how often clients ask
 * @param epochs how many epochs are stored from then on; without this limit those of two servers that hear nothing of each
 *     other drift apart for ever where there is a witness, so there is no end of worlds
 */
record SearchLimits(
        StarMode mode, boolean guide, boolean paired, int clients, int asks, int crashes, int pauses, int epochs) {

    static final int ANY_EPOCHS = Integer.MAX_VALUE;

    SearchLimits(StarMode mode, boolean guide, boolean paired, int clients, int asks, int crashes, int pauses) {
        this(mode, guide, paired, clients, asks, crashes, pauses, ANY_EPOCHS);
    }
}
