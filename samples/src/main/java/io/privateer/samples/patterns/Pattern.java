package io.privateer.samples.patterns;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The patterns, in the order in which they are learned: what {@code --list}, samples/README.md and the tests go by. */
enum Pattern {
    REQUEST_REPLY(RequestReply::new, "hello world: one asks, one answers, strictly in turns"),
    ENVELOPES(
            Envelopes::new, "REQ-REP, REQ-ROUTER and DEALER-REP frame by frame: the way back travels with the message"),
    DEALER_DEALER(DealerDealer::new, "two equals: each sends what it likes, when it likes"),
    ROUTER_ROUTER(RouterRouter::new, "peers that call each other by name, once each knows that the other is there"),
    ASYNC_CLIENT_SERVER(
            AsyncClientServer::new, "DEALER-ROUTER: none, one or many replies to a request, nobody waits for his turn"),
    ASYNC_BROKER(AsyncBroker::new, "ROUTER-DEALER: clients and services that know only the broker between them"),
    LOAD_BALANCED(
            LoadBalanced::new,
            "workers say when they are free, and the one that has been free longest gets the request"),
    PIPELINE(Pipeline::new, "PUSH-PULL: ventilator, workers and sink, and a word of the sink's that stops the workers"),
    FORWARDER(
            Forwarder::new,
            "XPUB-XSUB: news go down through a proxy, and subscriptions go up, so nothing unwanted is sent"),
    WEATHER(
            Weather::new,
            "PUB-SUB that begins when everybody listens, and whose subscribers know that they have missed nothing"),
    LAZY_PIRATE(
            LazyPirate::new,
            "a client that asks again when its server crashes or is slow, and takes no late answer for another's"),
    SIMPLE_PIRATE(SimplePirate::new, "a queue of workers: one dies with a request in its hands, another answers it"),
    PARANOID_PIRATE(
            ParanoidPirate::new, "heartbeats: a worker that freezes is found out before it is given any more work"),
    RELIABLE_PIPELINE(
            ReliablePipeline::new,
            "PUSH-PULL that completes: a worker ends with tasks in its hands, each result comes once"),
    BINARY_STAR(
            BinaryStar::new,
            "a pair of queues: the primary is killed, the backup takes over, the client gets all its replies"),
    PEERING(Peering::new, "three clusters that lend each other workers: one is killed, its work is done in the third");

    @SuppressWarnings("ImmutableEnumChecker") // They are constructors.
    private final Supplier<Sample> program;

    private final String idea;

    Pattern(Supplier<Sample> program, String idea) {
        this.program = program;
        this.idea = idea;
    }

    /** Returns the pattern of that name, if there is one. */
    static Optional<Pattern> named(String name) {
        return Arrays.stream(values()).filter(it -> it.id().equals(name)).findFirst();
    }

    static List<String> names() {
        return Arrays.stream(values()).map(Pattern::id).toList();
    }

    /** Returns its name on the command line. */
    String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Returns what it is about, in one line. */
    String idea() {
        return idea;
    }

    /** Returns a new program that shows it. */
    Sample program() {
        return program.get();
    }

    /** Returns where its twin is, below the folder of this module. */
    String twin() {
        return "python/" + name().toLowerCase(Locale.ROOT) + ".py";
    }
}
