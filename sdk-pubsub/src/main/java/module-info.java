/** Publish-subscribe that starts when everybody listens, and says what was missed. */
module io.privateer.pubsub {
    requires transitive io.privateer.core;
    requires static transitive org.jspecify;
    requires org.slf4j;
}
