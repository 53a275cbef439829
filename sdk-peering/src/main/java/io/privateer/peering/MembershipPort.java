package io.privateer.peering;

/** The world outside {@link Membership}: sockets and the queue in production. None of it calls back into the machine. */
interface MembershipPort extends LenderPort {

    /**
     * Begins to listen at {@code endpoint}, where it did not, and introduces this broker there.
     *
     * @return false if that cannot be, because its host is not known for example
     */
    boolean subscribe(String endpoint);

    /** Introduces this broker once more, where it listens already. */
    void introduce(String endpoint);

    /** Listens at {@code endpoint} no more, if it could at all. */
    void unsubscribe(String endpoint);

    /** Says {@code message} to all who listen. */
    void publish(CapacityMessage message);
}
