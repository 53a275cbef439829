package io.privateer.peering;

import io.privateer.core.wire.PeerId;
import io.privateer.peering.CapacityMessage.Held;
import io.privateer.peering.CapacityMessage.Service;
import io.privateer.pirate.Lending;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What this broker could do, and what it has of other brokers, as far as a message can say it. Immutable.
 *
 * @param services each once
 * @param held each of one of the services
 */
record LocalCapacity(List<Service> services, List<Held> held) {

    static final LocalCapacity NONE = new LocalCapacity(List.of(), List.of());

    private static final int SERVICE_BYTES_MAX = 255;

    LocalCapacity {
        services = List.copyOf(services);
        held = List.copyOf(held);
    }

    /**
     * Returns as much of what a queue says as a message can say: first the services that could do something, then those of which
     * something is held. Any client can make up services for which it waits in vain, and must not crowd those out.
     */
    static LocalCapacity of(Lending.Capacity capacity) {
        Set<String> inUse =
                capacity.holdings().stream().map(Lending.Holding::service).collect(Collectors.toSet());
        Builder local = new Builder();
        capacity.services().stream()
                .sorted(Comparator.comparingInt(it -> rank(it, inUse)))
                .forEach(it -> local.service(it.service(), it.spare(), it.ahead(), it.backlog()));
        capacity.holdings().forEach(it -> local.held(PeerId.of(it.borrower()), it.service(), it.held()));
        return local.build();
    }

    private static int rank(Lending.ServiceCapacity service, Set<String> inUse) {
        if (service.spare() > 0 || service.ahead() > 0) {
            return 0;
        }
        return inUse.contains(service.service()) ? 1 : 2;
    }

    /** Returns what is left where no more requests of others are taken. */
    LocalCapacity withoutSpare() {
        return new LocalCapacity(
                services.stream()
                        .map(service -> new Service(service.name(), 0, 0, service.backlog()))
                        .toList(),
                held);
    }

    /**
     * Gathers what a message can say: the first 256 services, and the first 4,096 holdings that are of one of those. What is left
     * out, nobody will use; nothing is said to be there that is not. Not thread-safe.
     */
    static final class Builder {

        private final List<Service> services = new ArrayList<>();
        private final Set<String> names = new HashSet<>();
        private final List<Held> held = new ArrayList<>();

        /** Adds a service, each once. */
        Builder service(String name, int spare, int ahead, int backlog) {
            if (makeRoom(name)) {
                services.add(new Service(name, Math.max(0, spare), Math.max(0, ahead), Math.max(0, backlog)));
            }
            return this;
        }

        /** Adds what is held of one broker, each broker once for each service, behind the services that have something to spare. */
        Builder held(PeerId borrower, String service, int count) {
            if (count > 0 && held.size() < CapacityMessage.HELD_MAX) {
                service(service, 0, 0, 0);
                if (names.contains(service)) {
                    held.add(new Held(borrower, service, count));
                }
            }
            return this;
        }

        private boolean makeRoom(String name) {
            return services.size() < CapacityMessage.SERVICES_MAX
                    && name.getBytes(StandardCharsets.UTF_8).length <= SERVICE_BYTES_MAX
                    && names.add(name);
        }

        LocalCapacity build() {
            return new LocalCapacity(services, held);
        }
    }
}
