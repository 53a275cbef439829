package io.privateer.core.transport;

import com.google.common.net.HostAndPort;
import io.privateer.core.PirateException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out whether anybody listens at an endpoint, by a connection that is closed again at once. A refusal means that the
 * machine is there and the process is not; silence means nothing.
 */
public final class ListenProbe {

    private static final Logger log = LoggerFactory.getLogger(ListenProbe.class);

    /** What a probe has found out. */
    public enum Result {
        /** Somebody listens, though perhaps frozen. */
        LISTENS,
        /** The machine says that nobody listens. */
        REFUSED,
        /** No answer in time, no way there, no such name. */
        UNKNOWN
    }

    private ListenProbe() {}

    /**
     * Asks on a thread of its own, and tells on the loop's.
     *
     * @param endpoint {@code tcp://host:port}
     * @param timeout how long to wait for the answer
     */
    public static void ask(EventLoop loop, String endpoint, Duration timeout, Consumer<Result> told) {
        Thread thread = new Thread(() -> tell(loop, told, find(endpoint, timeout)), "privateer-probe");
        thread.setDaemon(true);
        thread.start();
    }

    private static void tell(EventLoop loop, Consumer<Result> told, Result result) {
        try {
            loop.execute(() -> told.accept(result));
        } catch (PirateException e) {
            log.debug("probe came after the end of its loop loop={}", loop.name());
        }
    }

    static Result find(String endpoint, Duration timeout) {
        HostAndPort address = HostAndPort.fromString(endpoint.substring(endpoint.indexOf("//") + 2));
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(address.getHost(), address.getPort()), (int) timeout.toMillis());
            return Result.LISTENS;
        } catch (ConnectException e) {
            // "Timed out" and "refused" are one class in Java; only the latter is an answer of the machine itself.
            return Refusal.TEXT.equals(e.getMessage()) ? Result.REFUSED : Result.UNKNOWN;
        } catch (IOException e) {
            return Result.UNKNOWN;
        }
    }

    /** What a refusal is called here: the system says that in its own language. Found out where surely nobody listens. */
    private static final class Refusal {
        static final String TEXT = find();

        private static String find() {
            try (Socket socket = new Socket()) {
                socket.connect(closedPort());
                return "";
            } catch (IOException e) {
                return String.valueOf(e.getMessage());
            }
        }

        private static SocketAddress closedPort() throws IOException {
            try (ServerSocket opened = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
                return opened.getLocalSocketAddress();
            }
        }
    }
}
