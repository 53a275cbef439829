/** Messages, clock, backoff, errors, the event loop and the wire codecs of the Privateer SDK. */
@SuppressWarnings("module") // The modules that the wire codecs are opened to build after this one.
module io.privateer.core {
    requires static transitive org.jspecify;
    requires com.google.common;
    requires io.github.resilience4j.core;
    requires org.slf4j;
    requires org.zeromq.jeromq;

    exports io.privateer.core;
    exports io.privateer.core.internal to
            io.privateer.binarystar,
            io.privateer.peering,
            io.privateer.pipeline,
            io.privateer.pirate,
            io.privateer.pubsub;
    exports io.privateer.core.transport;
    exports io.privateer.core.wire to
            io.privateer.binarystar,
            io.privateer.peering,
            io.privateer.pipeline,
            io.privateer.pirate,
            io.privateer.pubsub;
}
