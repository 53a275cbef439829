package io.privateer.binarystar;

/** Where a server of a pair stands. The first two are where it starts, by its {@link Role}. */
public enum StarState {
    /** A primary that has not yet heard of the backup. */
    PRIMARY(1),
    /** A backup that has not yet heard of the primary. */
    BACKUP(2),
    /** Serves clients. */
    ACTIVE(3),
    /** Does not serve: the peer does, or did when it was last heard. */
    PASSIVE(4);

    private final int number;

    StarState(int number) {
        this.number = number;
    }

    /** Returns the number that stands for it on the wire, the Guide's. */
    int number() {
        return number;
    }

    /** Returns where a server of {@code role} starts. */
    static StarState initial(Role role) {
        return role == Role.PRIMARY ? PRIMARY : BACKUP;
    }
}
