package io.privateer.pipeline;

import io.privateer.core.wire.PeerId;

/** One connection of a worker or ventilator, as a sink sees it. Loop thread only. */
final class SinkPeer {

    final PipeLink link;
    final PeerId id;
    final boolean isVentilator;
    final ClientPulse pulse;

    /** Of which batch it is to be told what is accepted. */
    private PeerId newsOf;

    private final RangeList news = new RangeList();

    SinkPeer(PipeLink link, PlnReader hello, ClientPulse pulse) {
        this.link = link;
        this.id = hello.peer();
        this.isVentilator = hello.flags() == Pln.ROLE_VENTILATOR;
        this.pulse = pulse;
        this.newsOf = id;
    }

    /** Notes that it is to be told; returns whether there was nothing to tell before. */
    boolean accepted(PeerId batch, int number) {
        if (!batch.equals(newsOf)) {
            tell();
            newsOf = batch;
        }
        boolean first = news.isEmpty();
        news.add(number);
        return first;
    }

    void tell() {
        if (!news.isEmpty()) {
            link.writer.accepted(newsOf, news);
            news.clear();
        }
    }

    @Override
    public String toString() {
        return id.toString();
    }
}
