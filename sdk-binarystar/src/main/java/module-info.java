/** Binary Star: a pair of servers of which one serves, and the other takes over. */
module io.privateer.binarystar {
    requires transitive io.privateer.core;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.privateer.binarystar;
}
