package io.privateer.pubsub;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HashMap;
import java.util.Map;

/** The log of what was published: what each subscriber says is compared with it. */
final class PubSubLedger {

    /** The newest message that a life of the publisher has published on a topic. */
    private final Map<Key, Long> published = new HashMap<>();

    record Key(long incarnation, String topic) {}

    void onPublished(long incarnation, String topic, long number) {
        check(number == newest(incarnation, topic) + 1, "number " + number + " is not the next of " + topic);
        published.put(new Key(incarnation, topic), number);
    }

    long newest(long incarnation, String topic) {
        return published.getOrDefault(new Key(incarnation, topic), 0L);
    }

    static byte[] payload(long incarnation, String topic, long number) {
        return (incarnation + "/" + topic + "/" + number).getBytes(US_ASCII);
    }

    static void check(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what);
        }
    }

    /** The account that one life of a subscriber gives: of each topic, all messages from some first one on, in order. */
    final class Account {
        private final String owner;
        private final Map<Key, Long> accounted = new HashMap<>();
        private final Map<Key, Long> atJoin = new HashMap<>();
        private boolean joined;
        private long joinedIncarnation;

        Account(String owner) {
            this.owner = owner;
        }

        /** Everything published from now on, on these topics, must be accounted for. */
        void onSynced(long incarnation, Iterable<String> topics) {
            if (!joined) {
                joined = true;
                joinedIncarnation = incarnation;
                topics.forEach(topic -> atJoin.put(new Key(incarnation, topic), newest(incarnation, topic)));
            }
        }

        void onDelivered(long incarnation, String topic, Run run, long from) {
            account(incarnation, topic, from, run.last(), "delivers");
            for (long number = from; number <= run.last(); number++) {
                int at = run.offsetOf(number);
                String said =
                        new String(run.frame(), at + Run.LENGTH_BYTES, run.next(at) - at - Run.LENGTH_BYTES, US_ASCII);
                String meant = new String(payload(incarnation, topic, number), US_ASCII);
                check(said.equals(meant), owner + " delivers " + said + " for " + meant);
            }
        }

        void onMissed(Missed missed) {
            account(missed.incarnation(), missed.topic(), missed.from(), missed.to(), "misses");
        }

        private void account(long incarnation, String topic, long from, long to, String what) {
            Key key = new Key(incarnation, topic);
            Long before = accounted.get(key);
            String did = owner + " " + what + " " + topic + " " + from + ".." + to + " of " + incarnation;
            check(from <= to && to <= newest(incarnation, topic), did + ", which nobody has published");
            if (before != null) {
                check(from == before + 1, did + " behind " + before);
            } else if (from > 1) {
                boolean mayBegin = !joined || from - 1 <= begin(key);
                check(mayBegin, did + " first, though it had joined before");
            }
            accounted.put(key, to);
        }

        /** Returns the newest message that was published before the account had to begin. */
        private long begin(Key key) {
            return joined && key.incarnation() == joinedIncarnation ? atJoin.getOrDefault(key, 0L) : 0;
        }

        /** Everything is quiet: nothing may be left. */
        void checkAll(long incarnation, Iterable<String> topics) {
            check(joined, owner + " has never joined");
            for (String topic : topics) {
                Key key = new Key(incarnation, topic);
                long newest = newest(incarnation, topic);
                long last = accounted.getOrDefault(key, begin(key));
                check(last == newest, owner + " accounts for " + topic + " up to " + last + " of " + newest);
            }
        }
    }
}
