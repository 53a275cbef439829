/** Lazy, Simple and Paranoid Pirate: reliable client, queue and worker. */
module io.privateer.pirate {
    requires transitive io.privateer.core;
    requires static transitive org.jspecify;
    requires io.github.resilience4j.circuitbreaker;
    requires org.agrona;
    requires org.slf4j;

    exports io.privateer.pirate;
}
