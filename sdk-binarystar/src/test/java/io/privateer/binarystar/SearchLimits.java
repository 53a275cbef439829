package io.privateer.binarystar;

/**
 * What a {@link SearchWorld} allows, in all.
 *
 * @param guide whether the servers are the Guide's
 * @param paired whether the two have come together already
 * @param asks how often clients ask
 * @param epochs how many numbers of epochs are granted or stored from then on; without this limit those of two servers that hear nothing of each
 *     other drift apart for ever where there is a witness, so there is no end of worlds
 * @param cut which of the two servers never reaches the witness, even where all else heals, or {@link #NOBODY}
 */
record SearchLimits(
        StarMode mode,
        boolean guide,
        boolean paired,
        int clients,
        int asks,
        int crashes,
        int pauses,
        int epochs,
        int cut) {

    static final int ANY_EPOCHS = Integer.MAX_VALUE;
    static final int NOBODY = -1;

    SearchLimits(StarMode mode, boolean guide, boolean paired, int clients, int asks, int crashes, int pauses) {
        this(mode, guide, paired, clients, asks, crashes, pauses, ANY_EPOCHS);
    }

    SearchLimits(
            StarMode mode, boolean guide, boolean paired, int clients, int asks, int crashes, int pauses, int epochs) {
        this(mode, guide, paired, clients, asks, crashes, pauses, epochs, NOBODY);
    }

    boolean isBounded() {
        return epochs != ANY_EPOCHS;
    }

    SearchLimits whereTheWitnessDoesNotHear(int who) {
        return new SearchLimits(mode, guide, paired, clients, asks, crashes, pauses, epochs, who);
    }
}
