package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Contact;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import java.util.List;

/** A broker as others hear it: what the test wants it to say. */
final class Broker {

    final String name;
    final List<String> state;
    PeerId life;
    long sequence;
    private List<Service> services = List.of();
    private List<Held> held = List.of();

    Broker(String name, int life, String... state) {
        this.name = name;
        this.life = new PeerId(0, life);
        this.state = List.of(state);
    }

    Broker offers(Service... offered) {
        services = List.of(offered);
        return this;
    }

    Broker holds(Held... holdings) {
        held = List.of(holdings);
        return this;
    }

    String endpoint() {
        return state.get(0);
    }

    Contact contact() {
        return new Contact(name, state);
    }

    /** Says how it stands, in short. */
    CapacityMessage says() {
        return message(false, false, List.of());
    }

    /** Says how it stands, and whom it knows. */
    CapacityMessage says(List<Contact> peers) {
        return message(true, false, peers);
    }

    CapacityMessage leaves() {
        return message(false, true, List.of());
    }

    private CapacityMessage message(boolean full, boolean leaving, List<Contact> peers) {
        sequence++;
        List<String> cloud = state.stream().map(it -> it + "0").toList();
        return new CapacityMessage(full, leaving, life, sequence, name, state, cloud, services, held, peers);
    }
}
