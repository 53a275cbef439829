/** Peering: clusters that know each other, and lend each other workers. */
module io.privateer.peering {
    requires transitive io.privateer.core;
    requires transitive io.privateer.pirate;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.privateer.peering;
}
