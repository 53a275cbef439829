package io.privateer.benchmarks;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.zeromq.SocketType;
import org.zeromq.ZContext;
import org.zeromq.ZMQ.Socket;

/** Plain PUB and SUB, a message a frame that begins with its topic, as the Guide sends the weather. */
final class RawPubSub implements PubSubPeer {

    private static final int TIMEOUT_MILLIS = 10_000;

    private final ZContext context = new ZContext();
    private final Socket publisher = context.createSocket(SocketType.XPUB);
    private final List<Socket> subscribers = new ArrayList<>();

    /** @param highWaterMark more than is ever under way, so that nothing is dropped */
    RawPubSub(int subscriberCount, int highWaterMark) {
        publisher.setSndHWM(highWaterMark);
        int port = publisher.bindToRandomPort("tcp://127.0.0.1");
        for (int i = 0; i < subscriberCount; i++) {
            Socket subscriber = context.createSocket(SocketType.SUB);
            subscriber.setRcvHWM(highWaterMark);
            subscriber.setReceiveTimeOut(TIMEOUT_MILLIS);
            subscriber.subscribe(PublishBench.TOPIC.getBytes(StandardCharsets.UTF_8));
            subscriber.connect("tcp://127.0.0.1:" + port);
            subscribers.add(subscriber);
        }
        publisher.setReceiveTimeOut(TIMEOUT_MILLIS);
        publisher.setXpubVerbose(true); // One word of each subscriber, though they want the same.
        for (int i = 0; i < subscriberCount; i++) {
            if (publisher.recv() == null) {
                throw new IllegalStateException("a plain subscriber did not come within " + TIMEOUT_MILLIS + " ms");
            }
        }
    }

    @Override
    public void publish(String topic, byte[] payload) {
        publisher.send(payload);
    }

    @Override
    public int receive(int subscriber) {
        byte[] message = subscribers.get(subscriber).recv();
        return message == null ? -1 : message.length;
    }

    @Override
    public long missed() {
        return 0;
    }

    @Override
    public void close() {
        context.close();
    }
}
