package io.privateer.chaos.hostile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.privateer.core.Message;
import io.privateer.core.TransportFailedException;
import io.privateer.core.transport.EventLoop;
import io.privateer.pirate.LazyPirateClient;
import io.privateer.pirate.PirateListener;
import io.privateer.pirate.PirateQueue;
import io.privateer.pirate.PirateWorker;
import io.privateer.pirate.RequestOptions;
import io.privateer.pirate.WorkerHandler;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.zeromq.SocketType;
import org.zeromq.ZMQ;

/** What an application sees when JeroMQ's I/O thread dies under client, queue and worker. */
class DeadTransportTest {

    @Test
    void everythingOnTheLoopFailsLoudlyAndCloses() throws Exception {
        // given a client that waits for a worker that works, all on one loop
        EventLoop loop = EventLoop.open("doomed");
        CompletableFuture<Throwable> told = new CompletableFuture<>();
        CountDownLatch working = new CountDownLatch(1);
        CountDownLatch done = new CountDownLatch(1);
        PirateQueue queue = PirateQueue.paranoid()
                .frontend("tcp://127.0.0.1:*")
                .backend("tcp://127.0.0.1:*")
                .listener(new PirateListener() {
                    @Override
                    public void onFailed(Throwable cause) {
                        told.complete(cause);
                    }
                })
                .loop(loop)
                .start();
        PirateWorker worker = PirateWorker.builder(WorkerHandler.of(request -> {
                    working.countDown();
                    done.await();
                    return Message.of("too late");
                }))
                .queue(queue.backend())
                .loop(loop)
                .start();
        LazyPirateClient client = LazyPirateClient.builder()
                .endpoints(queue.frontend())
                .options(RequestOptions.defaults().withAttemptTimeout(Duration.ofMinutes(1)))
                .loop(loop)
                .open();
        CompletableFuture<String> reply = CompletableFuture.supplyAsync(() -> client.request("ahoy"));
        assertThat(working.await(5, TimeUnit.SECONDS)).isTrue();
        // when the I/O thread dies
        Error cause = killIoThread(loop);
        // then the waiting call ends with the reason, and so does the next
        await().atMost(Duration.ofSeconds(5)).until(reply::isDone);
        assertThatThrownBy(reply::join)
                .hasCauseInstanceOf(TransportFailedException.class)
                .hasRootCause(cause);
        assertThatThrownBy(() -> client.request("again")).isInstanceOf(TransportFailedException.class);
        // and the queue's owner is told
        assertThat(told.get(5, TimeUnit.SECONDS)).isSameAs(cause);
        assertThat(queue.stats().accepted()).isEqualTo(1);
        // and everything closes in bounded time
        long startNanos = System.nanoTime();
        done.countDown();
        client.close();
        worker.close();
        queue.close();
        loop.close();
        assertThat(Duration.ofNanos(System.nanoTime() - startNanos)).isLessThan(Duration.ofSeconds(12));
    }

    /** Event hooks run on the I/O thread, which survives exceptions of theirs but not errors. */
    private static Error killIoThread(EventLoop loop) throws ReflectiveOperationException {
        Error cause = new AssertionError("planted in the I/O thread");
        Method createSocket = EventLoop.class.getDeclaredMethod("createSocket", SocketType.class);
        createSocket.setAccessible(true);
        loop.call(() -> {
            try {
                ZMQ.Socket socket = (ZMQ.Socket) createSocket.invoke(loop, SocketType.PAIR);
                socket.setLinger(0);
                socket.setEventHook(
                        event -> {
                            throw cause;
                        },
                        ZMQ.EVENT_CONNECT_DELAYED);
                return socket.connect("tcp://127.0.0.1:1");
            } catch (ReflectiveOperationException e) {
                throw new IllegalStateException(e);
            }
        });
        return cause;
    }
}
