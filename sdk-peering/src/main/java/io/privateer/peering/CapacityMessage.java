package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.pirate.Lending.Credit;
import java.util.List;

/**
 * What a broker says of itself to all who listen, several times a second and on every change. Immutable.
 *
 * @param full whether it carries the list of peers
 * @param leaving whether its sender takes no more requests of others, and will be gone
 * @param incarnation this life of its sender
 * @param sequence counts what this life says, from 1, unsigned
 * @param name the name of its cluster
 * @param stateEndpoints where it says this: its own, then that of the other server of its pair, if any
 * @param cloudEndpoints where it takes requests, in the same order
 * @param services what its workers could do
 * @param held what it has been sent by other brokers and has not answered; only where that is more than none
 * @param peers whom it knows and takes for alive, if this is a full message
 */
record CapacityMessage(
        boolean full,
        boolean leaving,
        PeerId incarnation,
        long sequence,
        String name,
        List<String> stateEndpoints,
        List<String> cloudEndpoints,
        List<Service> services,
        List<Held> held,
        List<Contact> peers) {

    static final int SERVICES_MAX = 256;
    static final int HELD_MAX = 4_096;
    static final int PEERS_MAX = 64;

    CapacityMessage {
        stateEndpoints = List.copyOf(stateEndpoints);
        cloudEndpoints = List.copyOf(cloudEndpoints);
        services = List.copyOf(services);
        held = List.copyOf(held);
        peers = List.copyOf(peers);
    }

    /** Returns where its sender says this. */
    String ownStateEndpoint() {
        return stateEndpoints.get(0);
    }

    /**
     * What the workers of a broker could do.
     *
     * @param name of the service; may be empty
     * @param spare how many more requests its workers would begin at once
     * @param ahead how many more than those they would hold until they can begin
     * @param backlog how many requests wait for a worker
     */
    record Service(String name, int spare, int ahead, int backlog) {

        /** Returns how many more requests the broker would hold. */
        Credit credit() {
            return new Credit(spare, spare).plus(new Credit(0, ahead));
        }
    }

    /**
     * What a broker has of another one's.
     *
     * @param borrower the life of the broker whose requests they are
     * @param service which of the services of the message
     * @param count how many; more than none
     */
    record Held(PeerId borrower, String service, int count) {}

    /**
     * Where a broker is found.
     *
     * @param name of its cluster
     * @param stateEndpoints its own, then that of the other server of its pair, if any
     */
    record Contact(String name, List<String> stateEndpoints) {

        Contact {
            stateEndpoints = List.copyOf(stateEndpoints);
        }
    }
}
