package io.privateer.pirate;

/** The requests of one client that wait for one service, in the order of their acceptance. Mutable. */
final class ClientLine {

    final QueueClient client;
    final Service service;
    final RequestList waiting = new RequestList();

    ClientLine(QueueClient client, Service service) {
        this.client = client;
        this.service = service;
    }
}
