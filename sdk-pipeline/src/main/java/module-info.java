/** Pipeline: batches of tasks that survive their ventilator, workers and sink. */
module io.privateer.pipeline {
    requires transitive io.privateer.core;
    requires static transitive org.jspecify;
    requires org.slf4j;

    exports io.privateer.pipeline;
}
