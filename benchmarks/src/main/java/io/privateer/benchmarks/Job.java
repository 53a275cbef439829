package io.privateer.benchmarks;

import io.privateer.core.Message;

/**
 * A request whose handler waits a time that the client has chosen, so that it is known which of it was work. Immutable.
 *
 * @param id told by workers that tell what they begin
 * @param nanos how long its handler waits
 */
record Job(String id, long nanos) {

    /**
     * Its reply.
     *
     * @param by the cluster of the worker that answers
     * @param nanos how long its handler did wait: a timer is late, never early
     */
    record Answer(String by, long nanos) {

        Message message() {
            return Message.of(by + " " + nanos);
        }

        static Answer of(Message reply) {
            String[] fields = fields(reply.text());
            return new Answer(fields[0], Long.parseLong(fields[1]));
        }
    }

    Message message() {
        return Message.of(id + " " + nanos);
    }

    static Job of(String text) {
        String[] fields = fields(text);
        return new Job(fields[0], Long.parseLong(fields[1]));
    }

    private static String[] fields(String text) {
        String[] fields = text.split(" ", -1);
        if (fields.length != 2) {
            throw new IllegalArgumentException("neither a job nor its answer: " + text);
        }
        return fields;
    }
}
