package io.privateer.binarystar;

/** What a server of a pair is configured to be. It decides who serves at the start, and which epochs are its own. */
public enum Role {
    /** Serves if both are there from the start. Its epochs are even. */
    PRIMARY(1),
    /** Serves when the primary cannot. Its epochs are odd. */
    BACKUP(2);

    private final int number;

    Role(int number) {
        this.number = number;
    }

    /** Returns the number that stands for it on the wire. */
    int number() {
        return number;
    }

    /** Returns the role of the peer. */
    public Role other() {
        return this == PRIMARY ? BACKUP : PRIMARY;
    }
}
