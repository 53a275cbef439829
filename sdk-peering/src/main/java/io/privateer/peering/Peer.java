package io.privateer.peering;

import java.util.List;

/**
 * Another broker, as it has introduced itself. Immutable.
 *
 * @param name the name of its cluster
 * @param stateEndpoints where it says how it stands: itself, then the other server of its pair if it has one
 * @param cloudEndpoints where it takes requests of other brokers, in the same order
 */
public record Peer(String name, List<String> stateEndpoints, List<String> cloudEndpoints) {

    public Peer {
        stateEndpoints = List.copyOf(stateEndpoints);
        cloudEndpoints = List.copyOf(cloudEndpoints);
    }
}
