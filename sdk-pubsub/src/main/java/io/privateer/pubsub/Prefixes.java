package io.privateer.pubsub;

import java.util.BitSet;
import java.util.List;

/** On which of its prefixes a subscriber has had which lists of positions. Not thread-safe: belongs to one machine. */
final class Prefixes {

    private final List<String> all;

    /** On which prefixes a complete list has come since the connection for data was made. */
    private final BitSet probed = new BitSet();

    /** On which prefixes one has ever come, in any life of the publisher: since then nothing may be missing. */
    private final BitSet joined = new BitSet();

    /** On which prefixes the publisher has said the last word. */
    private final BitSet ended = new BitSet();

    private final long[] partsOf;
    private final BitSet[] partsSeen;

    Prefixes(List<String> all) {
        this.all = all;
        this.partsOf = new long[all.size()];
        this.partsSeen = new BitSet[all.size()];
        for (int i = 0; i < partsSeen.length; i++) {
            partsSeen[i] = new BitSet();
        }
    }

    List<String> all() {
        return all;
    }

    /** Returns whether {@code list} is part of one that names all topics of one of these prefixes. */
    boolean isComplete(DataFrame.Positions list) {
        return list.complete() && all.contains(list.prefix());
    }

    /** Takes part of a complete list, and returns whether no other part of it is missing now. */
    boolean take(DataFrame.Positions list) {
        int index = all.indexOf(list.prefix());
        if (partsOf[index] != list.probe()) {
            partsOf[index] = list.probe();
            partsSeen[index].clear();
        }
        partsSeen[index].set(list.part());
        if (partsSeen[index].cardinality() != list.parts()) {
            return false;
        }
        probed.set(index);
        joined.set(index);
        if (list.last()) {
            ended.set(index);
        }
        return true;
    }

    /** Returns whether nothing on {@code topic} may be missing, from the first message on. */
    boolean isJoined(String topic) {
        for (int i = joined.nextSetBit(0); i >= 0; i = joined.nextSetBit(i + 1)) {
            if (topic.startsWith(all.get(i))) {
                return true;
            }
        }
        return false;
    }

    boolean areAllProbed() {
        return probed.cardinality() == all.size();
    }

    boolean haveAllEnded() {
        return ended.cardinality() == all.size();
    }

    /** The connection for data is another. */
    void forgetProbes() {
        probed.clear();
        for (int i = 0; i < partsOf.length; i++) {
            partsOf[i] = 0;
            partsSeen[i].clear();
        }
    }

    /** The publisher lives again. */
    void forgetEnds() {
        ended.clear();
    }
}
